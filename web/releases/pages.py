"""Bản cập nhật: which version each node runs, and newer ones on their way to them."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.people.roles import require
from broadcaster.station.releases import releases, wheels
from broadcaster.station.releases.wheels import SentFile
from web.forms.parsing import figures
from web.releases import words
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("releases", __name__, url_prefix="/releases")
_MANAGING = over_commune("manage_nodes")
ACTS = {"pause": releases.pause, "resume": releases.resume, "withdraw": releases.withdraw}


@blueprint.get("")
@asks(READING)
def listing() -> str:
    return _page()


@blueprint.post("")
@asks(_MANAGING)
def add() -> Response:
    sent = [SentFile(each.filename or "", each.stream) for each in request.files.getlist("files") if each.filename]
    try:
        with changing() as c:
            require(c.s, c.by, "manage_nodes", None)
        files = [wheels.keep(services().config.data_dir, each) for each in sent]
        with changing() as c:
            quiet_only = "quiet_only" in request.form
            releases.add(c.s, files=files, quiet_only=quiet_only, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return _again(error)
    flash(_("Đã nhận bản cập nhật. Một người khác, có quyền quản lý cụm loa, phát hành."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/<release_id>/start")
@asks(_MANAGING)
def start(release_id: str) -> Response:
    hours = figures(request.form.get("hours", "24"), most=4)
    try:
        with changing() as c:
            releases.start(
                c.s,
                release=releases.get(c.s, release_id),
                canaries=request.form.getlist("canaries"),
                hours=-1 if hours is None else hours,
                by=c.by,
                now_at=c.now_at,
            )
    except LoaError as error:
        return _again(error)
    flash(_("Đã phát hành. Các cụm loa thử trước nhận bản mới; các đợt sau tự đi tiếp."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/<release_id>/pause")
@asks(_MANAGING)
def pause(release_id: str) -> Response:
    return _act("pause", release_id, _("Đã tạm dừng. Không cụm loa nào được giao thêm."))


@blueprint.post("/<release_id>/resume")
@asks(_MANAGING)
def resume(release_id: str) -> Response:
    return _act("resume", release_id, _("Bản cập nhật đi tiếp."))


@blueprint.post("/<release_id>/withdraw")
@asks(_MANAGING)
def withdraw(release_id: str) -> Response:
    return _act("withdraw", release_id, _("Đã rút bản cập nhật. Cụm loa nào đã chạy bản này vẫn chạy tiếp."))


def _act(name: str, release_id: str, done: str) -> Response:
    with changing() as c:
        ACTS[name](c.s, release=releases.get(c.s, release_id), by=c.by, now_at=c.now_at)
    flash(done, "good")
    return redirect(url_for(".listing"))


def _again(error: LoaError) -> Response:
    return make_response(_page(error), status_of(error))


def _page(error: LoaError | None = None) -> str:
    with reading() as c:
        found = releases.listing(c.s)
        return render_template(
            "releases/list.html",
            releases=found,
            lines={each.id: words.lines(c.s, each) for each in found},
            candidates={each.id: words.candidates(c.s, each) for each in found if each.started_at is None},
            versions=words.versions(c.s),
            stages=words.STAGES,
            error=error,
        )
