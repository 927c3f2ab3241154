"""``loa setup``: a new station in a few questions, on the machine itself; the first-run pages ask the same."""

import argparse
import getpass
import os
import pwd
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from broadcaster import config as configuration
from broadcaster.backups import first_place, recovery_key
from broadcaster.certificates import first_address
from broadcaster.certificates.machine_names import outward_address
from broadcaster.commands import recovery_sheet
from broadcaster.commands.context import CommandContext, parser, run, say
from broadcaster.commands.installing import setup_certificates, setup_notices
from broadcaster.commands.installing.answers import answer
from broadcaster.errors import Conflict, LoaError
from broadcaster.refusals.sentences import terminal_line
from broadcaster.station.upkeep import first_notices, first_setup
from broadcaster.station.upkeep.first_setup import FirstLogin, SetupStep

NOBODY = {"administrator": "quantri", "approver": "chutich"}
"""Usernames where none is given."""


def main(argv: Sequence[str]) -> int:
    """0 set up, 1 it is set up already or could not be, 2 an answer that cannot be used."""
    made = parser(
        "setup",
        "Cài đặt lần đầu: tên xã, hai người, thông báo, sao lưu, chứng chỉ, địa chỉ. Làm dở thì chạy lại là tiếp.",
    )
    made.add_argument("--commune", help="tên xã, ví dụ “xã Côn Minh”")
    made.add_argument("--hamlets", help="tên các thôn, cách nhau bằng dấu phẩy")
    made.add_argument("--administrator", metavar="HỌ TÊN", help="người quản trị, cũng là cán bộ soạn tin")
    made.add_argument("--administrator-login", metavar="TÊN", help="tên đăng nhập; mặc định quantri")
    made.add_argument("--approver", metavar="HỌ TÊN", help="người duyệt (chủ tịch, phó chủ tịch)")
    made.add_argument("--approver-login", metavar="TÊN", help="tên đăng nhập; mặc định chutich")
    setup_notices.add_options(made)
    made.add_argument("--backups", metavar="NƠI", help="thư mục hay sftp://…; “không” để chưa sao lưu")
    setup_certificates.add_options(made)
    made.add_argument("--address", metavar="TÊN", help="tên hay địa chỉ máy khác gọi đài này; 127.0.0.1: chỉ máy này")
    become_owner(made.parse_known_args(argv)[0])
    return run(_with_work(made), argv)


def become_owner(arguments: argparse.Namespace) -> None:
    """As root: go on as whoever the data belongs to, so that the services can read what is written."""
    if os.geteuid() != 0:
        return
    try:
        folder = configuration.load(arguments.config).data_dir
    except LoaError:
        return  # said properly when the command loads it
    if not folder.is_dir() or folder.stat().st_uid == 0:
        return
    owner = pwd.getpwuid(folder.stat().st_uid)
    os.initgroups(owner.pw_name, owner.pw_gid)
    os.setgid(owner.pw_gid)
    os.setuid(owner.pw_uid)


def _with_work(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.set_defaults(work=_setup)
    return made


def _setup(context: CommandContext, arguments: argparse.Namespace) -> None:
    with context.database.reading() as s:
        first_setup.require_open(s)
    steps = {
        SetupStep.COMMUNE: _commune,
        SetupStep.PEOPLE: _people,
        SetupStep.NOTICES: setup_notices.take,
        SetupStep.BACKUPS: _backups,
        SetupStep.CERTIFICATES: setup_certificates.take,
        SetupStep.ADDRESS: _address,
    }
    while (step := _next(context)) is not None:
        say(f"[{list(SetupStep).index(step) + 1}/{len(SetupStep)}]")
        try:
            steps[step](context, arguments)
        except (LoaError, EOFError) as error:
            if not sys.stdin.isatty() or isinstance(error, EOFError):
                raise error if isinstance(error, LoaError) else Conflict("setup.broken_off") from None
            say(terminal_line(error))
            _forget(arguments, step)
    _tell_the_end(context)


def _next(context: CommandContext) -> SetupStep | None:
    with context.database.reading() as s:
        return first_setup.state(s).next


def _forget(arguments: argparse.Namespace, step: SetupStep) -> None:
    """What was given on the command line and refused is asked for."""
    names = {
        SetupStep.COMMUNE: ("commune", "hamlets"),
        SetupStep.PEOPLE: ("administrator", "administrator_login", "approver", "approver_login"),
        SetupStep.NOTICES: setup_notices.ANSWERS,
        SetupStep.CERTIFICATES: setup_certificates.ANSWERS,
    }
    for name in names.get(step, (step.value,)):
        setattr(arguments, name, None)


def _commune(context: CommandContext, arguments: argparse.Namespace) -> None:
    name = answer(arguments.commune, "Tên xã (ví dụ: xã Côn Minh)")
    hamlets = answer(arguments.hamlets, "Tên các thôn, cách nhau bằng dấu phẩy (bỏ trống: thêm sau)", default="")
    with context.database.session() as s:
        first_setup.name_commune(s, name=name, hamlets=tuple(hamlets.split(",")), now_at=context.now_at)


def _people(context: CommandContext, arguments: argparse.Namespace) -> None:
    administrator = _login(arguments, "administrator", "Người quản trị, cũng soạn bản tin")
    approver = _login(arguments, "approver", "Người duyệt bản tin")
    with context.database.session() as s:
        made = first_setup.add_people(s, administrator=administrator, approver=approver, now_at=context.now_at)
        logins = [(person.username, password) for person, password in made]
    for (username, password), given in zip(logins, (administrator, approver), strict=True):
        shown = "mật khẩu như vừa gõ" if given.password else f"mật khẩu (chỉ hiện một lần): {password}"
        say(f"  {username}: {shown}")


def _login(arguments: argparse.Namespace, which: str, what: str) -> FirstLogin:
    full_name = answer(getattr(arguments, which), f"{what}: họ tên")
    username = answer(getattr(arguments, f"{which}_login"), "  tên đăng nhập", default=NOBODY[which])
    return FirstLogin(full_name, username, _password())


def _password() -> str | None:
    """Typed twice at a terminal; None has one made up."""
    if not sys.stdin.isatty():
        return None
    while typed := getpass.getpass("  mật khẩu (từ 10 ký tự; bỏ trống: máy tự đặt): "):
        if getpass.getpass("  gõ lại: ") == typed:
            return typed
        say("  Hai lần gõ khác nhau.")
    return None


def _backups(context: CommandContext, arguments: argparse.Namespace) -> None:
    place = answer(arguments.backups, "Nơi sao lưu: thư mục của ổ khác hay sftp://… (bỏ trống: chưa)", default="")
    place = "" if place.casefold() in ("không", "khong", "none") else place
    first_place.choose(context.config, place)
    if place and sys.stdin.isatty() and recovery_key.in_force(context.config.data_dir) is None:
        recovery_sheet.show(recovery_key.new(context.config.data_dir), context.config.station.name)
        if code := input("Mã kiểm tra trên giấy (bỏ trống: làm sau ở trang Sao lưu): ").strip():
            recovery_key.confirm(context.config.data_dir, code)
    with context.database.session() as s:
        first_setup.done(s, SetupStep.BACKUPS)


def _address(context: CommandContext, arguments: argparse.Namespace) -> None:
    question = "Tên hay địa chỉ mà cụm loa và trình duyệt gọi máy này"
    address = answer(arguments.address, question, default=outward_address())
    with context.database.session() as s:
        chosen = first_setup.chosen_certificates(s)
        first_address.choose(context.config, address, chosen)
        first_notices.lead_to(s, first_address.console_url(context.config, address, chosen))
        first_setup.done(s, SetupStep.ADDRESS)


def _tell_the_end(context: CommandContext) -> None:
    authority = first_address.certify(context.config, lambda: datetime.now(UTC))
    say("Xong. Dấu nhận ra bộ chứng thực của đài (so với mã cấp cho cụm loa):")
    say(f"  {authority.fingerprint}")
    say("Đài đang chạy tự khởi động lại với cài đặt mới. Kiểm tra: loa doctor. Trình duyệt: loa certificates export.")
