"""The step where the first two people choose how they are called: channels, their codes, a try, or none."""

from collections.abc import Mapping
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, LoaError
from broadcaster.notices import first_services
from broadcaster.station.notices import channels
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.upkeep import first_notices, first_setup
from broadcaster.station.upkeep.first_setup import SetupStep
from web.notices.sealer import sealer
from web.notices.words import channel_name
from web.shell.services import services
from web.translations import languages

WHOSE = ("administrator", "approver")


def choose(s: Session) -> None:
    """Services and channels as they were typed; with none of them the step is over."""
    form, now_at = request.form, services().clock()
    wanted = {which: form.get(f"{which}_target", "").strip() for which in WHOSE}
    typed = {name: form.get(name, "") for name in first_services.NAMES}
    settings = first_services.checked(services().config, typed)
    for which, person in zip(WHOSE, first_setup.first_two(s), strict=False):
        if not wanted[which]:
            continue
        kind = first_notices.require_offered(form.get(f"{which}_kind", ""), settings.offered, field=f"{which}_kind")
        channel = NewChannel(kind=kind, typed=wanted[which], base_url=request.host_url, language=languages.chosen())
        try:
            first_notices.add(s, person, channel, sealer=sealer(), sent_at=_sent_at(typed, now_at))
        except LoaError as error:
            raise type(error).of(error.reason, field=f"{which}_target") from None
    first_services.choose(services().config, typed)
    if not any(wanted.values()):
        finish(s)


def confirm(s: Session) -> None:
    """The code that arrived in one of them."""
    channel, person = first_notices.one(s, request.form.get("channel", ""))
    typed, now_at = request.form.get("code", ""), services().clock()
    if not channels.confirm(s, channel, typed, by=person, sealer=sealer(), now_at=now_at):
        s.commit()  # the wrong code counts
        raise Invalid("notice.code_wrong", field="code")


def send_again(s: Session) -> None:
    """Another code, or a message that says nothing but that it arrived."""
    channel, _person = first_notices.one(s, request.form.get("channel", ""))
    if channel.paired_at is None:
        channels.send_code(s, channel, sealer=sealer(), now_at=services().clock())
    else:
        channels.test(s, channel, now_at=services().clock())


def remove(s: Session) -> None:
    """One that was mistyped."""
    channel, person = first_notices.one(s, request.form.get("channel", ""))
    channels.remove(s, channel, by=person, now_at=services().clock())


def finish(s: Session) -> None:
    """What is not paired yet waits for its owner, under their account."""
    first_setup.done(s, SetupStep.NOTICES)


def facts(s: Session) -> dict[str, object]:
    """What the page of this step shows."""
    kinds = [(kind.value, channel_name(kind)) for kind in first_notices.KINDS]
    names = dict(zip(WHOSE, [each.full_name for each in first_setup.first_two(s)], strict=False))
    return {
        "kinds": kinds,
        "names": names,
        "there": first_notices.there(s),
        "channel_name": channel_name,
        "proposed": services().config.notices.ntfy_address,
    }


def _sent_at(typed: Mapping[str, str], now_at: datetime) -> datetime:
    """Where services were set just now the station has to begin anew with them first."""
    return now_at + first_notices.SETTLED if any(each.strip() for each in typed.values()) else now_at
