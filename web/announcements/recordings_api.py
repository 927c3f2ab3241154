"""Recordings through the API: the file is the body itself."""

from flask import request

from broadcaster.station.announcements import recordings
from web.announcements import bodies
from web.announcements.api import announcement_of, answer_of
from web.api.endpoints import Call, Endpoint
from web.forms.parsing import seen_revision
from web.security.access import Kind, over
from web.shell.services import services


def receive() -> recordings.UploadedRecording:
    """The file, kept."""
    config = services().config
    return recordings.keep(
        request.stream,
        name=request.args.get("name", ""),
        clips_dir=config.clips_dir,
        most_megabytes=config.audio.largest_upload_megabytes,
    )


def attach(call: Call) -> bodies.Announcement:
    announcement = announcement_of(call)
    changed = recordings.attach(
        call.s,
        announcement=announcement,
        revision=revision_asked(call, announcement.revision),
        recording=call.body,
        by=call.by,
        now_at=call.now_at,
    )
    return answer_of(call.s, changed, call.by)


def detach(call: Call) -> bodies.Announcement:
    announcement = announcement_of(call)
    revision = revision_asked(call, announcement.revision)
    changed = recordings.detach(call.s, announcement=announcement, revision=revision, by=call.by, now_at=call.now_at)
    return answer_of(call.s, changed, call.by)


def revision_asked(call: Call, newest: int) -> int:
    asked = call.query.get("revision")
    return seen_revision(asked) if asked else newest


_ONE = "/announcements/{announcement_id}/recording"
_REVISION = {"revision": "Lần sửa mà người gọi đã thấy; bỏ trống là lần mới nhất."}
ENDPOINTS = (
    Endpoint(
        method="POST",
        path=_ONE,
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Thân yêu cầu là tệp ghi âm của bất kỳ máy nào (MP3, M4A, AMR, WMA…), được phát thay giọng đọc.",
        act=attach,
        receives=receive,
        gives=bodies.Announcement,
        query={"name": "Tên tệp."} | _REVISION,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE,
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Bỏ bản ghi âm, quay lại giọng đọc máy.",
        act=detach,
        gives=bodies.Announcement,
        query=_REVISION,
    ),
)
