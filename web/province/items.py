"""Bản tin gửi xã: composed once, released by a second person, and followed at every commune."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.announcements import recordings
from broadcaster.station.province import communes, figures, items
from broadcaster.station.province.items import ItemFields, ItemSound
from web.exchange.identity import own_identity
from web.forms import parsing
from web.forms.query_arguments import asked_words
from web.security.access import READING, asks, over_commune
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.services import services
from web.translations.languages import gettext as _

blueprint = Blueprint("province", __name__, url_prefix="/province")


@blueprint.get("/new")
@asks(over_commune("write"))
def new() -> str:
    return _form()


@blueprint.post("/new")
@asks(over_commune("write"))
def compose() -> Response:
    try:
        written = _written()
        with changing() as c:
            province_item_id = items.compose(c.s, written, by=c.by, now_at=c.now_at).id
    except LoaError as error:
        return make_response(_form(error), status_of(error))
    flash(_("Đã soạn. Một người khác có quyền duyệt phải gửi thì các xã mới nhận."), "warn")
    return redirect(url_for(".show", province_item_id=province_item_id))


@blueprint.get("/items/<province_item_id>")
@asks(READING)
def show(province_item_id: str) -> str:
    """``commune``: whose nodes are shown one by one."""
    opened = asked_words("commune")
    with reading() as c:
        item = items.get(c.s, province_item_id)
        return render_template(
            "province/item.html",
            item=item,
            rows=[each for each in figures.matrix(c.s, [item]) if each.commune.id in item.communes],
            opened=opened,
            plays=figures.plays(c.s, item, opened) if opened else [],
        )


@blueprint.post("/items/<province_item_id>/release")
@asks(over_commune("approve"))
def release(province_item_id: str) -> Response:
    identity = own_identity()
    with changing() as c:
        items.release(c.s, identity, item=items.get(c.s, province_item_id), by=c.by, now_at=c.now_at)
    flash(_("Đã gửi. Xã nào đang nối mạng thì nhận trong vài giây."), "good")
    return redirect(url_for(".show", province_item_id=province_item_id))


@blueprint.post("/items/<province_item_id>/drop")
@asks(over_commune("write"))
def drop(province_item_id: str) -> Response:
    with changing() as c:
        items.drop(c.s, item=items.get(c.s, province_item_id), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ bản tin chưa gửi."), "good")
    return redirect(url_for("province_overview.matrix"))


@blueprint.post("/items/<province_item_id>/withdraw")
@asks(over_commune("approve"))
def withdraw(province_item_id: str) -> Response:
    identity = own_identity()
    with changing() as c:
        items.withdraw(c.s, identity, item=items.get(c.s, province_item_id), by=c.by, now_at=c.now_at)
    flash(_("Đã thu hồi. Xã nào chưa phát sẽ không phát nữa."), "good")
    return redirect(url_for(".show", province_item_id=province_item_id))


def _form(error: LoaError | None = None) -> str:
    with reading() as c:
        known = communes.listing(c.s)
    form = request.form
    return render_template(
        "province/compose.html",
        communes=known,
        chosen=set(form.getlist("communes")) if form else {each.id for each in known},
        form=form,
        classes=[each.value for each in BroadcastClass],
        error=error,
    )


def _written() -> ItemFields:
    """The form. Raises LoaError."""
    form, zone = request.form, services().timezone
    return ItemFields(
        title=form.get("title", ""),
        text=form.get("text", ""),
        broadcast_class=form.get("class", "routine"),
        drill=form.get("drill") == "1",
        document_number=form.get("document_number", ""),
        sound=_sound(),
        wished_at=parsing.moment(form.get("wished_at", ""), zone, field="wished_at"),
        valid_until_at=parsing.moment(form.get("valid_until_at", ""), zone, field="valid_until_at"),
        communes=form.getlist("communes"),
    )


def _sound() -> ItemSound | None:
    """The file, put among the recordings; None where none was chosen. Raises LoaError."""
    given = request.files.get("sound")
    if given is None or not given.filename:
        return None
    config = services().config
    most = config.audio.largest_upload_megabytes
    taken = recordings.keep(given.stream, name=given.filename, clips_dir=config.clips_dir, most_megabytes=most)
    size = recordings.path(config.clips_dir, taken.sha256).stat().st_size
    return ItemSound(sha256=taken.sha256, size_bytes=size, name=taken.name)
