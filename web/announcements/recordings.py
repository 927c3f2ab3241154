"""The sound of an announcement: made by a voice or brought as a recording, stopped, made again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid
from broadcaster.station.announcements import announcements, recordings, steps
from broadcaster.station.announcements.steps import Step
from broadcaster.station.clips import jobs
from broadcaster.station.hearings import hearings
from broadcaster.station.schema import Announcement, Clip
from web.forms.parsing import seen_revision
from web.security.access import READING, Kind, asks, over
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("recordings", __name__, url_prefix="/announcements")


def of(c: Context, announcement: Announcement) -> dict[str, object]:
    """The clip of an announcement and the making of it, as pages show them."""
    sha256 = announcement.clip_sha256
    return {
        "clip": c.s.get(Clip, sha256) if sha256 else None,
        "job": jobs.latest(c.s, announcement),
        "heard": hearings.of(c.s, sha256),
        "most_upload_megabytes": services().config.audio.largest_upload_megabytes,
    }


@blueprint.get("/<announcement_id>/sound")
@asks(READING)
def sound(announcement_id: str) -> str:
    """The part of the page that changes while the clip is made."""
    with reading() as c:
        announcement = announcements.get(c.s, announcement_id)
        mine = steps.steps(c.s, announcement, c.by)
        return render_template("announcements/sound.html", announcement=announcement, steps=mine, **of(c, announcement))


@blueprint.get("/<announcement_id>/heard")
@asks(READING)
def heard(announcement_id: str) -> str:
    """What the machine listener made of the clip, once it listened."""
    with reading() as c:
        return render_template("announcements/heard.html", **of(c, announcements.get(c.s, announcement_id)))


@blueprint.post("/<announcement_id>/sound")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def render_again(announcement_id: str) -> Response:
    with changing() as c:
        jobs.queue(c.s, announcement=_for(c, Step.RENDER, announcement_id), now_at=c.now_at)
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/<announcement_id>/sound/stop")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def stop_rendering(announcement_id: str) -> Response:
    with changing() as c:
        jobs.cancel_latest(c.s, announcement=_for(c, Step.STOP_RENDERING, announcement_id), now_at=c.now_at)
    flash(_("Đã dừng tạo tệp phát. Bản tin vẫn còn; bấm tạo lại khi cần."), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/<announcement_id>/recording")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def attach_recording(announcement_id: str) -> Response:
    upload = request.files.get("recording")
    if upload is None:
        raise Invalid("recording.file_not_chosen", field="recording")
    with changing() as c:
        _for(c, Step.EDIT, announcement_id)
    recording = recordings.keep(
        upload.stream,
        name=upload.filename or "",
        clips_dir=services().config.clips_dir,
        most_megabytes=services().config.audio.largest_upload_megabytes,
    )
    with changing() as c:
        announcement = announcements.get(c.s, announcement_id)
        seen = seen_revision(request.form.get("revision", ""))
        recordings.attach(c.s, announcement=announcement, revision=seen, recording=recording, by=c.by, now_at=c.now_at)
    flash(_("Đã nhận tệp ghi âm. Tệp phát đang được tạo; nghe thử ngay khi xong."), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


@blueprint.post("/<announcement_id>/recording/remove")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def detach_recording(announcement_id: str) -> Response:
    with changing() as c:
        announcement = announcements.get(c.s, announcement_id)
        recordings.detach(
            c.s,
            announcement=announcement,
            revision=seen_revision(request.form.get("revision", "")),
            by=c.by,
            now_at=c.now_at,
        )
    flash(_("Đã bỏ bản ghi âm. Giọng đọc máy đang đọc văn bản."), "good")
    return redirect(url_for("announcements.show", announcement_id=announcement_id))


def _for(c: Context, step: Step, announcement_id: str) -> Announcement:
    """The announcement, for somebody who may take this step. Raises what stands in the way."""
    announcement = announcements.get(c.s, announcement_id)
    steps.require_step(c.s, step, announcement, c.by)
    return announcement
