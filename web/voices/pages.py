"""Giọng đọc: every voice to hear and to choose; packs and keys for the administrator."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError
from broadcaster.speech.online.providers import providers
from broadcaster.speech.packs import incoming
from broadcaster.station.clips import voice_acts, voice_changes, voice_choices
from broadcaster.station.clips.voice_choices import VoiceChoices
from broadcaster.station.people.roles import require
from broadcaster.station.rows import voice_states
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import UnitKind
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _
from web.translations.languages import ngettext
from web.voices import words

blueprint = Blueprint("voices", __name__, url_prefix="/voices")

SENTENCE = "Kính mời bà con đến nhà văn hóa lúc bảy giờ tối thứ Sáu, mang theo giấy tờ."


@blueprint.get("")
@asks(READING)
def listing() -> str:
    with reading() as c:
        return _page(c)


@blueprint.post("")
@asks(over_commune("manage_people"))
def choose() -> Response:
    form = request.form
    hamlets = {name.removeprefix("hamlet-"): value for name, value in form.items() if name.startswith("hamlet-")}
    try:
        with changing() as c:
            chosen = VoiceChoices(
                routine=form.get("routine", ""),
                priority=form.get("priority", ""),
                emergency=form.get("emergency", ""),
                hamlets=hamlets,
            )
            anew = voice_changes.choose(c.s, chosen=chosen, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return _again(error)
    said = ngettext("%(num)d bản nháp đang được đọc lại.", "%(num)d bản nháp đang được đọc lại.", anew) if anew else ""
    flash(" ".join([_("Đã lưu giọng đọc. Bản tin đã gửi duyệt giữ nguyên tiếng đã nghe."), said]).strip(), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/keys/<provider>")
@asks(over_commune("manage_people"))
def set_key(provider: str) -> Response:
    try:
        with changing() as c:
            voice_acts.set_key(
                c.s,
                provider=voice_acts.provider_of(provider),
                values={name: request.form.get(name, "") for name in ("key", "app_id", "region")},
                data_dir=services().config.data_dir,
                by=c.by,
                now_at=c.now_at,
            )
    except LoaError as error:
        return _again(error)
    flash(_("Đã lưu. Đài thử khóa trong ít phút; giọng đọc được sẽ hiện trong danh sách."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/packs")
@asks(over_commune("manage_people"))
def add_pack() -> Response:
    upload, stick = request.files.get("pack"), request.form.get("stick", "")
    folder = services().config.data_dir / "voices"
    try:
        with changing() as c:
            require(c.s, c.by, "manage_people", None)
            seen = voice_states.read(c.s).sticks
        name = stick.rpartition("/")[2] if stick else (upload.filename or "" if upload else "")
        if stick:
            incoming.lay_down_from_stick(stick, seen=seen, voices_dir=folder)
        elif upload is None:
            raise Invalid("pack.not_chosen", field="pack")
        else:
            incoming.lay_down(upload.stream, name=name, voices_dir=folder)
        with changing() as c:
            voice_acts.pack_sent(c.s, name=name, by=c.by, now_at=c.now_at)
    except LoaError as error:
        return _again(error)
    flash(_("Đã nhận gói giọng. Đài đang kiểm tra và đọc thử; tải lại trang sau ít phút."), "good")
    return redirect(url_for(".listing"))


@blueprint.post("/packs/<pack_id>/remove")
@asks(over_commune("manage_people"))
def remove_pack(pack_id: str) -> Response:
    with changing() as c:
        folder = services().config.data_dir
        voice_acts.remove_pack(c.s, pack_id=pack_id, data_dir=folder, by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ gói giọng. Bản tin đã duyệt giữ nguyên tiếng đã nghe."), "good")
    return redirect(url_for(".listing"))


@blueprint.app_template_filter("voice_name")
def voice_name(written: str) -> str:
    """A voice as people know it, wherever a page shows one that was asked for."""
    with services().database.reading() as s:
        return words.name(voice_states.read(s), written)


def _again(error: LoaError) -> Response:
    with reading() as c:
        return make_response(_page(c, error), status_of(error))


def _page(c: Context, error: LoaError | None = None) -> str:
    state = voice_states.read(c.s)
    hamlets = [each for each in units.tree(c.s) if each.kind is UnitKind.HAMLET]
    return render_template(
        "voices/list.html",
        state=state,
        choices=voice_choices.read(c.s),
        hamlets=hamlets,
        providers=list(providers().values()),
        with_key={each.engine for each in state.voices},
        words=words,
        sentence=SENTENCE,
        error=error,
    )
