"""Nhạc của đài: uploaded once, heard and approved by a second person, chosen for slots."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError
from broadcaster.station.announcements import recordings
from broadcaster.station.clips import tunes
from broadcaster.station.people.roles import require
from broadcaster.station.schema import Clip
from broadcaster.station.vocabulary.states import TuneKind
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _
from web.translations.languages import later as _l

blueprint = Blueprint("tunes", __name__, url_prefix="/tunes")
KINDS = {
    TuneKind.OPENING: _l("Nhạc hiệu mở đầu"),
    TuneKind.ENDING: _l("Nhạc kết"),
    TuneKind.BED: _l("Nhạc nền dưới lời chào"),
    TuneKind.FILLER: _l("Nhạc đệm giữa các bản tin"),
}


@blueprint.get("")
@asks(READING)
def listing() -> str:
    return _page()


@blueprint.post("")
@asks(over_commune("write"))
def add() -> Response:
    upload, config = request.files.get("recording"), services().config
    try:
        with changing() as c:
            require(c.s, c.by, "write", None)
        if upload is None:
            raise Invalid("recording.file_not_chosen", field="recording")
        file = recordings.keep(
            upload.stream,
            name=upload.filename or "",
            clips_dir=config.clips_dir,
            most_megabytes=config.audio.largest_upload_megabytes,
        )
        with changing() as c:
            name = request.form.get("name", "").strip() or file.name
            kind = request.form.get("kind", "")
            tunes.add(c.s, kind=kind, name=name, recording_sha256=file.sha256, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    flash(
        _("Đã nhận tệp nhạc. Nghe thử khi làm xong; một người khác, có quyền duyệt, nghe và duyệt rồi mới phát."),
        "good",
    )
    return redirect(url_for(".listing"))


@blueprint.post("/<tune_id>/approve")
@asks(over_commune("approve"))
def approve(tune_id: str) -> Response:
    with changing() as c:
        clip_sha256 = request.form.get("clip_sha256", "")
        tunes.approve(c.s, tune=tunes.get(c.s, tune_id), clip_sha256=clip_sha256, by=c.by, now_at=c.now_at)
    flash(_("Đã duyệt. Khung giờ nào chọn bản nhạc này sẽ phát từ chương trình tới."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/<tune_id>/remove")
@asks(over_commune("write"))
def remove(tune_id: str) -> Response:
    with changing() as c:
        tunes.remove(c.s, tune=tunes.get(c.s, tune_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ bản nhạc."), "good")
    return redirect(url_for(".listing"))


def _page(error: LoaError | None = None) -> str:
    with reading() as c:
        found = tunes.listing(c.s)
        lengths = {each.id: c.s.get_one(Clip, each.clip_sha256).duration_ms for each in found if each.clip_sha256}
        return render_template(
            "tunes/list.html",
            tunes=found,
            lengths=lengths,
            kinds=KINDS,
            most_seconds=tunes.MOST_SECONDS,
            most_upload_megabytes=services().config.audio.largest_upload_megabytes,
            form=request.form,
            error=error,
        )
