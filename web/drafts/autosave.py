"""Bản viết dở: what is being typed is kept while it is typed, for whoever types it."""

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from broadcaster.station.announcements import autosaves
from web.drafts import composing
from web.security.access import asks, somewhere
from web.shell.logins import local_path
from web.shell.request_context import changing
from web.translations.languages import gettext as _

blueprint = Blueprint("autosave", __name__, url_prefix="/drafts")


@blueprint.post("/<key>")
@asks(somewhere("write"))
def keep(key: str) -> Response:
    with changing() as c:
        autosaves.keep(c.s, key=key, content=composing.content_of(request.form), by=c.by, now_at=c.now_at)
    return Response(status=204)


@blueprint.post("/<key>/drop")
@asks(somewhere("write"))
def drop(key: str) -> Response:
    with changing() as c:
        autosaves.drop(c.s, key, by=c.by)
    flash(_("Đã bỏ bản viết dở."), "good")
    return redirect(local_path(request.form.get("next")))
