"""Bản tin in other languages: recorded, heard, confirmed, taken back."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid
from broadcaster.station.announcements import announcements, recordings, versions
from broadcaster.station.clips import jobs
from broadcaster.station.nodes.languages import LANGUAGES, VIETNAMESE
from broadcaster.station.schema import Announcement, Clip, RenderJob, Version
from broadcaster.station.units.units import require_in
from web.drafts import form as drafts
from web.shell.request_context import Desk, desk, reading
from web.shell.services import house
from web.translations.languages import gettext as _

blueprint = Blueprint("versions", __name__, url_prefix="/announcements/<announcement_id>/versions")


@dataclass(frozen=True, slots=True)
class Heard:
    """A version as the page shows it: with its language's name, its clip, the making of it, and whether it is old."""

    version: Version
    name: str
    clip: Clip | None
    job: RenderJob | None
    stale: bool


def of(d: Desk, announcement: Announcement) -> dict[str, object]:
    """What the page of an announcement says about its languages."""
    missing = versions.missing(d.s, announcement)
    order = [*missing, *(code for code in LANGUAGES if code not in missing)]
    return {
        "versions": [_heard(d, announcement, each) for each in announcement.versions],
        "unready": versions.obstacle(d.s, announcement),
        "missing": {LANGUAGES[code]: poles for code, poles in missing.items()},
        "language_choices": [(code, LANGUAGES[code]) for code in order if code != VIETNAMESE],
    }


def _heard(d: Desk, announcement: Announcement, version: Version) -> Heard:
    return Heard(
        version,
        LANGUAGES.get(version.language, version.language),
        d.s.get(Clip, version.clip_sha256) if version.clip_sha256 else None,
        jobs.latest(d.s, announcement, language=version.language),
        versions.is_stale(announcement, version),
    )


@blueprint.get("/<language>")
def show(announcement_id: str, language: str) -> str:
    """The part of the page that changes while the clip of one version is made."""
    with reading() as d:
        announcement = announcements.get(d.s, announcement_id)
        heard = _heard(d, announcement, versions.get(announcement, language))
        return render_template("announcements/version.html", announcement=announcement, heard=heard)


@blueprint.post("")
def put(announcement_id: str) -> Response:
    upload = request.files.get("recording")
    if upload is None or not upload.filename:
        raise Invalid("Chưa ghi âm hoặc chưa chọn tệp. Hãy ghi âm rồi bấm lại.", field="recording")
    with reading() as d:
        require_in(d.s, announcements.get(d.s, announcement_id).zones, by=d.by, permission="write")
    recording = recordings.keep(
        upload.stream,
        name=upload.filename,
        clips_dir=house().config.clips_dir,
        most_megabytes=house().config.audio.largest_upload_megabytes,
    )
    with desk() as d:
        made = versions.put(
            d.s,
            announcement=announcements.get(d.s, announcement_id),
            language=request.form.get("language", ""),
            revision=_seen_revision(),
            recording=recording,
            text=request.form.get("text", ""),
            by=d.by,
            now_at=d.now_at,
        )
        name = LANGUAGES[made.language]
    flash(_("Đã nhận bản %(name)s. Tệp phát đang được tạo; nghe thử ngay khi xong.", name=name), "good")
    return _back(announcement_id)


@blueprint.post("/<language>/confirm")
def confirm(announcement_id: str, language: str) -> Response:
    _decide(versions.confirm, announcement_id, language)
    flash(_("Đã xác nhận: bản ghi vẫn đúng với nội dung."), "good")
    return _back(announcement_id)


@blueprint.post("/<language>/remove")
def remove(announcement_id: str, language: str) -> Response:
    _decide(versions.remove, announcement_id, language)
    flash(_("Đã bỏ bản ghi."), "good")
    return _back(announcement_id)


def _decide(decision: Callable[..., object], announcement_id: str, language: str) -> None:
    """One of the two about a version that is there, seen at the revision of the form."""
    with desk() as d:
        announcement = announcements.get(d.s, announcement_id)
        decision(d.s, announcement=announcement, language=language, revision=_seen_revision(), by=d.by, now_at=d.now_at)


def _seen_revision() -> int:
    return drafts.whole_number(request.form.get("revision", ""), field="revision", name="Số lần sửa")


def _back(announcement_id: str) -> Response:
    return redirect(url_for("announcements.show", announcement_id=announcement_id, _anchor="versions"))
