"""``loa exchange``: joins a level above by its code, shows the levels, leaves one; translates for other platforms."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from broadcaster.commands.context import CommandContext, guarded, parser, run, say, table
from broadcaster.commands.users import find
from broadcaster.errors import Invalid, LoaError, Unavailable
from broadcaster.exchange import mapping
from broadcaster.exchange.link import Commune, UpperLink
from broadcaster.refusals.sentences import sentence
from broadcaster.station.exchange import reporting, upper_levels
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.schema import UpperLevel
from broadcaster.station.vocabulary.local_time import spoken_time


def main(argv: Sequence[str]) -> int:
    made = parser("exchange", "Nhận bản tin cấp trên và báo cáo lên: các cấp mà đài này theo.")
    commands = made.add_subparsers(required=True)
    join = commands.add_parser("join", help="theo một cấp trên bằng mã một lần do cấp trên giao")
    join.add_argument("code", metavar="MÃ")
    join.add_argument("--user", required=True, help="tên đăng nhập của người quản trị làm việc này")
    join.set_defaults(work=_join)
    commands.add_parser("list", help="xem các cấp trên").set_defaults(work=_list)
    leave = commands.add_parser("leave", help="thôi theo một cấp trên")
    leave.add_argument("id")
    leave.add_argument("--user", required=True, help="tên đăng nhập của người quản trị làm việc này")
    leave.set_defaults(work=_leave)
    translate = commands.add_parser(
        "translate", help="đổi trường của một nền tảng tỉnh theo tệp ánh xạ, từ stdin ra stdout"
    )
    translate.add_argument("file", type=Path, metavar="TỆP")
    translate.add_argument("part", choices=["items", "reports"])
    if argv[:1] == ["translate"]:
        arguments = made.parse_args(argv)
        return guarded(lambda: _translate(arguments.file, arguments.part))
    return run(made, argv)


def commune(context: CommandContext) -> Commune:
    """This station as it shows itself above."""
    config = context.config
    return Commune(
        database=context.database,
        identity=StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id),
        clips_dir=config.clips_dir,
        clock=lambda: context.now_at,
        name=config.station.name,
        most_sound_bytes=config.audio.largest_upload_megabytes * 1_000_000,
    )


def _join(context: CommandContext, arguments: argparse.Namespace) -> None:
    """A code that is refused leaves nothing behind; one that could not be sent waits for the station to go on."""
    own = commune(context)
    with context.database.session() as s:
        by = find(s, arguments.user)
        level = upper_levels.add(s, arguments.code, sealer=own.sealer, by=by, now_at=context.now_at)
    try:
        joined = UpperLink(own, level.id).join()
    except Unavailable as error:
        say(f"{sentence(error.reason)} Mã đã được ghi lại.")
        return
    except LoaError:
        with context.database.session() as s:
            current = upper_levels.get(s, level.id)
            upper_levels.close(s, level=current, by=find(s, arguments.user), now_at=context.now_at)
        raise
    say(f"Đã theo {joined.name} ({joined.upper}). Bản tin của cấp này từ nay hiện ở trang “Bản tin cấp trên”.")


def _list(context: CommandContext, _arguments: argparse.Namespace) -> None:
    with context.database.reading() as s:
        rows = [("MÃ SỐ", "CẤP TRÊN", "ĐỊA CHỈ", "TRẢ LỜI LẦN CUỐI", "CHỜ BÁO CÁO", "TRỞ NGẠI")]
        rows += [_line(each, reporting.waiting_count(s, each)) for each in upper_levels.listing(s)]
    table(rows)


def _leave(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        level = upper_levels.get(s, arguments.id)
        upper_levels.close(s, level=level, by=find(s, arguments.user), now_at=context.now_at)
    say("Đã thôi theo cấp này.")


def _translate(file: Path, part: str) -> None:
    """``items``: a whole document in, a body a line out; ``reports``: the API's list or a report a line in, one a line
    out."""
    known = mapping.read(file)
    if part == "items":
        for item in mapping.items(known, _json(sys.stdin.read())):
            say(json.dumps(item, ensure_ascii=False))
        return
    text = sys.stdin.read()
    stated = _json(text) if text.lstrip().startswith("[") else map(_json, filter(str.strip, text.splitlines()))
    for each in stated:
        if not isinstance(each, dict):
            raise Invalid("mapping.not_json", field="stdin", cause=each)
        say(json.dumps(mapping.report(known, each), ensure_ascii=False))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Invalid("mapping.not_json", field="stdin", cause=error) from None


def _line(level: UpperLevel, waiting: int) -> tuple[str, str, str, str, str, str]:
    asked = spoken_time(level.asked_at) if level.asked_at else "chưa"
    trouble = sentence(level.trouble) if level.trouble else ""
    return (level.id, level.name, level.url, asked, str(waiting), trouble)
