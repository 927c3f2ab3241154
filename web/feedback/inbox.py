"""Phản ánh của bà con: the inbox of those who see to the nodes."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError, NotFound
from broadcaster.station.feedback import inbox
from broadcaster.station.schema import Feedback
from broadcaster.station.vocabulary.states import FeedbackState, VoiceState
from web.clips.files import M4A, OGG, sound_file
from web.feedback.public import folder, spaced
from web.forms.query_arguments import asked_page, asked_words
from web.security.access import Kind, asks, over, somewhere
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.translations.languages import gettext as _

blueprint = Blueprint("feedback", __name__, url_prefix="/feedback")
SEES = ("broadcast", "manage_nodes")
OVER = over(Kind.FEEDBACK, *SEES)
WRITING = over(Kind.FEEDBACK, "write")


@blueprint.get("")
@asks(somewhere(*SEES))
def listing() -> str:
    state, node = asked_words("state"), asked_words("node")
    with reading() as c:
        page = inbox.listing(c.s, by=c.by, state=state, node_id=node, page=asked_page())
        return render_template(
            "feedback/list.html",
            page=page,
            times=inbox.times(c.s, page.items),
            state=state,
            node=node,
            states=list(FeedbackState),
        )


@blueprint.get("/<feedback_id>")
@asks(OVER)
def show(feedback_id: str) -> str:
    with reading() as c:
        return _show(c, inbox.get(c.s, feedback_id))


@blueprint.post("/<feedback_id>/take")
@asks(OVER)
def take(feedback_id: str) -> Response:
    with changing() as c:
        inbox.take(c.s, inbox.get(c.s, feedback_id), by=c.by, now_at=c.now_at)
    flash(_("Đã ghi: bạn đang xử lý phản ánh này."), "good")
    return redirect(url_for(".show", feedback_id=feedback_id))


@blueprint.post("/<feedback_id>/put-back")
@asks(OVER)
def put_back(feedback_id: str) -> Response:
    with changing() as c:
        inbox.put_back(c.s, inbox.get(c.s, feedback_id), by=c.by, now_at=c.now_at)
    flash(_("Đã để lại cho người khác xử lý."), "good")
    return redirect(url_for(".show", feedback_id=feedback_id))


@blueprint.post("/<feedback_id>/answer")
@asks(OVER)
def answer(feedback_id: str) -> Response:
    text = request.form.get("answer", "")
    try:
        with changing() as c:
            inbox.answer(c.s, inbox.get(c.s, feedback_id), text=text, by=c.by, now_at=c.now_at)
    except LoaError as error:
        with reading() as c:
            return make_response(_show(c, inbox.get(c.s, feedback_id), error), status_of(error))
    flash(_("Đã trả lời. Bà con đọc được bằng mã phản ánh của mình."), "good")
    return redirect(url_for(".show", feedback_id=feedback_id))


@blueprint.post("/<feedback_id>/draft")
@asks(WRITING)
def draft(feedback_id: str) -> Response:
    with changing() as c:
        made = inbox.draft(c.s, inbox.get(c.s, feedback_id), by=c.by, now_at=c.now_at).id
    flash(_("Đã tạo bản nháp từ câu trả lời. Hãy đọc lại rồi gửi duyệt như mọi bản tin."), "good")
    return redirect(url_for("announcements.show", announcement_id=made))


@blueprint.get("/<feedback_id>/voice.ogg")
@asks(OVER)
def voice(feedback_id: str) -> Response:
    return voice_file(feedback_id, OGG)


@blueprint.get("/<feedback_id>/voice.m4a")
@asks(OVER)
def voice_copy(feedback_id: str) -> Response:
    return voice_file(feedback_id, M4A)


def voice_file(feedback_id: str, media: str) -> Response:
    """The voice as ``OGG`` or ``M4A``; no browser keeps it. Raises NotFound when there is none any more."""
    with reading() as c:
        row = inbox.get(c.s, feedback_id)
    path = folder() / f"{row.id}.ogg"
    if row.voice is not VoiceState.READY or not path.is_file():
        raise NotFound("feedback.no_voice")
    answer = sound_file(path, media, cached_by="private")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _show(c: Context, row: Feedback, error: LoaError | None = None) -> str:
    return render_template(
        "feedback/show.html",
        row=row,
        code=spaced(row.code),
        again=inbox.said_again(c.s, row),
        error=error,
        typed=request.form.get("answer", ""),
        longest=inbox.LONGEST_ANSWER,
    )
