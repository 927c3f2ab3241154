"""Announcements through the API."""

from dataclasses import asdict, replace
from typing import Any

import msgspec
from flask import url_for
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.payments import vietqr
from broadcaster.payments.levy import Levy
from broadcaster.refusals.reasons import decode
from broadcaster.station.announcements import announcements, origins
from broadcaster.station.announcements.steps import Step, require_step, steps
from broadcaster.station.clips import jobs
from broadcaster.station.hearings import hearings
from broadcaster.station.schema import Announcement, Clip, MachineHearing, Person, RenderJob
from broadcaster.station.schema.announcement_fields import AnnouncementFields, Use, fields_of, used
from broadcaster.station.vocabulary.states import AnnouncementState
from web.announcements import bodies
from web.api import bodies as api_bodies
from web.api.endpoints import Call, Endpoint
from web.api.query import page_asked
from web.clips.recordings import found_in
from web.security.access import READING, Kind, over, over_named
from web.shell.telling import said
from web.shell.words import ANNOUNCEMENT
from web.wishes.bodies import answer_of as wish_answer


def create(call: Call) -> bodies.Announcement:
    wanted: bodies.NewAnnouncement = call.body
    written = AnnouncementFields(**msgspec.structs.asdict(wanted) | {"levy": _levy_of(wanted.levy)})
    origins.require_typed(written.origin, None)
    announcement = announcements.create(call.s, written, by=call.by, now_at=call.now_at)
    return answer_of(call.s, announcement, call.by)


def edit(call: Call) -> bodies.Announcement:
    values = {name: value for name, value in msgspec.structs.asdict(call.body).items() if value is not msgspec.UNSET}
    if "levy" in values:
        values["levy"] = _levy_of(values["levy"])
    revision, announcement = values.pop("revision"), announcement_of(call)
    written = replace(fields_of(announcement), **values)
    origins.require_typed(written.origin, announcement)
    changed = announcements.edit(call.s, announcement, written, revision=revision, by=call.by, now_at=call.now_at)
    return answer_of(call.s, changed, call.by)


def listing(call: Call) -> bodies.Announcements:
    found = announcements.listing(
        call.s, state=state_asked(call.query.get("status")), query=call.query.get("q", ""), page=page_asked(call)
    )
    items = [answer_of(call.s, each, call.by) for each in found.items]
    return bodies.Announcements(items=items, page=found.page, pages=found.pages, total=found.total)


def state_asked(text: str | None) -> AnnouncementState | None:
    if not text:
        return None
    if text not in ANNOUNCEMENT:
        raise Invalid("api.state_unknown", field="status", state=text[:40], known=ANNOUNCEMENT)
    return AnnouncementState(text)


def show(call: Call) -> bodies.Announcement:
    return answer_of(call.s, announcement_of(call), call.by)


def render(call: Call) -> bodies.Announcement:
    announcement = announcement_of(call)
    require_step(call.s, Step.RENDER, announcement, call.by)
    jobs.queue(call.s, announcement=announcement, now_at=call.now_at)
    return answer_of(call.s, announcement, call.by)


def stop_rendering(call: Call) -> bodies.Announcement:
    announcement = announcement_of(call)
    require_step(call.s, Step.STOP_RENDERING, announcement, call.by)
    jobs.cancel_latest(call.s, announcement=announcement, now_at=call.now_at)
    return answer_of(call.s, announcement, call.by)


def announcement_of(call: Call) -> Announcement:
    return announcements.get(call.s, call.path["announcement_id"])


def answer_of(s: Session, announcement: Announcement, by: Person) -> bodies.Announcement:
    written = {name: getattr(announcement, name) for name in used(Use.ANSWERED)}
    return bodies.Announcement(
        **written
        | {
            "zones": [api_bodies.Zone(id=zone.id, name=zone.name) for zone in announcement.zones],
            "levy": _levy(announcement),
            "wish": wish_answer(announcement.wish),
        },
        id=announcement.id,
        status=str(announcement.state),
        script=announcement.script,
        doubts=[_doubt(each) for each in announcement.doubts],
        clip=clip_answer(s, announcement.clip_sha256),
        rendering=rendering_answer(jobs.latest(s, announcement)),
        content_hash=announcement.content_hash,
        revision=announcement.revision,
        created_by=announcement.created_by.username,
        created_at=announcement.created_at,
        updated_by=announcement.updated_by.username,
        updated_at=announcement.updated_at,
        comment=announcement.comment,
        sent_class=announcement.sent_class,
        heard=_heard(hearings.of(s, announcement.clip_sha256)),
        steps=sorted(steps(s, announcement, by)),
    )


def _levy_of(asked: bodies.NewLevy | None) -> Levy | None:
    return Levy(**msgspec.structs.asdict(asked)) if asked is not None else None


def _doubt(stored: dict[str, Any]) -> dict[str, Any]:
    """As programs see it: the reason as its code and as a sentence."""
    reason = decode(stored["reason"])
    return {**stored, "reason": said(reason), "code": reason.code}


def _heard(row: MachineHearing | None) -> bodies.HeardByMachine | None:
    if row is None:
        return None
    unheard = [
        bodies.HeardWord(word=each["word"], figure=each["figure"], before=each["before"], after=each["after"])
        for each in row.marks or ()
    ]
    return bodies.HeardByMachine(words=row.words, unheard=unheard, transcript=row.text)


def _levy(announcement: Announcement) -> bodies.Levy | None:
    levy = announcement.levy
    if levy is None:
        return None
    return bodies.Levy(**asdict(levy), bank=levy.bank.short, vietqr=vietqr.payload(levy))


def clip_answer(s: Session, sha256: str | None) -> bodies.Clip | None:
    found = s.get(Clip, sha256) if sha256 else None
    if found is None:
        return None
    return bodies.Clip(
        sha256=found.sha256,
        url=url_for("api.get_clips_ogg", sha256=found.sha256),
        m4a_url=url_for("api.get_clips_m4a", sha256=found.sha256),
        seconds=found.duration_ms / 1000,
        size_bytes=found.size_bytes,
        engine=found.engine,
        fallback_reason=said(found.fallback_reason) if found.fallback_reason else None,
        loudness_lufs=found.loudness_lufs,
        recorded=_recording_answer(found),
    )


def _recording_answer(clip: Clip) -> bodies.Recorded | None:
    found = found_in(clip)
    if found is None:
        return None
    return bodies.Recorded(
        container=found.container,
        codec=found.codec,
        stated_seconds=None if found.stated_ms is None else found.stated_ms / 1000,
        seconds=found.decoded_ms / 1000,
        recordings=found.recordings,
        tracks=found.tracks,
        broken=round(found.broken_packets / max(1, found.packets), 3),
    )


def rendering_answer(job: RenderJob | None) -> bodies.Rendering | None:
    if job is None:
        return None
    return bodies.Rendering(
        status=str(job.state),
        progress=job.progress,
        stage=said(job.stage),
        error=said(job.error) if job.error else None,
        error_code=job.error.code if job.error else None,
    )


_ONE = "/announcements/{announcement_id}"
ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/announcements",
        access=over_named("write"),
        summary="Soạn một bản tin; tệp phát được tạo ngay sau đó.",
        act=create,
        takes=bodies.NewAnnouncement,
        gives=bodies.Announcement,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/announcements",
        access=READING,
        summary="Danh sách bản tin, mới nhất trước.",
        act=listing,
        gives=bodies.Announcements,
        query={"status": "Chỉ những bản tin ở trạng thái này.", "q": "Từ cần tìm.", "page": "Trang, từ 1."},
    ),
    Endpoint(method="GET", path=_ONE, access=READING, summary="Một bản tin.", act=show, gives=bodies.Announcement),
    Endpoint(
        method="PATCH",
        path=_ONE,
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Sửa bản tin; việc duyệt trước đó mất hiệu lực nếu nội dung đổi.",
        act=edit,
        takes=bodies.EditedAnnouncement,
        gives=bodies.Announcement,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/render",
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Tạo lại tệp phát.",
        act=render,
        gives=bodies.Announcement,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE + "/render",
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Dừng việc tạo tệp phát.",
        act=stop_rendering,
        gives=bodies.Announcement,
    ),
)
