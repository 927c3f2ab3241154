"""What the station says itself and somebody typed: readings, opening, closing, the commune's name; released here."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.station.clips import dictionary
from broadcaster.station.people.permitted import refusal
from broadcaster.station.units import spoken_words
from broadcaster.station.units.spoken_words import UnreleasedWords
from web.security.access import Kind, asks, over, over_commune, somewhere
from web.shell.request_context import Context, changing, reading
from web.translations.languages import gettext as _
from web.translations.languages import later as _l

blueprint = Blueprint("spoken_words", __name__, url_prefix="/approvals/words")
NAMES = {
    spoken_words.OPENING: _l("Câu mở đầu chương trình"),
    spoken_words.CLOSING: _l("Câu kết chương trình"),
    spoken_words.COMMUNE: _l("Tên xã trong lời chào"),
}


@blueprint.get("")
@asks(somewhere("approve"))
def show() -> str:
    with reading() as c:
        return render_template(
            "approvals/words.html",
            words=[(each, may_release(c, each)) for each in spoken_words.unreleased(c.s)],
            lines=dictionary.waiting(c.s),
            names=NAMES,
        )


def may_release(c: Context, words: UnreleasedWords) -> bool:
    return refusal(lambda: spoken_words.require_may_release(c.s, words, c.by)) is None


@blueprint.post("/<name>")
@asks(over_commune("approve"))
def release(name: str) -> Response:
    wanted = request.form.get("wanted", "")
    with changing() as c:
        spoken_words.release(c.s, name=name, wanted=wanted, by=c.by, now_at=c.now_at)
    flash(_("Đã duyệt. Loa nói như vậy từ chương trình tới."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/readings/<entry_id>")
@asks(over(Kind.READING, "approve"))
def release_reading(entry_id: str) -> Response:
    shown = request.form.get("reading", "")
    with changing() as c:
        dictionary.release(c.s, entry_id=entry_id, reading=shown, by=c.by, now_at=c.now_at)
    flash(_("Đã duyệt. Loa nói như vậy từ chương trình tới."), "good")
    return redirect(url_for(".show"))
