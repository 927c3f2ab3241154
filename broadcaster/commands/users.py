"""``loa users``: logins of the console."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from broadcaster.commands.context import CommandContext, parser, run, say, table
from broadcaster.errors import Invalid, NotFound
from broadcaster.station.people import people, second_factor
from broadcaster.station.schema import Person
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import Role, UnitKind


def main(argv: Sequence[str]) -> int:
    made = parser("users", "Người dùng và mật khẩu.")
    commands = made.add_subparsers(required=True)
    add = commands.add_parser("add", help="thêm người dùng; mật khẩu được in ra một lần")
    add.add_argument("username")
    add.add_argument("--name", help="họ tên; mặc định là tên đăng nhập")
    add.add_argument("--role", action="append", required=True, choices=list(Role), help="vai trò; lặp lại được")
    add.add_argument("--unit", help="mã đơn vị; mặc định là xã")
    _password(add)
    add.set_defaults(work=_add)
    commands.add_parser("list", help="xem người dùng").set_defaults(work=_list)
    for name, work, what in (
        ("disable", _disable, "khóa tài khoản ngay, mọi phiên đăng nhập kết thúc"),
        ("enable", _enable, "mở khóa tài khoản"),
        ("password", _set_password, "đặt mật khẩu mới, in ra một lần"),
        ("one-factor", _one_factor, "tắt bảo vệ hai lớp của người mất cả điện thoại lẫn mã giấy"),
    ):
        command = commands.add_parser(name, help=what)
        command.add_argument("username")
        command.set_defaults(work=work)
        if name == "password":
            _password(command)
    return run(made, argv)


def find(s: Session, username: str) -> Person:
    """Raises NotFound."""
    person = people.find(s, username)
    if person is None:
        raise NotFound("person.unknown", username=username)
    return person


def _password(made: argparse.ArgumentParser) -> None:
    made.add_argument("--password-stdin", action="store_true", help="đọc mật khẩu từ đầu vào thay vì tự tạo")


def _given(arguments: argparse.Namespace) -> str | None:
    return sys.stdin.readline().rstrip("\r\n") if arguments.password_stdin else None


def _add(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        unit = arguments.unit or _commune(s, now_at=context.now_at)
        person, password = people.add_person(
            s,
            username=arguments.username,
            full_name=arguments.name or arguments.username,
            password=_given(arguments),
            roles=[(unit, role) for role in arguments.role],
            by=None,
            now_at=context.now_at,
        )
    say(f"Đã thêm {person.username}.")
    _tell(arguments, password)


def _commune(s: Session, *, now_at: datetime) -> str:
    communes = [unit.id for unit in units.tree(s) if unit.kind is UnitKind.COMMUNE]
    if not communes:
        return units.add_unit(s, name="Xã của tôi", kind="commune", now_at=now_at).id
    if len(communes) > 1:
        raise Invalid("unit.several_communes", field="unit", communes=communes)
    return communes[0]


def _list(context: CommandContext, _arguments: argparse.Namespace) -> None:
    with context.database.reading() as s:
        rows = [("TÊN ĐĂNG NHẬP", "HỌ TÊN", "VAI TRÒ", "TÌNH TRẠNG")]
        for person in people.listing(s):
            roles = ", ".join(f"{each.role} ({each.unit.name})" for each in person.memberships)
            rows.append((person.username, person.full_name, roles, "bị khóa" if person.disabled_at else "hoạt động"))
    table(rows)


def _disable(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        people.disable(s, person=find(s, arguments.username), by=None, now_at=context.now_at)
    say(f"Đã khóa {arguments.username}.")


def _enable(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        people.enable(s, person=find(s, arguments.username), by=None, now_at=context.now_at)
    say(f"Đã mở khóa {arguments.username}.")


def _set_password(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        person = find(s, arguments.username)
        password = people.set_password(s, person=person, password=_given(arguments), by=None, now_at=context.now_at)
    say(f"Đã đặt mật khẩu mới cho {arguments.username}.")
    _tell(arguments, password)


def _one_factor(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        second_factor.disable(s, person=find(s, arguments.username), by=None, now_at=context.now_at)
    say(f"{arguments.username} đăng nhập chỉ bằng mật khẩu. Hãy nhắc bật lại bảo vệ hai lớp.")


def _tell(arguments: argparse.Namespace, password: str) -> None:
    if not arguments.password_stdin:
        say(f"Mật khẩu (chỉ hiện một lần): {password}")
