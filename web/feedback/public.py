"""Phản ánh: the form behind a node's QR code, and the answer behind a number; no login, no cookie, no script."""

import logging
from contextlib import suppress
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import LoaError, Unavailable
from broadcaster.station.feedback import forgetting, inbox, sending, voices
from broadcaster.station.feedback.sending import ResidentMessage
from broadcaster.station.nodes import nodes
from broadcaster.station.rules import commune_rules
from broadcaster.station.schema import Node
from broadcaster.station.vocabulary.states import NodeProblem
from web.feedback import genuine
from web.feedback.limits import FeedbackLimits
from web.residents.page_cache import render
from web.residents.pages import absolute, require_open
from web.security.access import ANYBODY, asks
from web.security.protection import csrf, limiter
from web.shell.failures import status_of
from web.shell.services import services
from web.shell.words import PROBLEM

blueprint = Blueprint("resident_feedback", __name__)
limiter.limit("1200/minute")(blueprint)
# No cookie says who sends, so there is nobody in whose name another site could send; see genuine.py for the rest.
csrf.exempt(blueprint)

PATIENCE_SECONDS = 3.0
"""How long a message waits for somebody who writes; whoever gives an order does not wait for it."""

log = logging.getLogger(__name__)


@blueprint.get("/loa/<node_id>")
@asks(ANYBODY)
def form(node_id: str) -> Response:
    with services().database.reading() as s:
        require_open(s)
        return _form(s, sending.node_of(s, node_id))


@blueprint.post("/loa/<node_id>")
@asks(ANYBODY)
def send(node_id: str) -> AnyResponse:
    now_seconds, limits = int(services().clock().timestamp()), _limits()
    crowded = _crowded(node_id, now_seconds, limits)
    if crowded is not None:
        return _refused(crowded)
    try:
        genuine.require(node_id, now_seconds=now_seconds)
        code = _taken_in(node_id)
    except LoaError as error:
        with services().database.reading() as s:
            require_open(s)
            return _form(s, sending.node_of(s, node_id), error)
    return redirect(url_for(".show", code=code, new=1, lang=request.args.get("lang")), 303)


@blueprint.get("/phan-anh")
@asks(ANYBODY)
def find() -> AnyResponse:
    typed = request.args.get("code", "").strip()
    if typed:
        return redirect(url_for(".show", code=typed[:40].replace("/", ""), lang=request.args.get("lang")))
    with services().database.reading() as s:
        require_open(s)
        return _fresh(_page(s, "find.html", error=None, nodes=nodes.listing(s)))


@blueprint.get("/phan-anh/<code>")
@asks(ANYBODY)
def show(code: str) -> AnyResponse:
    if not _limits().lookups.take(request.remote_addr or "", services().clock().timestamp()):
        return _refused(Unavailable("feedback.too_many_from_you"))
    with services().database.reading() as s:
        require_open(s)
        try:
            own = inbox.of_code(s, code)
        except LoaError as error:
            return _fresh(_page(s, "find.html", error=error, nodes=nodes.listing(s)), status_of(error))
        first = inbox.first_of(s, own)
        return _fresh(
            _page(
                s,
                "answer.html",
                own=own,
                first=first,
                code=spaced(own.code),
                address=absolute(url_for(".show", code=own.code)),
                is_new="new" in request.args,
                days=forgetting.REMEMBERED.days,
            )
        )


def spaced(code: str) -> str:
    """``K7QM4 XPA9T``: easier to copy by hand."""
    return f"{code[:5]} {code[5:]}"


def folder() -> Path:
    """Where the voices lie."""
    return services().config.data_dir / voices.FOLDER


def _taken_in(node_id: str) -> str:
    """The code of what was sent. The file is read before anything of the database is held."""
    given = request.files.get("voice")
    said = sending.checked(
        ResidentMessage(
            problem=request.form.get("problem", ""),
            text=request.form.get("text", ""),
            phone=request.form.get("phone", ""),
            sender=genuine.sender(),
            has_voice=bool(given and given.filename),
        )
    )
    part = voices.take_in(given.stream, folder()) if given and said.has_voice else None
    try:
        with services().database.session(gives_way=True, patience_seconds=PATIENCE_SECONDS) as s:
            require_open(s)
            row = sending.receive(s, sending.node_of(s, node_id), said, now_at=services().clock())
            if part is not None:
                voices.give_name(part, row.id)
            return row.code
    except BaseException:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise


def _crowded(node_id: str, now_seconds: int, limits: FeedbackLimits) -> Unavailable | None:
    if not limits.address.take(request.remote_addr or "", now_seconds):
        return Unavailable("feedback.too_many_from_you")
    if not limits.node.take(node_id, now_seconds):
        return Unavailable("feedback.crowded")
    return None


def _form(s: Session, node: Node, error: LoaError | None = None) -> Response:
    """The form, with what was typed and what is wrong with it."""
    now_seconds = int(services().clock().timestamp())
    page = _page(
        s,
        "form.html",
        node=node,
        error=error,
        typed=request.form,
        problems=[(each.value, PROBLEM[each]) for each in NodeProblem],
        stamp=genuine.stamp(node.id, now_seconds=now_seconds),
        trap=genuine.TRAP,
        longest=sending.LONGEST_TEXT,
        days=forgetting.REMEMBERED.days,
    )
    return _fresh(page, status_of(error) if error else 200)


def _refused(error: LoaError) -> Response:
    """As cheap as can be: nothing is asked of the database."""
    page = render("feedback/refused.html", error=error, station_name=services().config.station.name, contact_phone="")
    answer = _fresh(page, 429)
    answer.headers["Retry-After"] = "600"
    return answer


def _page(s: Session, template: str, **values: object) -> str:
    rules = commune_rules.read(s)
    name = rules.station_name or services().config.station.name
    return render(f"feedback/{template}", station_name=name, contact_phone=rules.contact_phone, **values)


def _fresh(page: str, status: int = 200) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _limits() -> FeedbackLimits:
    limits: FeedbackLimits = current_app.extensions.setdefault("loa_feedback_limits", FeedbackLimits())
    return limits
