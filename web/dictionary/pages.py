"""Từ điển đọc: how this commune says its own words."""

from urllib.parse import urlencode

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from broadcaster.errors import Invalid, LoaError
from broadcaster.station.clips import dictionary, dictionary_changes
from web.forms.query_arguments import asked_page, asked_words
from web.security.access import READING, Kind, asks, over, over_commune, over_named
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.translations.languages import gettext as _
from web.translations.languages import ngettext

blueprint = Blueprint("dictionary", __name__, url_prefix="/dictionary")

FIELDS = ("unit_id", "written", "reading", "match_case", "whole_word")


@blueprint.get("")
@asks(READING)
def listing() -> str:
    asked = MultiDict(request.args)
    if "written" not in asked:
        asked["whole_word"] = "1"
    return _page(asked)


@blueprint.post("")
@asks(over_named("write"))
def add() -> str | AnyResponse:
    form = request.form
    try:
        with changing() as c:
            line = dictionary_changes.teach(
                c.s,
                unit_id=form.get("unit_id", ""),
                written=form.get("written", ""),
                reading=form.get("reading", ""),
                match_case="match_case" in form,
                whole_word="whole_word" in form,
                by=c.by,
                now_at=c.now_at,
            )
            flash(_("Đã lưu: “%(written)s” đọc là “%(reading)s”.", written=line.written, reading=line.reading), "good")
    except LoaError as error:
        return make_response(_page(form, error), status_of(error))
    return redirect(url_for(".listing"))


@blueprint.post("/listen")
@asks(over_commune("write"))
def listen() -> str | AnyResponse:
    """Have what is typed said, and come back with the form as it was."""
    form = request.form
    try:
        with changing() as c:
            dictionary_changes.listen(
                c.s, written=form.get("written", ""), reading=form.get("reading", ""), by=c.by, now_at=c.now_at
            )
    except LoaError as error:
        return make_response(_page(form, error), status_of(error))
    typed = {name: form[name] for name in FIELDS if name in form}
    return redirect(f"{url_for('.listing')}?{urlencode(typed | {'listen': '1'})}")


@blueprint.get("/sound")
@asks(READING)
def sound() -> str:
    """The part of the page that waits for the sound of a reading."""
    asked = request.args.get("reading", "")[: dictionary.LONGEST_READING]
    with reading() as c:
        clip, error = dictionary_changes.heard(c.s, asked)
        return render_template("dictionary/sound.html", clip=clip, error=error)


@blueprint.post("/<entry_id>/remove")
@asks(over(Kind.READING, "write"))
def remove(entry_id: str) -> AnyResponse:
    with changing() as c:
        dictionary_changes.forget(c.s, entry_id=entry_id, by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ khỏi từ điển đọc."), "good")
    return redirect(url_for(".listing"))


@blueprint.get("/export.tsv")
@asks(READING)
def export() -> Response:
    with reading() as c:
        content = dictionary.reading_dictionary(c.s).to_tsv()
    response = Response(content, mimetype="text/tab-separated-values")
    response.headers["Content-Disposition"] = 'attachment; filename="tu-dien-doc.tsv"'
    return response


@blueprint.post("/import")
@asks(over_named("write"))
def take_over() -> str | AnyResponse:
    try:
        content = _uploaded()
        with changing() as c:
            unit_id = request.form.get("unit_id", "")
            new = dictionary_changes.take_over(c.s, unit_id=unit_id, content=content, by=c.by, now_at=c.now_at)
            count = len(new)
    except LoaError as error:
        return make_response(_page(MultiDict({"whole_word": "1"}), error), status_of(error))
    flash(ngettext("Đã nhập %(num)d mục mới hoặc đã đổi.", "Đã nhập %(num)d mục mới hoặc đã đổi.", count), "good")
    return redirect(url_for(".listing"))


def _uploaded() -> str:
    """The text of the uploaded file. Raises Invalid."""
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content.strip():
        raise Invalid("dictionary.file_not_chosen", field="file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("dictionary.file_not_utf8", field="file") from None


def _page(form: MultiDict[str, str], error: LoaError | None = None) -> str:
    """The list, with the form as it was filled in."""
    query = asked_words()
    with reading() as c:
        return render_template(
            "dictionary/list.html",
            page=dictionary.listing(c.s, query=query, page=asked_page()),
            query=query,
            scopes=dictionary.scopes(c.s, by=c.by),
            form=form,
            error=error,
            listening="listen" in form,
            heard=dictionary_changes.heard(c.s, form.get("reading", "")) if "listen" in form else None,
        )
