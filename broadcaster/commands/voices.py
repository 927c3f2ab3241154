"""``loa voices``: voices of this machine, taken in, looked over, removed."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from broadcaster.config import Config, load
from broadcaster.errors import Invalid, LoaError, NotFound
from broadcaster.refusals.sentences import terminal_line
from broadcaster.speech.engines.espeak import VOICES as ESPEAK_VOICES
from broadcaster.speech.engines.voice_files import add_voice, voice_files
from broadcaster.speech.listener.model_files import model_folder
from broadcaster.speech.packs import shelf
from broadcaster.speech.packs.adding import add_pack, check_pack
from broadcaster.speech.packs.archive import ENDINGS
from broadcaster.speech.packs.shelf import InstalledPack
from broadcaster.speech.packs.trial import in_own_process


def voices(argv: Sequence[str]) -> int:
    """``loa voices add|list|check|remove``; exit code 0, or 1 with the reason on stderr."""
    arguments = _parser().parse_args(argv)
    try:
        config = load()
        match arguments.action:
            case "add":
                _add(config, arguments.file, sha256=arguments.sha256)
            case "check":
                return _check(config, arguments.pack)
            case "remove":
                shelf.remove(config.data_dir / "voices", arguments.pack)
                print(f"Đã bỏ gói giọng {arguments.pack}.")
            case _:
                _list(config, as_json=arguments.json)
    except LoaError as error:
        print(terminal_line(error), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa voices", description="Xem, thêm, kiểm tra và bỏ giọng đọc.")
    actions = parser.add_subparsers(dest="action", required=True)
    listing = actions.add_parser("list", help="xem các giọng trên máy này")
    listing.add_argument("--json", action="store_true", help="in dạng JSON")
    adding = actions.add_parser("add", help="thêm một gói giọng (.zip, .tar) hay tệp Piper (.onnx) đã tải về")
    adding.add_argument("file", type=Path, metavar="FILE", help="gói giọng, tệp .onnx, hoặc thư mục USB có gói giọng")
    adding.add_argument("--sha256", metavar="MÃ", help="mã sha256 do nơi phát hành công bố, cho tệp .onnx")
    checking = actions.add_parser("check", help="kiểm tra lại các gói giọng đã thêm")
    checking.add_argument("pack", nargs="?", default="", metavar="GÓI", help="chỉ gói này")
    removing = actions.add_parser("remove", help="bỏ một gói giọng")
    removing.add_argument("pack", metavar="GÓI", help="mã gói, như loa voices list in ra")
    return parser


def _add(config: Config, file: Path, *, sha256: str | None) -> None:
    voices_dir = config.data_dir / "voices"
    if file.suffix == ".onnx":
        added = add_voice(file, folder=voices_dir, sha256=sha256)
        print(f"Đã thêm giọng {added.name} (sha256 {added.sha256}).")
        return
    pack = add_pack(_archive(file), voices_dir=voices_dir, trial=in_own_process(_listener(config)))
    print(f"Đã thêm gói giọng {pack.manifest.name} ({pack.manifest.id}).")
    _print_pack(pack)


def _archive(file: Path) -> Path:
    """The pack itself; in a folder, such as a stick, the one pack there. Raises Invalid."""
    if not file.is_dir():
        return file
    found = sorted(each for each in file.iterdir() if each.name.endswith(ENDINGS) and each.is_file())
    if len(found) != 1:
        raise Invalid("pack.choose_one", folder=file, found=[each.name for each in found[:8]])
    return found[0]


def _listener(config: Config) -> Path | None:
    from broadcaster.speech.listener.whisper import is_installed

    return model_folder(config.data_dir / "listener") if is_installed() else None


def _check(config: Config, pack_id: str) -> int:
    """1 when one of them may not be used as it is."""
    packs = [each for each in shelf.installed(config.data_dir / "voices") if pack_id in ("", each.manifest.id)]
    if pack_id and not packs:
        raise NotFound("pack.unknown", pack=pack_id)
    worst = 0
    for pack in packs:
        try:
            _print_pack(check_pack(pack, trial=in_own_process(_listener(config))))
        except LoaError as error:
            print(f"{pack.manifest.id}: {terminal_line(error)}", file=sys.stderr)
            worst = 1
    return worst


def _list(config: Config, *, as_json: bool) -> None:
    packs = shelf.installed(config.data_dir / "voices")
    if as_json:
        print(json.dumps([_facts(each) for each in packs], ensure_ascii=False))
        return
    print("\n".join(f"espeak\t{region}\t{name}" for region, name in ESPEAK_VOICES.items()))
    print("gtts\tnorth\tvi")
    for each in voice_files(config.data_dir / "voices"):
        print(f"piper\tnorth\t{each.name}\t{each.sha256}")
    for pack in packs:
        for speaker in pack.manifest.speakers:
            print(f"pack\t{speaker.region}\t{pack.manifest.id}/{speaker.id}\t{speaker.name}")


def _facts(pack: InstalledPack) -> dict[str, Any]:
    manifest = asdict(pack.manifest)
    chosen = ("id", "name", "version", "engine", "sample_rate", "speakers", "licence", "source")
    return {name: manifest[name] for name in chosen} | {"examined": asdict(pack.examined), "bytes": pack.size_bytes}


def _print_pack(pack: InstalledPack) -> None:
    manifest, examined = pack.manifest, pack.examined
    print(f"{manifest.id} {manifest.version}: {len(manifest.speakers)} giọng, {pack.size_bytes / 1e6:.0f} MB,")
    print(f"  nhanh gấp {examined.real_time_factor} lần lời nói, {examined.syllables_a_minute} tiếng một phút")
    if examined.surprise_nats is not None:
        print(f"  máy nghe: {examined.surprise_nats} nat mỗi tiếng (thấp hơn là rõ hơn)")
    print(f"  giấy phép {manifest.licence.name}: {manifest.licence.limits}")
