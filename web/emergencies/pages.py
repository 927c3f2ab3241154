"""Khẩn cấp: silence for everybody, and orders to sound an emergency or a drill, each by two people."""

import secrets
from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.announcements import announcements, origins
from broadcaster.station.broadcasts import broadcasts, lists
from broadcaster.station.emergencies import drills, guards, order_records, phrasebook, ready_texts, releasing, stories
from broadcaster.station.emergencies import orders as emergency_orders
from broadcaster.station.emergencies import silence as emergencies
from broadcaster.station.matters import foresight
from broadcaster.station.rules import emergency_rules, stop_all
from broadcaster.station.schema import Announcement, Broadcast, Clip, EmergencyOrder
from broadcaster.station.units.units import WHOLE_COMMUNE, zones
from broadcaster.station.vocabulary.states import EmergencyMode
from web.emergencies import tiles
from web.emergencies.form import lasting, meant_as_drill, repeats, repetition
from web.matters.orders import names_of, unconfirmed
from web.security.access import Kind, asks, over, over_commune, over_named, somewhere
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("emergencies", __name__, url_prefix="/emergency")

RECENT = timedelta(hours=24)
"""How long ago a broadcast may have begun that a new order corrects or ends."""


@blueprint.get("")
@asks(somewhere("emergency"))
def show() -> str:
    return _page("emergencies/show.html")


@blueprint.get("/now")
@asks(somewhere("emergency"))
def now() -> str:
    """The part of the page that moves."""
    return _page("emergencies/now.html")


def _page(template: str) -> str:
    with reading() as c:
        stop = stop_all.in_force(c.s)
        found = tiles.board(c)
        orders = order_records.open_orders(c.s, now_at=c.now_at)
        alarms = stories.unanswered(c.s, now_at=c.now_at)
        return render_template(
            template,
            stop=stop,
            loud=stop_all.not_yet_silent(c.s) if stop else [],
            would_sound=emergencies.would_sound(c.s, now_at=c.now_at) if stop else [],
            unconfirmed=unconfirmed(c),
            unreviewed=[each for each in orders if each.broadcast_id is not None],
            alarms=alarms,
            corrections={each.order.id: stories.correction(c.s, each.order) for each in alarms},
            now_at=c.now_at,
            cleared={each.order.id for each in alarms if _is_clear(c, each.order)},
            names=names_of(c, [*orders, *(each.order for each in alarms)]),
            board=found,
            unreleased=releasing.unreleased_kinds(c.s),
            cut=drills.cut_lately(c.s, now_at=c.now_at),
            alone=emergency_rules.mode(c.s) is EmergencyMode.DECLARED,
        )


def _is_clear(c: Context, order: EmergencyOrder) -> bool:
    """Whether the all-clear of this alarm is one press away."""
    ready = ready_texts.ready_text(c.s, order.zones, drill=order.drill, phrase=phrasebook.ALL_CLEAR, approved=True)
    return ready is not None


@blueprint.post("/silence")
@asks(over_commune("emergency"))
def silence() -> Response:
    with changing() as c:
        emergencies.silence(c.s, by=c.by, reason=request.form.get("reason", ""), now_at=c.now_at)
    flash(_("Đã ra lệnh dừng toàn bộ. Theo dõi ở dưới cụm loa nào chưa xác nhận im lặng."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/silence/<order_id>/ask-lift")
@asks(over_commune("emergency"))
def ask_to_lift(order_id: str) -> Response:
    with changing() as c:
        emergencies.ask_to_lift(c.s, by=c.by, now_at=c.now_at, meant=stop_all.get(c.s, order_id))
    flash(_("Đã đề nghị gỡ lệnh dừng. Cần một người khác xác nhận."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/silence/<order_id>/lift")
@asks(over_commune("emergency"))
def lift(order_id: str) -> Response:
    with changing() as c:
        going_on = [each.id for each in emergencies.would_sound(c.s, now_at=c.now_at)]
        resume = [each for each in going_on if request.form.get(f"resume-{each}") == "yes"]
        emergencies.lift(c.s, by=c.by, now_at=c.now_at, meant=stop_all.get(c.s, order_id), resume=resume)
    flash(_("Đã gỡ lệnh dừng. Các cụm loa làm việc lại theo lịch."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/book")
@asks(over_commune("write"))
def fill() -> Response:
    """Copy the shipped texts into the commune's own."""
    with changing() as c:
        whole = [zone.id for zone in zones(c.s) if zone.name.startswith(WHOLE_COMMUNE)]
        phrasebook.fill(c.s, zones=whole[:1], by=c.by, now_at=c.now_at)
    flash(_("Đã chép các lời cảnh báo mẫu. Hãy nghe từng bản, sửa cho hợp với xã, rồi gửi duyệt."), "good")
    return redirect(url_for("emergency_book.show"))


@blueprint.post("/book/<announcement_id>/drill")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def drill(announcement_id: str) -> Response:
    with changing() as c:
        made = phrasebook.drill_of(c.s, announcements.get(c.s, announcement_id), by=c.by, now_at=c.now_at)
        made_id = made.id
    flash(_("Đã tạo bản diễn tập. Hãy nghe thử rồi gửi duyệt."), "good")
    return redirect(url_for("announcements.show", announcement_id=made_id))


@blueprint.get("/order/<announcement_id>")
@asks(somewhere("emergency"))
def prepare(announcement_id: str) -> str:
    return _order_page(announcement_id, key=secrets.token_urlsafe(16))


@blueprint.post("/order/<announcement_id>")
@asks(over_named("emergency"))
def order(announcement_id: str) -> str | Response:
    key = request.form.get("key", "")
    try:
        with changing() as c:
            follows = request.form.get("follows", "")
            every_minutes, for_minutes = repetition()
            wanted = guards.EmergencyRequest(
                announcement=announcements.get(c.s, announcement_id),
                drill=meant_as_drill(),
                heard=request.form.get("content_hash", ""),
                zones=tuple(request.form.getlist("zones")),
                reason=request.form.get("reason", ""),
                follows=broadcasts.get(c.s, follows) if follows else None,
                every_minutes=every_minutes,
                for_minutes=for_minutes,
                interrupts="interrupts" in request.form,
                key=key or None,
            )
            made = emergency_orders.ask(c.s, wanted, by=c.by, now_at=c.now_at, timing=services().config.schedule)
            broadcast_id = made.broadcast_id
    except LoaError as error:
        return make_response(_order_page(announcement_id, key=key, error=error), status_of(error))
    return _ordered(broadcast_id)


@blueprint.post("/orders/<order_id>/confirm")
@asks(over(Kind.EMERGENCY_ORDER, "emergency"))
def confirm(order_id: str) -> Response:
    with changing() as c:
        made = emergency_orders.confirm(
            c.s,
            order=order_records.get(c.s, order_id),
            drill=meant_as_drill(),
            heard=request.form.get("content_hash", ""),
            by=c.by,
            now_at=c.now_at,
            timing=services().config.schedule,
        )
        broadcast_id = made.broadcast_id
    return _ordered(broadcast_id)


@blueprint.post("/orders/<order_id>/refuse")
@asks(over(Kind.EMERGENCY_ORDER, "emergency"))
def refuse(order_id: str) -> Response:
    with changing() as c:
        emergency_orders.refuse(c.s, order=order_records.get(c.s, order_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ lệnh. Không có gì được phát."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/orders/<order_id>/review")
@asks(over(Kind.EMERGENCY_ORDER, "approve"))
def review(order_id: str) -> Response:
    with changing() as c:
        found = order_records.get(c.s, order_id)
        words = request.form.get("words", "")
        order_records.review(c.s, order=found, words=words, by=c.by, now_at=c.now_at)
    flash(_("Đã ghi nhận xét."), "good")
    return redirect(url_for(".show"))


def _ordered(broadcast_id: str | None) -> Response:
    if broadcast_id is None:
        flash(_("Lệnh đang chờ người thứ hai xác nhận. Hãy báo ngay cho người đó."), "warn")
        return redirect(url_for(".show"))
    flash(_("Đã ra lệnh phát."), "good")
    if services().database.is_spared:
        return redirect(url_for(".show"))  # the other pages do not know the broadcast yet
    return redirect(url_for("broadcasts.show", broadcast_id=broadcast_id))


def _order_page(announcement_id: str, *, key: str, error: LoaError | None = None) -> str:
    with reading() as c:
        announcement = announcements.get(c.s, announcement_id)
        ahead = foresight.foresee(c.s, announcement, now_at=c.now_at)
        return render_template(
            "emergencies/order.html",
            announcement=announcement,
            heard=_heard(announcement, error),
            clip=c.s.get(Clip, announcement.clip_sha256) if announcement.clip_sha256 else None,
            recent=_recent(c, announcement),
            relayed=origins.may_relay(announcement, c.by),
            repeats=repeats(),
            lasting=lasting(),
            alone=emergency_rules.mode(c.s) is EmergencyMode.DECLARED,
            ahead=ahead,
            hindrances=foresight.hindrances(ahead),
            cleared=_clears(c, announcement),
            key=key,
            form=request.values,
            error=error,
        )


def _clears(c: Context, announcement: Announcement) -> bool:
    """Whether its all-clear is approved, or it is itself what answers an alarm."""
    zones_of = [zone.id for zone in announcement.zones]
    ready = ready_texts.ready_text(c.s, zones_of, drill=announcement.drill, phrase=phrasebook.ALL_CLEAR, approved=True)
    return ready is not None or announcement.phrase in phrasebook.ANSWERS


def _heard(announcement: Announcement, error: LoaError | None) -> str:
    """Hash the next press carries: of the text as shown. After a refusal for another reason it stays that of the first
    showing, as nobody was told to listen again."""
    to_be_heard = error is None or error.field == "content_hash"
    return (announcement.content_hash or "") if to_be_heard else request.form.get("content_hash", "")


def _recent(c: Context, announcement: Announcement) -> list[Broadcast]:
    """Emergencies of the same kind, real or drill, that this one may correct or end."""
    return lists.recent_emergencies(c.s, drill=announcement.drill, after_at=c.now_at - RECENT, most=5)
