"""Bản tin cấp trên: what levels above offer, what the commune does with it, and which levels it follows."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.alerts import allowances, allowing, proposals
from broadcaster.station.exchange import choices, reporting, upper_levels
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.people.roles import may
from web.exchange.identity import own_identity
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.times import moment
from web.translations.languages import gettext as _

blueprint = Blueprint("offers", __name__, url_prefix="/offers")


@blueprint.get("")
@asks(READING)
def listing() -> str:
    return _page()


@blueprint.post("")
@asks(over_commune("manage_people"))
def add() -> Response:
    """The station goes and trades the code; nothing waits for it here."""
    sealer = Sealer(own_identity().seed)
    try:
        with changing() as c:
            upper_levels.add(c.s, request.form.get("code", ""), sealer=sealer, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    flash(_("Đã ghi mã. Đài đang liên lạc với cấp trên; kết quả hiện ở mục “Cấp trên”."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/<offer_id>/take")
@asks(over_commune("write"))
def take(offer_id: str) -> Response:
    with changing() as c:
        offer = choices.get(c.s, offer_id)
        announcement_id = choices.take(c.s, offer=offer, by=c.by, now_at=c.now_at).id
        wished_at = offer.wished_at
    flash(_("Đã nhận làm bản nháp của xã. Hãy nghe thử, chọn nơi và giờ phát rồi gửi duyệt."), "good")
    if wished_at is not None:
        flash(_("Cấp trên muốn phát lúc %(moment)s; xã quyết định.", moment=moment(wished_at)), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/<offer_id>/decline")
@asks(over_commune("write"))
def decline(offer_id: str) -> Response:
    words = request.form.get("words", "")
    try:
        with changing() as c:
            choices.decline(c.s, offer=choices.get(c.s, offer_id), words=words, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(error, of=offer_id), status_of(error))
    flash(_("Đã báo cấp trên rằng xã không phát bản tin này."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/levels/<level_id>/close")
@asks(over_commune("manage_people"))
def close(level_id: str) -> Response:
    with changing() as c:
        upper_levels.close(c.s, level=upper_levels.get(c.s, level_id), by=c.by, now_at=c.now_at)
    flash(_("Từ nay không nhận gì từ cấp này nữa."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/levels/<level_id>/seen")
@asks(over_commune("emergency"))
def seen(level_id: str) -> Response:
    with changing() as c:
        upper_levels.settle_return(c.s, level=upper_levels.get(c.s, level_id), by=c.by, now_at=c.now_at)
    return redirect(url_for(".listing"))


@blueprint.post("/levels/<level_id>/allow")
@asks(over_commune("approve"))
def allow(level_id: str) -> Response:
    with changing() as c:
        source = upper_levels.source_of(c.s, level_id)
        allowing.ask(c.s, source=source, drill=request.form.get("drill") == "1", by=c.by, now_at=c.now_at)
    flash(_("Đã đề nghị. Chưa có gì được tự phát cho đến khi một người khác cũng đồng ý."), "warn")
    return redirect(url_for(".listing"))


@blueprint.post("/allowances/<allowance_id>/confirm")
@asks(over_commune("approve"))
def confirm(allowance_id: str) -> Response:
    with changing() as c:
        allowing.confirm(c.s, allowance=allowances.get(c.s, allowance_id), by=c.by, now_at=c.now_at)
    flash(_("Từ nay bản tin khẩn cấp của cấp này tự phát."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/allowances/<allowance_id>/end")
@asks(over_commune("emergency"))
def end(allowance_id: str) -> Response:
    with changing() as c:
        allowing.end(c.s, allowance=allowances.get(c.s, allowance_id), by=c.by, now_at=c.now_at)
    flash(_("Từ nay bản tin khẩn cấp của cấp này lại chờ người ra lệnh."), "good")
    return redirect(url_for(".listing"))


def _page(error: LoaError | None = None, *, of: str = "") -> str:
    """``of``: the offer whose form was wrong; empty: the form of a new level."""
    with reading() as c:
        levels = upper_levels.listing(c.s)
        orders = [each for each in proposals.waiting(c.s) if each.source.exchange]
        return render_template(
            "exchange/offers.html",
            waiting=choices.waiting(c.s),
            orders=orders,
            settled=choices.settled(c.s),
            levels=levels,
            allowed={each.id: allowances.listing(c.s, each.source) if each.source else [] for each in levels},
            unsent={each.id: reporting.waiting_count(c.s, each) for each in levels},
            alarms=may(c.s, c.by, "emergency", None),
            administers=may(c.s, c.by, "manage_people", None),
            form=request.form,
            error=error,
            of=of,
        )
