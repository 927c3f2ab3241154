"""The sound of an announcement: made by a voice or brought as a recording, stopped, made again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.announcements import announcements, recordings
from broadcaster.station.clips import jobs
from broadcaster.station.schema import Announcement, Clip
from broadcaster.station.units import units
from web.drafts import form as drafts
from web.shell.request_context import Desk, desk, reading
from web.shell.services import house
from web.translations.languages import gettext as _

blueprint = Blueprint("sounds", __name__, url_prefix="/announcements")


def of(d: Desk, announcement: Announcement) -> dict[str, object]:
    """The clip of an announcement and the making of it, as pages show them."""
    sha256 = announcement.clip_sha256
    return {
        "clip": d.s.get(Clip, sha256) if sha256 else None,
        "job": jobs.latest(d.s, announcement),
        "most_upload_megabytes": house().config.audio.largest_upload_megabytes,
    }


@blueprint.get("/<announcement_id>/sound")
def sound(announcement_id: str) -> str:
    """The part of the page that changes while the clip is made."""
    with reading() as d:
        announcement = announcements.get(d.s, announcement_id)
        return render_template("announcements/sound.html", announcement=announcement, **of(d, announcement))


@blueprint.post("/<announcement_id>/sound")
def render_again(announcement_id: str) -> Response:
    with desk() as d:
        jobs.queue(d.s, announcement=_mine(d, announcement_id), now_at=d.now_at)
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/<announcement_id>/sound/stop")
def stop_rendering(announcement_id: str) -> Response:
    with desk() as d:
        job = jobs.latest(d.s, _mine(d, announcement_id))
        if job is None:
            raise Conflict("Chưa có việc tạo tệp phát nào cho bản tin này.")
        jobs.cancel(d.s, job=job, now_at=d.now_at)
    flash(_("Đã dừng tạo tệp phát. Bản tin vẫn còn; bấm tạo lại khi cần."), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/<announcement_id>/recording")
def attach_recording(announcement_id: str) -> Response:
    upload = request.files.get("recording")
    if upload is None:
        raise Invalid("Chưa chọn tệp ghi âm. Hãy chọn tệp rồi bấm lại.", field="recording")
    with desk() as d:
        _mine(d, announcement_id)
    recording = recordings.keep(
        upload.stream,
        name=upload.filename or "",
        clips_dir=house().config.clips_dir,
        most_megabytes=house().config.audio.largest_upload_megabytes,
    )
    with desk() as d:
        announcement = announcements.get(d.s, announcement_id)
        seen = _seen_revision()
        recordings.attach(d.s, announcement=announcement, revision=seen, recording=recording, by=d.by, now_at=d.now_at)
    flash(_("Đã nhận tệp ghi âm. Tệp phát đang được tạo; nghe thử ngay khi xong."), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/<announcement_id>/recording/remove")
def detach_recording(announcement_id: str) -> Response:
    with desk() as d:
        announcement = announcements.get(d.s, announcement_id)
        recordings.detach(d.s, announcement=announcement, revision=_seen_revision(), by=d.by, now_at=d.now_at)
    flash(_("Đã bỏ bản ghi âm. Giọng đọc máy đang đọc văn bản."), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


def _seen_revision() -> int:
    return drafts.whole_number(request.form.get("revision", ""), field="revision", name="Số lần sửa")


def _mine(d: Desk, announcement_id: str) -> Announcement:
    """The announcement, for somebody who may write where it sounds. Raises NotFound or NotAllowed."""
    announcement = announcements.get(d.s, announcement_id)
    units.require_in(d.s, announcement.zones, by=d.by, permission="write")
    return announcement
