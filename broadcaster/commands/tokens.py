"""``loa tokens``: keys for programs that use the API."""

import argparse
from collections.abc import Sequence

from broadcaster.commands.context import CommandContext, parser, run, say, table
from broadcaster.commands.users import find
from broadcaster.station.people import tokens
from broadcaster.station.people.roles import Permission
from broadcaster.station.schema import ApiToken
from broadcaster.station.vocabulary.local_time import spoken_time


def main(argv: Sequence[str]) -> int:
    made = parser("tokens", "Mã truy cập API.")
    commands = made.add_subparsers(required=True)
    add = commands.add_parser("add", help="tạo mã mới với quyền của một người; in ra một lần")
    add.add_argument("--user", required=True, help="tên đăng nhập")
    add.add_argument("--name", required=True, help="dùng để làm gì")
    add.add_argument("--days", type=int, default=365, help="số ngày có hiệu lực (mặc định 365)")
    add.add_argument(
        "--scope",
        action="append",
        choices=[each.value for each in Permission],
        help="chỉ được dùng vào việc này; lặp lại cho nhiều việc (mặc định: mọi việc người đó được làm)",
    )
    add.set_defaults(work=_add)
    commands.add_parser("list", help="xem các mã").set_defaults(work=_list)
    revoke = commands.add_parser("revoke", help="thu hồi một mã")
    revoke.add_argument("id")
    revoke.set_defaults(work=_revoke)
    return run(made, argv)


def _add(context: CommandContext, arguments: argparse.Namespace) -> None:
    """The token alone on its line, so that a script can take it."""
    with context.database.session() as s:
        person = find(s, arguments.user)
        token = tokens.add_token(
            s,
            person=person,
            name=arguments.name,
            now_at=context.now_at,
            days=arguments.days,
            scopes=arguments.scope,
        )
    say(token)


def _list(context: CommandContext, _arguments: argparse.Namespace) -> None:
    with context.database.reading() as s:
        rows = [("MÃ SỐ", "NGƯỜI DÙNG", "TÊN", "TÌNH TRẠNG")]
        rows += [(each.id, each.person.username, each.name, _state(each, context)) for each in tokens.listing(s)]
    table(rows)


def _revoke(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.session() as s:
        tokens.revoke_token(s, token_id=arguments.id, by=None, now_at=context.now_at)
    say("Đã thu hồi.")


def _state(token: ApiToken, context: CommandContext) -> str:
    if token.revoked_at is not None:
        return "đã thu hồi"
    if token.expires_at is None:
        return "không thời hạn"
    return f"{'hết hạn từ' if context.now_at >= token.expires_at else 'dùng được đến'} {spoken_time(token.expires_at)}"
