"""Ready texts for emergencies through the API."""

from broadcaster.station.emergencies import phrasebook, releasing
from web.announcements import bodies as announcements_bodies
from web.announcements.api import announcement_of, answer_of
from web.api.endpoints import Call, Endpoint
from web.emergencies.bodies import HeardTexts, NotReleased, Phrasebook, Released
from web.security.access import READING, Kind, over, over_named, somewhere
from web.shell.telling import said


def book(call: Call) -> list[announcements_bodies.Announcement]:
    return [answer_of(call.s, each, call.by) for each in phrasebook.book(call.s)]


def fill(call: Call) -> list[announcements_bodies.Announcement]:
    phrasebook.fill(call.s, zones=call.body.zones, by=call.by, now_at=call.now_at)
    return book(call)


def drill(call: Call) -> announcements_bodies.Announcement:
    made = phrasebook.drill_of(call.s, announcement_of(call), by=call.by, now_at=call.now_at)
    return answer_of(call.s, made, call.by)


def release(call: Call) -> Released:
    """Each text is refused by itself, so the answer is never a refusal as a whole."""
    sitting = releasing.release(call.s, call.body.heard, by=call.by, now_at=call.now_at)
    return Released(
        released=list(sitting.released),
        refused=[NotReleased(title=title, detail=said(why)) for title, why in sitting.refused],
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/phrases",
        access=READING,
        summary="Sổ tay khẩn cấp: các bản tin chuẩn bị sẵn và bản diễn tập của chúng.",
        act=book,
        gives=list[announcements_bodies.Announcement],
    ),
    Endpoint(
        method="POST",
        path="/phrases",
        access=over_named("write"),
        summary="Chép các mẫu còn thiếu vào sổ tay; mỗi bản vẫn phải được nghe và duyệt.",
        act=fill,
        takes=Phrasebook,
        gives=list[announcements_bodies.Announcement],
    ),
    Endpoint(
        method="POST",
        path="/phrases/release",
        access=somewhere("approve"),
        summary="Duyệt một lượt các bản tin của sổ tay đã nghe; mỗi bản theo mã của đúng nội dung đã nghe.",
        act=release,
        takes=HeardTexts,
        gives=Released,
    ),
    Endpoint(
        method="POST",
        path="/phrases/{announcement_id}/drill",
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Tạo bản diễn tập từ một bản tin trong sổ tay.",
        act=drill,
        gives=announcements_bodies.Announcement,
        status=201,
    ),
)
