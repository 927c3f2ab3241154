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
from web.forms.parsing import seen_revision
from web.security.access import READING, Kind, asks, over
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _
from web.units.languages import language_name

blueprint = Blueprint("versions", __name__, url_prefix="/announcements/<announcement_id>/versions")


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version as the page shows it: with its language's name, its clip, the making of it, and whether it is old."""

    version: Version
    name: str
    clip: Clip | None
    job: RenderJob | None
    stale: bool


def of(c: Context, announcement: Announcement) -> dict[str, object]:
    """What the page of an announcement says about its languages."""
    missing = versions.missing(c.s, announcement)
    order = [*missing, *(code for code in LANGUAGES if code not in missing)]
    return {
        "versions": [_heard(c, announcement, each) for each in announcement.versions],
        "unready": versions.obstacle(c.s, announcement),
        "missing": {language_name(code): nodes for code, nodes in missing.items()},
        "language_choices": [(code, language_name(code)) for code in order if code != VIETNAMESE],
    }


def _heard(c: Context, announcement: Announcement, version: Version) -> VersionView:
    return VersionView(
        version,
        language_name(version.language),
        c.s.get(Clip, version.clip_sha256) if version.clip_sha256 else None,
        jobs.latest(c.s, announcement, language=version.language),
        versions.is_stale(announcement, version),
    )


@blueprint.get("/<language>")
@asks(READING)
def show(announcement_id: str, language: str) -> str:
    """The part of the page that changes while the clip of one version is made."""
    with reading() as c:
        announcement = announcements.get(c.s, announcement_id)
        heard = _heard(c, announcement, versions.get(announcement, language))
        return render_template("announcements/version.html", announcement=announcement, heard=heard)


@blueprint.post("")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def put(announcement_id: str) -> Response:
    upload = request.files.get("recording")
    if upload is None or not upload.filename:
        raise Invalid("version.not_recorded", field="recording")
    with reading() as c:
        require_in(c.s, announcements.get(c.s, announcement_id).zones, by=c.by, permission="write")
    recording = recordings.keep(
        upload.stream,
        name=upload.filename,
        clips_dir=services().config.clips_dir,
        most_megabytes=services().config.audio.largest_upload_megabytes,
    )
    with changing() as c:
        made = versions.put(
            c.s,
            announcement=announcements.get(c.s, announcement_id),
            language=request.form.get("language", ""),
            revision=seen_revision(request.form.get("revision", "")),
            recording=recording,
            text=request.form.get("text", ""),
            by=c.by,
            now_at=c.now_at,
        )
        name = language_name(made.language)
    flash(_("Đã nhận bản %(name)s. Tệp phát đang được tạo; nghe thử ngay khi xong.", name=name), "good")
    return _back(announcement_id)


@blueprint.post("/<language>/confirm")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def confirm(announcement_id: str, language: str) -> Response:
    _decide(versions.confirm, announcement_id, language)
    flash(_("Đã xác nhận: bản ghi vẫn đúng với nội dung."), "good")
    return _back(announcement_id)


@blueprint.post("/<language>/remove")
@asks(over(Kind.ANNOUNCEMENT, "write"))
def remove(announcement_id: str, language: str) -> Response:
    _decide(versions.remove, announcement_id, language)
    flash(_("Đã bỏ bản ghi."), "good")
    return _back(announcement_id)


def _decide(decision: Callable[..., object], announcement_id: str, language: str) -> None:
    """One of the two about a version that is there, seen at the revision of the form."""
    with changing() as c:
        announcement = announcements.get(c.s, announcement_id)
        decision(
            c.s,
            announcement=announcement,
            language=language,
            revision=seen_revision(request.form.get("revision", "")),
            by=c.by,
            now_at=c.now_at,
        )


def _back(announcement_id: str) -> Response:
    return redirect(url_for("announcements.show", announcement_id=announcement_id, _anchor="versions"))
