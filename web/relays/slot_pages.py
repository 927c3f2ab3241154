"""Tiếp sóng trong một khung giờ: chosen, its month's cost shown, released by an approver."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.programmes import slots
from broadcaster.station.relays import choosing, costs, slot_relays, sources
from broadcaster.station.relays.choosing import RelayChoice
from broadcaster.station.relays.steps import steps
from broadcaster.station.rows import settings
from broadcaster.station.schema import Slot
from broadcaster.station.vocabulary.states import RelayWay
from web.forms import parsing
from web.relays.frequency import times_a_month
from web.security.access import READING, Kind, asks, over
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.translations.languages import gettext as _
from web.translations.languages import later as _l

blueprint = Blueprint("slot_relays", __name__, url_prefix="/slots/<slot_id>/relay")
WAYS = {"recorded": _l("Thu trước rồi phát từ thẻ nhớ của cụm loa"), "live": _l("Phát trực tiếp, cùng lúc với đài")}
ENDINGS = {"fade": _l("Nhỏ dần rồi hết"), "cut": _l("Dừng đúng giây")}
VOLUMES = {"-6": _l("Nhỏ hơn bản tin"), "0": _l("Như bản tin"), "3": _l("To hơn bản tin")}
_NEW = {"way": "recorded", "minutes": "30", "lead_minutes": "", "ending": "fade", "volume_db": "0"}


@blueprint.get("")
@asks(READING)
def show(slot_id: str) -> str:
    with reading() as c:
        return _page(c, slots.get(c.s, slot_id))


@blueprint.post("")
@asks(over(Kind.SLOT, "schedule"))
def choose(slot_id: str) -> Response | str:
    """Save it; or with ``look`` only say what it would cost."""
    if "look" in request.form:
        with reading() as c:
            return _page(c, slots.get(c.s, slot_id), form=request.form)
    try:
        with changing() as c:
            slot, choice = slots.get(c.s, slot_id), _choice()
            times = times_a_month(slot, c.now_at)
            relay = choosing.choose(c.s, slot=slot, choice=choice, times_a_month=times, by=c.by, now_at=c.now_at)
    except LoaError as error:
        with reading() as c:
            return make_response(_page(c, slots.get(c.s, slot_id), form=request.form, error=error), status_of(error))
    if choice.is_live and relay.way is not RelayWay.LIVE:
        flash(_("Phát trực tiếp vượt dữ liệu của cụm loa mỗi tháng, nên đài thu trước rồi phát."), "warn")
    flash(_("Đã lưu. Một người khác, có quyền duyệt, đồng ý rồi mới thu và phát."), "good")
    return redirect(url_for(".show", slot_id=slot_id))


@blueprint.post("/approve")
@asks(over(Kind.SLOT, "approve"))
def approve(slot_id: str) -> Response:
    with changing() as c:
        seen = request.form.get("seal", "")
        choosing.approve(c.s, slot=slots.get(c.s, slot_id), seen=seen, by=c.by, now_at=c.now_at)
    flash(_("Đã duyệt. Đài tự thu và phát từ phiên tới."), "good")
    return redirect(url_for(".show", slot_id=slot_id))


@blueprint.post("/remove")
@asks(over(Kind.SLOT, "schedule"))
def remove(slot_id: str) -> Response:
    with changing() as c:
        choosing.remove(c.s, slot=slots.get(c.s, slot_id), by=c.by, now_at=c.now_at)
    flash(_("Khung giờ thôi tiếp sóng."), "good")
    return redirect(url_for("slots.show", slot_id=slot_id))


def _choice() -> RelayChoice:
    form = request.form
    lead = form.get("lead_minutes", "").strip()
    chosen = [form.get(f"source_{number}", "") for number in range(choosing.MOST_SOURCES)]
    return RelayChoice(
        source_ids=[each for each in chosen if each],
        way=form.get("way", "recorded"),
        minutes=parsing.whole_number(form.get("minutes", ""), field="minutes"),
        lead_minutes=parsing.whole_number(lead, field="lead_minutes") if lead else None,
        ending=form.get("ending", ""),
        volume_db=int(form.get("volume_db", "0")) if form.get("volume_db", "0") in VOLUMES else 99,
    )


def _page(c: Context, slot: Slot, *, form: Mapping[str, str] | None = None, error: LoaError | None = None) -> str:
    relay = slot_relays.find(c.s, slot.id)
    shown = dict(form) if form is not None else _form_of(relay)
    times = times_a_month(slot, c.now_at)
    minutes = parsing.figures(shown.get("minutes", ""), most=4) or 0
    return render_template(
        "relays/slot.html",
        slot=slot,
        relay=relay,
        approved=relay is not None and slot_relays.is_approved(c.s, relay),
        seal=slot_relays.seal(c.s, relay) if relay else "",
        may=steps(c.s, slot, c.by),
        authors=slot_relays.authors(c.s, relay) if relay else frozenset(),
        chosen=sources.of(c.s, relay.source_ids) if relay else [],
        sources=sources.listing(c.s),
        options=[("", _("Không")), *((each.id, each.name) for each in sources.listing(c.s))],
        places=range(choosing.MOST_SOURCES),
        form=shown,
        endings=ENDINGS,
        volumes=VOLUMES,
        ready_minutes=choosing.READY_MINUTES,
        times=times,
        ways=WAYS,
        cost=costs.month_megabytes(minutes=min(minutes, 720), times=times, live=shown.get("way") == "live"),
        budget=settings.read(c.s, "monthly_megabytes", 0),
        recorded_cost=costs.month_megabytes(minutes=min(minutes, 720), times=times),
        error=error,
    )


def _form_of(relay: Any) -> dict[str, str]:
    if relay is None:
        return dict(_NEW)
    chosen = {f"source_{number}": source_id for number, source_id in enumerate(relay.source_ids)}
    return {
        **chosen,
        "way": relay.way.value,
        "minutes": str(relay.minutes),
        "lead_minutes": str(relay.lead_minutes) if relay.lead_minutes else "",
        "ending": relay.ending.value,
        "volume_db": str(relay.volume_db),
    }
