"""``loa audit``: the audit trail against itself and against the heads that others hold."""

import argparse
import json
import re
from collections.abc import Sequence

from broadcaster.commands.context import CommandContext, parser, run, say
from broadcaster.delivery import head_inquiry
from broadcaster.delivery.broker.choice import choose
from broadcaster.errors import Conflict, Invalid
from broadcaster.protocol.agenda import AuditHead
from broadcaster.refusals.sentences import sentence
from broadcaster.station.audit import entries as audit
from broadcaster.station.audit import heads
from broadcaster.station.audit.entries import Problem
from broadcaster.station.audit.heads import Held
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.station_key import StationIdentity

_HEAD = re.compile(r"(\d{1,15}):([0-9a-f]{64})", re.ASCII)


def main(argv: Sequence[str]) -> int:
    made = parser("audit", "Sổ kiểm tra: có bị sửa không, so với đầu sổ mà các cụm loa, báo cáo và bản sao lưu giữ.")
    commands = made.add_subparsers(required=True)
    verify = commands.add_parser("verify", help="kiểm tra cả sổ; nêu mục đầu tiên không khớp")
    verify.add_argument("--json", action="store_true", help="kết quả cho máy đọc")
    verify.add_argument(
        "--head", action="append", default=[], metavar="SỐ:MÃ", help="đầu sổ ghi trên giấy, lặp lại được"
    )
    verify.add_argument("--offline", action="store_true", help="không hỏi broker; chỉ so với những gì đài đã lưu")
    verify.set_defaults(work=_verify)
    accept = commands.add_parser("accept", help="sau khi khôi phục bản sao lưu: ghi nhận những đầu sổ không còn khớp")
    accept.add_argument("--reason", required=True, help="vì sao, ghi vào sổ")
    accept.set_defaults(work=_accept)
    return run(made, argv)


def _verify(context: CommandContext, arguments: argparse.Namespace) -> None:
    others = [_typed(each) for each in arguments.head]
    asked = None if arguments.offline else _asked(context)
    with context.database.reading() as s:
        problems = audit.verify(s, [*others, *(asked or ())])
        end = heads.head(s)
    if arguments.json:
        say(json.dumps(_plain(problems, end, asked), ensure_ascii=False))
    else:
        _tell(problems, end, asked)
    if problems:
        raise Conflict("audit.not_whole", number=problems[0].number)


def _accept(context: CommandContext, arguments: argparse.Namespace) -> None:
    if not arguments.reason.strip():
        raise Invalid("audit.no_reason", field="reason")
    with context.database.session() as s:
        found = heads.open_heads(s)
        if not found:
            raise Conflict("audit.nothing_to_accept")
        details = {"heads": [list(each.key) for each in found], "reason": arguments.reason.strip()[:1000]}
        audit.record(s, by=None, action=heads.ACCEPTED, subject="audit:trail", now_at=context.now_at, details=details)
    say(f"Đã ghi vào sổ: {len(found)} đầu sổ không còn khớp được biết đến.")


def _asked(context: CommandContext) -> list[Held] | None:
    config = context.config
    identity = StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id)
    with context.database.reading() as s:
        known = [node.id for node in nodes.listing(s)]
    return head_inquiry.ask(choose(config).access, identity, nodes=known)


def _typed(text: str) -> Held:
    """``412:9f…`` as it stands on a report. Raises Invalid."""
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise Invalid("audit.head_malformed", field="head", head=text[:80])
    return Held(AuditHead(entry=int(found[1]), hash=found[2]), "--head")


def _tell(problems: Sequence[Problem], end: AuditHead | None, asked: Sequence[Held] | None) -> None:
    for problem in problems[:50]:
        say(f"Mục {problem.number}: {sentence(problem.reason)}")
    if asked is None:
        say("Chưa hỏi được broker: chỉ so với những đầu sổ mà đài đã lưu.")
    else:
        say(f"Đã hỏi broker: {len(asked)} cụm loa nói lại đầu sổ của mình.")
    if end is not None:
        say(f"Đầu sổ: {end.entry}:{end.hash}")
    if not problems:
        say("Sổ kiểm tra liền mạch và khớp với mọi đầu sổ.")


def _plain(problems: Sequence[Problem], end: AuditHead | None, asked: Sequence[Held] | None) -> dict[str, object]:
    return {
        "whole": not problems,
        "first": problems[0].number if problems else None,
        "head": {"entry": end.entry, "hash": end.hash} if end else None,
        "broker_asked": asked is not None,
        "problems": [
            {"number": each.number, "code": each.reason.code, "sentence": sentence(each.reason)} for each in problems
        ],
    }
