"""Residents' messages through the API."""

from flask import Response

from broadcaster.errors import NotFound
from broadcaster.station.feedback import inbox, voices
from broadcaster.station.schema import Feedback as Row
from broadcaster.station.vocabulary.states import VoiceState
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.clips.files import OGG, sound_file
from web.feedback import bodies
from web.feedback.public import folder
from web.security.access import Kind, over, somewhere

SEES = ("broadcast", "manage_nodes")
OVER = over(Kind.FEEDBACK, *SEES)
WRITING = over(Kind.FEEDBACK, "write")


def listing(call: Call) -> list[bodies.Feedback]:
    state, node = call.query.get("state", ""), call.query.get("node", "")
    page = inbox.listing(call.s, by=call.by, state=state, node_id=node, page=page_asked(call))
    times = inbox.times(call.s, page.items)
    return [_answer_of(each, times[each.id]) for each in page.items]


def show(call: Call) -> bodies.Feedback:
    return _shown(call, _row(call))


def take(call: Call) -> bodies.Feedback:
    row = _row(call)
    inbox.take(call.s, row, by=call.by, now_at=call.now_at)
    return _shown(call, row)


def put_back(call: Call) -> bodies.Feedback:
    row = _row(call)
    inbox.put_back(call.s, row, by=call.by, now_at=call.now_at)
    return _shown(call, row)


def answer(call: Call) -> bodies.Feedback:
    row = _row(call)
    inbox.answer(call.s, row, text=call.body.answer, by=call.by, now_at=call.now_at)
    return _shown(call, row)


def draft(call: Call) -> bodies.DraftMade:
    return bodies.DraftMade(announcement_id=inbox.draft(call.s, _row(call), by=call.by, now_at=call.now_at).id)


def voice(call: Call) -> Response:
    row = _row(call)
    path = voices.sound(folder(), row.id)
    if row.voice is not VoiceState.READY or not path.is_file():
        raise NotFound("feedback.no_voice")
    found = sound_file(path, OGG, cached_by="private")
    found.headers["Cache-Control"] = "private, no-store"
    return found


def _row(call: Call) -> Row:
    return inbox.get(call.s, call.path["feedback_id"])


def _shown(call: Call, row: Row) -> bodies.Feedback:
    call.s.flush()
    call.s.refresh(row)
    return _answer_of(row, inbox.times(call.s, [row])[row.id])


def _answer_of(row: Row, times: int) -> bodies.Feedback:
    return bodies.Feedback(
        id=row.id,
        node=row.node_id,
        node_name=row.node.name,
        unit=row.unit_id,
        problem=row.problem.value,
        text=row.text,
        phone=row.phone,
        voice=row.voice.value,
        voice_seconds=row.voice_ms / 1000,
        received_at=row.received_at,
        times=times,
        state=row.state.value,
        taken_by=row.taken_by.full_name if row.taken_by else None,
        taken_at=row.taken_at,
        answer=row.answer,
        answered_by=row.answered_by.full_name if row.answered_by else None,
        answered_at=row.answered_at,
        announcement_id=row.announcement_id,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/feedback",
        access=somewhere(*SEES),
        summary="Phản ánh của bà con về các cụm loa mình phụ trách, mới nhất trước.",
        act=listing,
        gives=list[bodies.Feedback],
        query={"state": "new, in_hand hoặc answered.", "node": "Mã cụm loa.", "page": "Trang, từ 1."},
    ),
    Endpoint(
        method="GET",
        path="/feedback/{feedback_id}",
        access=OVER,
        summary="Một phản ánh.",
        act=show,
        gives=bodies.Feedback,
    ),
    Endpoint(
        method="POST",
        path="/feedback/{feedback_id}/take",
        access=OVER,
        summary="Nhận xử lý một phản ánh.",
        act=take,
        gives=bodies.Feedback,
    ),
    Endpoint(
        method="POST",
        path="/feedback/{feedback_id}/put-back",
        access=OVER,
        summary="Để lại cho người khác xử lý.",
        act=put_back,
        gives=bodies.Feedback,
    ),
    Endpoint(
        method="POST",
        path="/feedback/{feedback_id}/answer",
        access=OVER,
        summary="Trả lời; bà con đọc bằng mã phản ánh.",
        act=answer,
        takes=bodies.FeedbackAnswer,
        gives=bodies.Feedback,
    ),
    Endpoint(
        method="POST",
        path="/feedback/{feedback_id}/draft",
        access=WRITING,
        summary="Tạo bản nháp bản tin từ câu trả lời.",
        act=draft,
        gives=bodies.DraftMade,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/feedback/{feedback_id}/voice.ogg",
        access=OVER,
        summary="Tiếng nói của người phản ánh.",
        act=voice,
        gives=bytes,
        media=OGG,
    ),
)
