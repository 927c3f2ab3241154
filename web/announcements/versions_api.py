"""Announcements in other languages through the API, and which place listens to which."""

from collections.abc import Callable

from broadcaster.station.announcements import announcements, recordings, versions
from broadcaster.station.clips import jobs
from broadcaster.station.nodes import languages
from broadcaster.station.nodes.languages import LANGUAGES
from broadcaster.station.schema import Announcement as AnnouncementRow
from broadcaster.station.schema import Zone as ZoneRow
from web.announcements import version_bodies
from web.announcements.api import announcement_of, clip_answer, rendering_answer
from web.announcements.recordings_api import receive, revision_asked
from web.api.endpoints import Call, Endpoint
from web.security.access import READING, Kind, over
from web.units.languages import language_name


def listing(call: Call) -> version_bodies.Versions:
    return _answer_of(call, announcement_of(call))


def put(call: Call) -> version_bodies.Versions:
    announcement = announcement_of(call)
    recording: recordings.UploadedRecording = call.body
    versions.put(
        call.s,
        announcement=announcement,
        language=call.path["language"],
        revision=revision_asked(call, announcement.revision),
        recording=recording,
        text=call.query.get("text", ""),
        by=call.by,
        now_at=call.now_at,
    )
    return _answer_of(call, announcement)


def confirm(call: Call) -> version_bodies.Versions:
    return _change(call, versions.confirm)


def remove(call: Call) -> version_bodies.Versions:
    return _change(call, versions.remove)


def known(call: Call) -> list[version_bodies.Language]:  # noqa: ARG001  # every endpoint gets its call
    return [version_bodies.Language(code=code, name=language_name(code)) for code in LANGUAGES]


def heard(call: Call) -> version_bodies.ZoneLanguages:
    return _zone(languages.zone_of(call.s, call.path["zone_id"]))


def choose(call: Call) -> version_bodies.ZoneLanguages:
    zone = languages.zone_of(call.s, call.path["zone_id"])
    languages.choose(call.s, zone=zone, languages=call.body.languages, by=call.by, now_at=call.now_at)
    return _zone(zone)


def _change(call: Call, act: Callable[..., None]) -> version_bodies.Versions:
    announcement = announcement_of(call)
    act(
        call.s,
        announcement=announcement,
        language=call.path["language"],
        revision=revision_asked(call, announcement.revision),
        by=call.by,
        now_at=call.now_at,
    )
    return _answer_of(call, announcement)


def _answer_of(call: Call, announcement: AnnouncementRow) -> version_bodies.Versions:
    current = announcements.get(call.s, announcement.id)
    items = [
        version_bodies.Version(
            language=each.language,
            name=language_name(each.language),
            text=each.text,
            recording_name=each.recording_name,
            stale=versions.is_stale(current, each),
            clip=clip_answer(call.s, each.clip_sha256),
            rendering=rendering_answer(jobs.latest(call.s, current, language=each.language)),
            made_by=each.made_by.username,
            made_at=each.made_at,
        )
        for each in current.versions
    ]
    return version_bodies.Versions(revision=current.revision, items=items, missing=versions.missing(call.s, current))


def _zone(zone: ZoneRow) -> version_bodies.ZoneLanguages:
    return version_bodies.ZoneLanguages(id=zone.id, name=zone.name, languages=list(zone.languages))


_ALL = "/announcements/{announcement_id}/versions"
_ONE = _ALL + "/{language}"
_REVISION = {"revision": "Lần sửa mà người gọi đã thấy; bỏ trống là lần mới nhất."}
ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_ALL,
        access=READING,
        summary="Các bản bằng tiếng khác.",
        act=listing,
        gives=version_bodies.Versions,
    ),
    Endpoint(
        method="POST",
        path=_ONE,
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Thân yêu cầu là tệp ghi âm bằng tiếng này (mã trong /languages).",
        act=put,
        receives=receive,
        gives=version_bodies.Versions,
        query={"name": "Tên tệp.", "text": "Lời bằng tiếng đó, nếu có chữ viết."} | _REVISION,
    ),
    Endpoint(
        method="POST",
        path=_ONE + "/confirm",
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Xác nhận bản ghi vẫn đúng sau khi nội dung đổi.",
        act=confirm,
        gives=version_bodies.Versions,
        query=_REVISION,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE,
        access=over(Kind.ANNOUNCEMENT, "write"),
        summary="Bỏ bản này.",
        act=remove,
        gives=version_bodies.Versions,
        query=_REVISION,
    ),
    Endpoint(
        method="GET",
        path="/languages",
        access=READING,
        summary="Các thứ tiếng.",
        act=known,
        gives=list[version_bodies.Language],
    ),
    Endpoint(
        method="GET",
        path="/zones/{zone_id}/languages",
        access=READING,
        summary="Khu vực này nghe tiếng nào.",
        act=heard,
        gives=version_bodies.ZoneLanguages,
    ),
    Endpoint(
        method="PUT",
        path="/zones/{zone_id}/languages",
        access=over(Kind.ZONE, "write"),
        summary="Đặt các tiếng một khu vực nghe, theo thứ tự; danh sách trống là như đơn vị cấp trên.",
        act=choose,
        takes=version_bodies.ChosenLanguages,
        gives=version_bodies.ZoneLanguages,
    ),
)
