"""Thông báo ra ngoài: where one is called when no page is open, and what was sent."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import Invalid, LoaError
from broadcaster.station.notices import channels, deputies, history
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.vocabulary.notices import ChannelKind
from web.notices import words
from web.notices.sealer import sealer
from web.security.access import SIGNED_IN, asks
from web.security.protection import limiter
from web.shell.failures import status_of
from web.shell.request_context import Context, changing, reading
from web.shell.services import services
from web.translations import languages
from web.translations.languages import gettext as _

blueprint = Blueprint("account_notices", __name__, url_prefix="/account/notices")


@blueprint.get("")
@asks(SIGNED_IN)
def show() -> str:
    return _page()


@blueprint.get("/now")
@asks(SIGNED_IN)
def now() -> str:
    """The part of the page that moves."""
    with reading() as c:
        return render_template("notices/now.html", **_parts(c), error=None)


@blueprint.post("")
@limiter.limit("20/minute")
@asks(SIGNED_IN)
def add() -> Response:
    form = request.form
    try:
        with changing() as c:
            wanted = NewChannel(
                kind=wanted_kind(form.get("kind", "")),
                typed=form.get("target", ""),
                base_url=request.host_url,
                language=languages.chosen(),
            )
            made, secret = channels.add(c.s, wanted, by=c.by, sealer=sealer(), now_at=c.now_at)
            label = made.label
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    if secret:
        return make_response(render_template("notices/secret.html", secret=secret, label=label))
    flash(_("Mã 6 chữ số đang được gửi tới kênh. Hãy gõ mã đó vào đây."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/<channel_id>/confirm")
@limiter.limit("20/minute")
@asks(SIGNED_IN)
def confirm(channel_id: str) -> Response:
    try:
        with changing() as c:
            channel, typed = channels.get(c.s, channel_id, person=c.by), request.form.get("code", "")
            right = channels.confirm(c.s, channel, typed, by=c.by, sealer=sealer(), now_at=c.now_at)
        if not right:  # after the wrong code was counted
            raise Invalid("notice.code_wrong", field="code")
    except LoaError as error:
        return make_response(_page(error), status_of(error))
    flash(_("Đã ghép kênh. Từ nay thông báo dành cho bạn được gửi tới đó."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/<channel_id>/code")
@limiter.limit("10/minute")
@asks(SIGNED_IN)
def code(channel_id: str) -> Response:
    with changing() as c:
        channel = channels.get(c.s, channel_id, person=c.by)
        channels.send_code(c.s, channel, sealer=sealer(), now_at=c.now_at)
    flash(_("Đang gửi mã mới."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/<channel_id>/test")
@limiter.limit("10/minute")
@asks(SIGNED_IN)
def test(channel_id: str) -> Response:
    with changing() as c:
        channels.test(c.s, channels.get(c.s, channel_id, person=c.by), now_at=c.now_at)
    flash(_("Đang gửi tin thử; kết quả hiện ở mục “Đã gửi”."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/<channel_id>/remove")
@asks(SIGNED_IN)
def remove(channel_id: str) -> Response:
    with changing() as c:
        channels.remove(c.s, channels.get(c.s, channel_id, person=c.by), by=c.by, now_at=c.now_at)
    flash(_("Đã bỏ kênh. Không gửi gì tới đó nữa."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/sendings/<sending_id>/again")
@limiter.limit("20/minute")
@asks(SIGNED_IN)
def again(sending_id: str) -> Response:
    with changing() as c:
        history.send_again(c.s, history.get(c.s, sending_id, person=c.by), now_at=c.now_at)
    flash(_("Đang gửi lại."), "good")
    return redirect(url_for(".show"))


@blueprint.post("/deputy")
@asks(SIGNED_IN)
def deputy() -> Response:
    with changing() as c:
        deputies.choose(c.s, person=c.by, deputy_id=request.form.get("deputy") or None, now_at=c.now_at)
    flash(_("Đã lưu."), "good")
    return redirect(url_for(".show"))


def wanted_kind(typed: str) -> ChannelKind:
    """Raises Invalid for one that is not set up."""
    if typed not in services().config.notices.offered:
        raise Invalid("notice.kind_unknown", field="kind")
    return ChannelKind(typed)


def _page(error: LoaError | None = None) -> str:
    settings = services().config.notices
    with reading() as c:
        return render_template(
            "notices/show.html",
            **_parts(c),
            forms=words.forms(settings),
            push_key=sealer().push_public_key,
            candidates=deputies.candidates(c.s, c.by),
            person=c.by,
            error=error,
            form=request.form,
        )


def _parts(c: Context) -> dict[str, object]:
    return {
        "channels": channels.listing(c.s, c.by),
        "sendings": history.listing(c.s, c.by).items,
        "can_go_again": history.can_go_again,
        "channel_name": words.channel_name,
        "now_at": c.now_at,
    }
