"""``loa node``: the daemon on the node."""

import argparse
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from speaker_node.agent import Agent
from speaker_node.errors import NodeError
from speaker_node.memory.memory_fallback import memory_folder
from speaker_node.releases.launch_state import ROOT
from speaker_node.releases.launcher import LAUNCHED
from speaker_node.releases.trial import Trial
from speaker_node.sentences import language_of, sentence
from speaker_node.setup.installation import InstallTarget, install, run_checked, this_program
from speaker_node.setup.settings import LocalSettings, read_bundle, read_overrides, with_overrides

OK = 0
UNUSABLE = 2
"""Exit code when settings, bundle or card do not let the node start."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or Ctrl-C, or install; the exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    others = {"install": _install, "enrol": _enrol, "first-boot": _first_boot}
    if arguments and arguments[0] in others:
        return others[arguments[0]](arguments[1:])
    return _node(arguments)


def _node(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.INFO,
        format="%(asctime)s %(name)s %(levelname)s %(message)s",
        stream=sys.stderr,
    )
    try:
        agent = Agent(settings_from(options))
    except (NodeError, OSError) as error:
        _print_refusal("loa node", error)
        with suppress(OSError):  # settings or card are not the program's fault, unless it is on trial
            Trial(options.data / ROOT, os.environ.get(LAUNCHED, "")).ended_politely()
        return UNUSABLE
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: agent.stop())
    agent.run()
    return OK


def _install(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="loa node install", description="Cài cụm loa để tự chạy khi bật máy.")
    parser.add_argument("--bundle", type=Path, required=True, metavar="FILE", help="tệp do 'loa nodes add' ghi ra")
    parser.add_argument("--root", type=Path, default=Path("/"), metavar="DIR", help="hệ thống tệp để cài vào")
    options = parser.parse_args(arguments)
    place = InstallTarget(root=options.root, program=this_program())
    try:
        install(options.bundle, place, run=run_checked)
    except (NodeError, OSError, subprocess.CalledProcessError) as error:
        _print_refusal("loa node install", error)
        return UNUSABLE
    _print("command.installed", unit=place.unit, data=place.data)
    return OK


def _enrol(arguments: Sequence[str]) -> int:
    # Imported here: what speaks HTTPS costs megabytes that a node at work has no use for.
    from speaker_node.setup.enrolment import enrol

    parser = argparse.ArgumentParser(prog="loa node enrol", description="Nhận tệp cài đặt từ đài bằng mã một lần.")
    parser.add_argument("code", metavar="CODE", help="mã do 'loa nodes add --code' in ra")
    parser.add_argument("-o", "--output", type=Path, default=Path("bundle.json"), metavar="FILE", help="tệp sẽ ghi")
    options = parser.parse_args(arguments)
    try:
        bundle = enrol(options.code, options.output)
    except (NodeError, OSError) as error:
        _print_refusal("loa node enrol", error)
        return UNUSABLE
    _print("command.enrolled", name=bundle.name, path=options.output)
    _print("command.enrolled_next", path=options.output)
    return OK


def _first_boot(arguments: Sequence[str]) -> int:
    """Again until it succeeds: whoever starts it starts it anew when it ends with another code than 0."""
    from speaker_node.setup import first_boot
    from speaker_node.setup.enrolment import enrol

    parser = argparse.ArgumentParser(prog="loa node first-boot", description="Thẻ mới ghi thành cụm loa.")
    parser.add_argument("--file", type=Path, default=Path("/boot/firmware/loa.txt"), help="tệp có mã, Wi-Fi, APN")
    parser.add_argument("--bundle", type=Path, default=Path("/var/lib/loa-node/bundle.json"), help="tệp sẽ ghi")
    parser.add_argument("--connections", type=Path, default=Path("/etc/NetworkManager/system-connections"))
    options = parser.parse_args(arguments)
    try:
        if not options.bundle.exists():
            wanted = first_boot.read(options.file)
            first_boot.connect(wanted, options.connections, run=first_boot.run_quietly)
            _print("command.enrolled", name=enrol(wanted.code, options.bundle).name, path=options.bundle)
        first_boot.forget(options.file)
    except (NodeError, OSError) as error:
        _print_refusal("loa node first-boot", error)
        return UNUSABLE
    return OK


def settings_from(options: argparse.Namespace) -> LocalSettings:
    """Bundle, then ``node.toml`` in the data folder, then the command line. Raises SettingsRefused."""
    plain = LocalSettings(
        bundle=read_bundle(options.bundle),
        data=options.data,
        memory=memory_folder(os.environ),
        launched=os.environ.get(LAUNCHED, ""),
    )
    settings = with_overrides(plain, read_overrides(options.settings or options.data / "node.toml"))
    named = ("sound", "trust_clock", "volume_percent", "quota_mb", "offset_ms", "keep_files", "usb")
    given = {name: value for name in named if (value := getattr(options, name)) is not None}
    return with_overrides(settings, given)


def _print(code: str, **facts: object) -> None:
    print(sentence(code, {name: str(fact) for name, fact in facts.items()}, language_of(os.environ)))


def _print_refusal(program: str, error: Exception) -> None:
    words = sentence(error.code, error.facts, language_of(os.environ)) if isinstance(error, NodeError) else str(error)
    print(f"{program}: {words}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa node", description="Chạy một cụm loa.")
    parser.add_argument("--bundle", type=Path, required=True, metavar="FILE", help="tệp do 'loa nodes add' ghi ra")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="nơi giữ tệp phát, lịch và sổ phát")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="cài đặt riêng (mặc định: DIR/node.toml)")
    parser.add_argument("--sound", metavar="KIND", help="alsa, alsa:<thiết bị> hoặc file")
    parser.add_argument("--trust-clock", action="store_true", default=None, help="tin đồng hồ của máy này")
    parser.add_argument("--volume", dest="volume_percent", type=int, metavar="PERCENT", help="âm lượng cao nhất, 0-100")
    parser.add_argument("--quota-mb", type=int, metavar="MB", help="chỗ dành cho tệp phát")
    parser.add_argument("--offset-ms", type=int, metavar="MS", help="độ trễ của loa mà card âm thanh không biết")
    parser.add_argument("--keep-files", type=int, metavar="N", help="số tệp ghi lại khi --sound file")
    parser.add_argument("--usb", metavar="DIR", help="thư mục loa-lang trên USB; mặc định tự tìm, off là không dùng")
    parser.add_argument("-v", "--verbose", action="store_true", help="ghi nhật ký chi tiết")
    return parser
