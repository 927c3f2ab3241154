"""The step of ``loa setup`` that asks where the first two people are called, and sends each channel its code."""

import argparse
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from broadcaster.commands.context import CommandContext, say
from broadcaster.commands.installing.answers import answer, secret
from broadcaster.network_settings import NoticeSettings
from broadcaster.notices import first_services
from broadcaster.notices.senders import build_senders
from broadcaster.notices.service import NoticeService
from broadcaster.refusals.sentences import sentence
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.notices import channels
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.upkeep import first_notices, first_setup
from broadcaster.station.upkeep.first_setup import SetupStep
from broadcaster.station.vocabulary.notices import SendingState

WHOSE = ("administrator", "approver")
ANSWERS = ("administrator_notices", "approver_notices", "mail_server", "mail_login", "mail_from", "zalo_bot")
PATIENCE_SECONDS = 45.0
"""For the answer of a service that was set just now."""
_NONE = ("", "không", "khong", "none")
_ON_THE_WAY = (SendingState.WAITING, SendingState.SENDING)


def add_options(made: argparse.ArgumentParser) -> None:
    """What answers beforehand."""
    kinds = ", ".join(first_notices.KINDS)
    where = f"LOẠI:ĐỊA_CHỈ ({kinds}), ví dụ email:hoa@conminh.vn; “không” để làm sau"
    made.add_argument("--administrator-notices", metavar="KÊNH", help=f"gọi người quản trị ở đâu: {where}")
    made.add_argument("--approver-notices", metavar="KÊNH", help="gọi người duyệt ở đâu, viết như trên")
    made.add_argument("--mail-server", metavar="MÁY[:CỔNG]", help="máy chủ gửi thư; mật khẩu được hỏi ở bàn phím")
    made.add_argument("--mail-login", metavar="TÊN", help="tên đăng nhập ở máy chủ thư")
    made.add_argument("--mail-from", metavar="ĐỊA_CHỈ", help="địa chỉ người gửi")
    made.add_argument("--zalo-bot", metavar="KHÓA", help="khóa của bot Zalo của xã")


def take(context: CommandContext, arguments: argparse.Namespace) -> None:
    """Services, then channels, then the codes that arrive in them; every answer may be none."""
    typed = _mail(arguments) | _bot(arguments)
    settings = first_services.checked(context.config, typed)
    added = _add(context, arguments, settings, begins_anew=any(typed.values()))
    first_services.choose(context.config, typed)
    if added and sys.stdin.isatty():
        _pair(context, settings, added)
    elif added:
        say("  Mã ghép đang được gửi tới các kênh; gõ mã ở trang Tài khoản → Thông báo ra ngoài.")
    with context.database.session() as s:
        first_setup.done(s, SetupStep.NOTICES)


def _bot(arguments: argparse.Namespace) -> dict[str, str]:
    token = answer(arguments.zalo_bot, "Khóa của bot Zalo của xã (bỏ trống: không dùng Zalo)", default="")
    return {} if token.casefold() in _NONE else {"zalo_bot_token": token}


def _mail(arguments: argparse.Namespace) -> dict[str, str]:
    server = answer(arguments.mail_server, "Máy chủ gửi thư MÁY[:CỔNG] (bỏ trống: không gửi thư)", default="")
    if server.casefold() in _NONE:
        return {}
    host, _, port = server.partition(":")
    login = answer(arguments.mail_login, "  tên đăng nhập ở máy chủ ấy", default="")
    return {
        "smtp_host": host,
        "smtp_port": port,
        "smtp_username": login,
        "smtp_password": secret("  mật khẩu") if login else "",
        "smtp_from": answer(arguments.mail_from, "  địa chỉ người gửi", default=login if "@" in login else ""),
    }


def _add(
    context: CommandContext, arguments: argparse.Namespace, settings: NoticeSettings, *, begins_anew: bool
) -> list[str]:
    """Ids of the channels."""
    sent_at = _now() + first_notices.SETTLED if begins_anew else _now()
    added = []
    with context.database.session() as s:
        for which, person in zip(WHOSE, first_setup.first_two(s), strict=False):
            question = f"Gọi {person.full_name} ở đâu khi có việc chờ, LOẠI:ĐỊA_CHỈ (bỏ trống: làm sau)"
            chosen = answer(getattr(arguments, f"{which}_notices"), question, default="")
            if chosen.casefold() in _NONE:
                continue
            kind, _, target = chosen.partition(":")
            wanted = NewChannel(
                kind=first_notices.require_offered(kind.strip(), settings.offered, field=f"{which}_notices"),
                typed=target,
                base_url="",
                language="vi",
            )
            added.append(first_notices.add(s, person, wanted, sealer=_sealer(context), sent_at=sent_at).id)
    return added


def _pair(context: CommandContext, settings: NoticeSettings, added: list[str]) -> None:
    """Sends the codes itself: the station need not run yet. A station that runs sends each once all the same."""
    with _sending(context, settings):
        for channel_id in added:
            label, state = _sent(context, channel_id)
            say(f"  {label}: {state}")
            while typed := input("  mã 6 chữ số vừa đến (bỏ trống: ghép sau): ").strip():
                if _confirmed(context, channel_id, typed):
                    say("  Đã ghép kênh.")
                    break
                say("  Mã không đúng.")


@contextmanager
def _sending(context: CommandContext, settings: NoticeSettings) -> Iterator[None]:
    sealer, stop = _sealer(context), threading.Event()
    senders = build_senders(settings, context.database, sealer=sealer, clock=_now)
    service = NoticeService(context.database, senders, sealer=sealer, clock=_now)
    thread = threading.Thread(target=service.run, args=(stop,), name="notices", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(settings.attempt_seconds + 5)


def _sent(context: CommandContext, channel_id: str) -> tuple[str, str]:
    """The channel, and what became of its message within a while."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        with context.database.reading() as s:
            found = next(each for each in first_notices.there(s) if each.channel.id == channel_id)
            sending = found.sending
            waits = sending is None or (sending.state in _ON_THE_WAY and sending.attempts == 0)
            if not waits or time.monotonic() >= until:
                reason = sending.reason if sending else None
                return found.channel.label, sentence(reason) if reason else "đã gửi" if not waits else "đang gửi"
        time.sleep(0.25)


def _confirmed(context: CommandContext, channel_id: str, typed: str) -> bool:
    with context.database.session() as s:
        channel, person = first_notices.one(s, channel_id)
        return channels.confirm(s, channel, typed, by=person, sealer=_sealer(context), now_at=_now())


def _sealer(context: CommandContext) -> Sealer:
    config = context.config
    return Sealer(StationIdentity.load_or_create(config.data_dir.absolute(), config.station.id).seed)


def _now() -> datetime:
    return datetime.now(UTC)
