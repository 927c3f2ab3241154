"""Nói trực tiếp: try the microphone, open a session, speak, see who hears, stop; and the second person's press."""

from dataclasses import asdict

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import Invalid, LoaError
from broadcaster.live.pieces import MOST_BYTES
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.live import choices, sessions
from broadcaster.station.live.sessions import LiveRequest
from broadcaster.station.live.steps import steps
from broadcaster.station.matters import readiness
from broadcaster.station.people.roles import Permission
from broadcaster.station.units import units
from web.forms.parsing import figures
from web.live.telling import answer_of, piece_of, take_piece
from web.security.access import READING, Kind, asks, over, over_commune, over_named, somewhere
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.telling import said
from web.translations.languages import gettext as _

blueprint = Blueprint("microphone", __name__, url_prefix="/microphone")
LATEST = 10


@blueprint.get("")
@asks(somewhere("speak_live"))
def show() -> str:
    return _page()


@blueprint.post("")
@asks(over_named("speak_live"))
def ask() -> AnyResponse:
    """Answers a script with the session, and a form with its page."""
    try:
        with changing() as c:
            row = sessions.ask(c.s, _wanted(), by=c.by, now_at=c.now_at)
            answer = asdict(answer_of(c, row))
    except LoaError as error:
        if _is_script():
            return _refused(error)
        return make_response(_page(error), status_of(error))
    if _is_script():
        return jsonify(answer | {"address": url_for(".session", session_id=answer["id"])})
    return redirect(url_for(".session", session_id=answer["id"]))


@blueprint.get("/<session_id>")
@asks(READING)
def session(session_id: str) -> str | Response:
    with reading() as c:
        row = sessions.get(c.s, session_id)
        answer = answer_of(c, row)
        if _is_script():
            return jsonify(asdict(answer))
        may = steps(c.s, row, c.by, now_at=c.now_at)
        return render_template("live/session.html", session=answer, steps=may, row=row)


@blueprint.post("/<session_id>/pieces")
@asks(over(Kind.LIVE_SESSION, "speak_live"))
def piece(session_id: str) -> Response:
    """One piece of sound; sending it again changes nothing."""
    try:
        if (request.content_length or 0) > MOST_BYTES:
            raise Invalid("live.piece_malformed", field="piece")
        made = piece_of(
            seq=_number("seq"),
            at_ms=_number("at_ms"),
            kind=request.args.get("kind", ""),
            rate=_number("rate"),
            body=request.get_data(cache=False),
        )
        with reading() as c:
            return jsonify(asdict(take_piece(c, session_id, made)))
    except LoaError as error:
        return _refused(error)


@blueprint.post("/<session_id>/confirm")
@asks(over(Kind.LIVE_SESSION, "speak_live"))
def confirm(session_id: str) -> AnyResponse:
    try:
        with changing() as c:
            sessions.confirm(c.s, sessions.get(c.s, session_id), by=c.by, now_at=c.now_at)
        flash(_("Đã xác nhận. Loa đang phát nhạc hiệu, người nói bắt đầu sau vài giây."), "good")
    except LoaError as error:
        flash(said(error), "bad")
    return redirect(url_for(".session", session_id=session_id))


@blueprint.post("/<session_id>/end")
@asks(over(Kind.LIVE_SESSION, "speak_live"))
def end(session_id: str) -> AnyResponse:
    with changing() as c:
        row = sessions.end(c.s, sessions.get(c.s, session_id), by=c.by, now_at=c.now_at)
        answer = asdict(answer_of(c, row))
    if _is_script():
        return jsonify(answer)
    flash(_("Đã dừng nói trực tiếp. Bản ghi sẽ có trong nhật ký sau vài giây."), "good")
    return redirect(url_for(".session", session_id=session_id))


@blueprint.post("/rules")
@asks(over_commune("manage_people"))
def rules() -> AnyResponse:
    try:
        with changing() as c:
            second = bool(request.form.get("second_person"))
            choices.choose(c.s, second_person=second, longest=_minutes(), by=c.by, now_at=c.now_at)
            choices.offer(c.s, on=bool(request.form.get("offered")), by=c.by, now_at=c.now_at)
        flash(_("Đã lưu quy định nói trực tiếp."), "good")
    except LoaError as error:
        flash(said(error), "bad")
    return redirect(url_for("settings.show") + "#live")


def _page(error: LoaError | None = None) -> str:
    with reading() as c:
        zones = units.zones_for(c.s, by=c.by, permission=Permission.SPEAK_LIVE)
        return render_template(
            "live/show.html",
            zones=zones,
            nodes=readiness.hears_live(c.s, units.nodes_of(c.s, zones), now_at=c.now_at),
            going_on=[answer_of(c, each) for each in sessions.going_on(c.s, now_at=c.now_at)],
            latest=sessions.latest(c.s, most=LATEST),
            second_person=choices.wants_second_person(c.s),
            longest=choices.longest_minutes(c.s),
            form=request.form,
            error=error,
        )


def _wanted() -> LiveRequest:
    kind = request.form.get("class", BroadcastClass.ROUTINE)
    if kind not in set(BroadcastClass):
        raise Invalid("announcement.class_unknown", field="broadcast_class")
    return LiveRequest(
        zones=request.form.getlist("zones"),
        title=request.form.get("title", ""),
        broadcast_class=BroadcastClass(kind),
        longest_minutes=_minutes(),
        key=request.form.get("key") or None,
    )


def _minutes() -> int:
    minutes = figures(request.form.get("longest_minutes", ""), most=4)
    if minutes is None:
        raise Invalid("live.longest_out_of_range", field="longest_minutes", most=choices.MOST_MINUTES)
    return minutes


def _number(name: str) -> int:
    number = figures(request.args.get(name, ""), most=9)
    if number is None:
        raise Invalid("live.piece_malformed", field=name)
    return number


def _is_script() -> bool:
    return request.headers.get("X-Fragment") == "1"


def _refused(error: LoaError) -> Response:
    answer = jsonify({"code": error.code, "error": str(said(error))})
    answer.status_code = status_of(error)
    return answer
