"""``loa releases``: newer programs for the nodes over the air."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from broadcaster.commands.context import CommandContext, parser, run, say, table
from broadcaster.commands.users import find as find_person
from broadcaster.errors import Invalid
from broadcaster.protocol.release import ReleaseWheel
from broadcaster.refusals.reasons import word
from broadcaster.refusals.sentences import sentence
from broadcaster.station.releases import progress, releases, wheels
from broadcaster.station.releases.wheels import SentFile
from broadcaster.station.schema import NodeRelease

STAGES = {
    "uploaded": "chưa phát hành",
    "canary": "cụm loa thử trước",
    "tenth": "một phần mười",
    "all": "tất cả",
    "stopped": "đã dừng vì lỗi",
    "withdrawn": "đã rút",
}


def main(argv: Sequence[str]) -> int:
    """``loa releases add|list|start|pause|resume|withdraw``."""
    made = parser("releases", "Bản cập nhật cụm loa qua mạng. Người tải lên và người phát hành phải là hai người.")
    commands = made.add_subparsers(required=True)
    add = commands.add_parser("add", help="nhận các tệp .whl của một bản")
    add.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add.add_argument("--quiet-only", action="store_true", help="chỉ tải và cài trong giờ yên lặng")
    _by(add)
    add.set_defaults(work=_add)
    listing = commands.add_parser("list", help="xem các bản, đợt phát và từng cụm loa")
    listing.set_defaults(work=_list)
    start = commands.add_parser("start", help="phát hành: các cụm loa thử trước, rồi một phần mười, rồi tất cả")
    start.add_argument("program", metavar="BẢN")
    start.add_argument(
        "--canary", action="append", required=True, metavar="CỤM", help="cụm loa thử trước; lặp lại được"
    )
    start.add_argument("--hours", type=int, default=24, help="giờ chạy tốt trước đợt sau (mặc định 24)")
    _by(start)
    start.set_defaults(work=_start)
    for name, what in (("pause", "tạm dừng"), ("resume", "tiếp tục"), ("withdraw", "rút lại, không phát nữa")):
        command = commands.add_parser(name, help=what)
        command.add_argument("program", metavar="BẢN")
        _by(command)
        command.set_defaults(work=_act, act=name)
    return run(made, argv)


def _by(made: argparse.ArgumentParser) -> None:
    made.add_argument("--by", required=True, metavar="TÊN", help="tên đăng nhập của người làm việc này")


def _add(context: CommandContext, arguments: argparse.Namespace) -> None:
    files = [_taken_in(context.config.data_dir, each) for each in arguments.files]
    with context.database.session() as s:
        release = releases.add(
            s,
            files=files,
            quiet_only=arguments.quiet_only,
            by=find_person(s, arguments.by),
            now_at=context.now_at,
        )
        say(f"Đã nhận bản {release.program}. Một người khác phát hành: loa releases start {release.program} --by …")


def _taken_in(data_dir: Path, file: Path) -> ReleaseWheel:
    try:
        with file.open("rb") as content:
            return wheels.keep(data_dir, SentFile(file.name, content))
    except OSError as error:
        raise Invalid("release.no_wheel", field="files", file=file) from error


def _list(context: CommandContext, _: argparse.Namespace) -> None:
    with context.database.reading() as s:
        found = releases.listing(s)
        if not found:
            say("Chưa có bản cập nhật nào.")
        for release in found:
            _show(s, release)


def _show(s: Session, release: NodeRelease) -> None:
    rest = " (tạm dừng)" if release.paused else ""
    say(f"{release.program}: {STAGES[release.stage]}{rest}; {release.uploaded_by.full_name} tải lên")
    if release.stop_reason:
        say("  " + sentence(release.stop_reason, "vi"))
    rows = [["  cụm loa", "đợt", "tình trạng"]]
    for member in progress.members(s, release):
        state = "đã chạy" if member.confirmed_at else "đang chờ"
        state = sentence(word("release_failure", member.failure), "vi") if member.failure else state
        rows.append([f"  {member.node_id}", STAGES[member.wave], state])
    if len(rows) > 1:
        table(rows)


def _start(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        releases.start(
            s,
            release=releases.find(s, arguments.program),
            canaries=arguments.canary,
            hours=arguments.hours,
            by=find_person(s, arguments.by),
            now_at=context.now_at,
        )
    say(f"Đã phát hành bản {arguments.program}.")


def _act(context: CommandContext, arguments: argparse.Namespace) -> None:
    act = {"pause": releases.pause, "resume": releases.resume, "withdraw": releases.withdraw}[arguments.act]
    with context.database.session() as s:
        release = releases.find(s, arguments.program)
        act(s, release=release, by=find_person(s, arguments.by), now_at=context.now_at)
    say(f"Đã ghi: {arguments.program}.")
