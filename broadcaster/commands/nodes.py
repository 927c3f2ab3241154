"""``loa nodes``: take nodes into service and out of it."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import segno
from sqlalchemy.orm import Session

from broadcaster.commands.context import CommandContext, parser, run, say, table
from broadcaster.delivery.enrolment import handover, offers
from broadcaster.errors import Conflict
from broadcaster.private_files import write_private
from broadcaster.protocol.codec import encode
from broadcaster.protocol.enrolment import NodeBundle
from broadcaster.refusals.sentences import sentences
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Node, Unit
from broadcaster.station.units import units
from broadcaster.station.vocabulary.names import folded

PRESENCE = {
    "online": "đang kết nối",
    "offline": "mất kết nối",
    "unknown": "chưa rõ",
    "never": "chưa kết nối",
    "elsewhere": "nghe máy đài khác",
}


def main(argv: Sequence[str]) -> int:
    made = parser("nodes", "Thêm, xem, thu hồi cụm loa.")
    commands = made.add_subparsers(required=True)
    add = commands.add_parser("add", help="thêm một cụm loa và ghi tệp cài đặt của nó")
    add.add_argument("name", help="tên cụm loa, ví dụ “Cụm loa Lủng Pảng”")
    add.add_argument("--unit", required=True, help="thôn hoặc xã nơi đặt cụm loa")
    add.add_argument("--id", help="mã cụm loa; mặc định làm từ tên")
    add.add_argument("--place", default="", help="chỗ đặt, ví dụ “cột điện trước nhà văn hóa”")
    add.add_argument("--weak", action="store_true", help="đường truyền yếu")
    _output(add)
    add.set_defaults(work=_add)
    renew = commands.add_parser("renew", help="cấp lại mật khẩu và tệp cài đặt, khi thay thẻ nhớ")
    renew.add_argument("id")
    _output(renew)
    renew.set_defaults(work=_renew)
    commands.add_parser("list", help="xem các cụm loa").set_defaults(work=_list)
    revoke = commands.add_parser("revoke", help="thu hồi: cụm loa không vào được hệ thống nữa")
    revoke.add_argument("id")
    revoke.set_defaults(work=_revoke)
    return run(made, argv)


def _output(made: argparse.ArgumentParser) -> None:
    made.add_argument("-o", "--output", type=Path, help="tệp cài đặt sẽ ghi; mặc định là MÃ.bundle.json")
    made.add_argument("--code", action="store_true", help="in mã dùng một lần trong 24 giờ thay cho tệp cài đặt")
    made.add_argument("--force", action="store_true", help="ghi đè tệp đã có")


def _add(context: CommandContext, arguments: argparse.Namespace) -> None:
    if arguments.output and not arguments.code:
        _check_free(arguments.output, arguments.force)
    with context.database.session() as s:
        unit = _unit(units.tree(s), arguments.unit)
        node, password = nodes.add_node(
            s,
            name=arguments.name,
            unit_id=unit.id,
            by=None,
            now_at=context.now_at,
            weak_link=arguments.weak,
            node_id=arguments.id,
            place=arguments.place,
        )
        _write(s, context, arguments, node=node, password=password)


def _renew(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        node = nodes.get(s, arguments.id)
        password = nodes.new_password(s, node=node, by=None, now_at=context.now_at)
        _write(s, context, arguments, node=node, password=password)


def _list(context: CommandContext, _arguments: argparse.Namespace) -> None:
    with context.database.reading() as s:
        views = nodes.board(s, now_at=context.now_at)
        rows = [("MÃ", "TÊN", "ĐƠN VỊ", "TÌNH TRẠNG", "CẦN CHÚ Ý")]
        rows += [
            (view.node.id, view.node.name, view.node.unit.name, PRESENCE[view.presence], sentences(view.reasons))
            for view in views
        ]
    table(rows)


def _revoke(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        node = nodes.get(s, arguments.id)
        nodes.revoke_node(s, node=node, by=None, now_at=context.now_at)
    say(f"Đã thu hồi {node.name}. Broker sẽ ngắt cụm loa này trong vài giây.")


def _write(s: Session, context: CommandContext, arguments: argparse.Namespace, *, node: Node, password: str) -> None:
    """Before the database commits: a node whose bundle could not be written must not exist."""
    bundle = handover.bundle(s, context.config, node=node, password=password)
    if arguments.code:
        _offer(context, bundle)
        return
    path = arguments.output or Path(f"{node.id}.bundle.json")
    _check_free(path, arguments.force)
    try:
        write_private(path, encode(bundle).decode())
    except OSError as error:
        raise Conflict("bundle.not_written", path=path, cause=error.strerror) from None
    say(f"Đã ghi tệp cài đặt của {node.name}: {path}")
    say("Tệp này là bí mật. Chép nó sang máy của cụm loa rồi chạy: loa node --bundle " + path.name)


def _offer(context: CommandContext, bundle: NodeBundle) -> None:
    code = str(offers.offer(context.config, bundle, now_at=context.now_at))
    segno.make_qr(code).terminal(sys.stdout, compact=True)
    say(f"Mã cấp cho {bundle.name}, dùng một lần trong 24 giờ, khi đài đang chạy:")
    say(f"  {code}")
    say(f"Trên máy của cụm loa chạy: loa node enrol {code} --output {bundle.node}.json")


def _check_free(path: Path, force: bool) -> None:
    if path.exists() and not force:
        raise Conflict("bundle.exists", path=path)


def _unit(known: Sequence[Unit], wanted: str) -> Unit:
    for unit in known:
        if folded(wanted) in {unit.id, folded(unit.name), *map(folded, unit.aliases)}:
            return unit
    names = ", ".join(unit.name for unit in known)
    raise Conflict("unit.not_among", unit=wanted, known=names)
