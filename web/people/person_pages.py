"""One person: what they may do and where, their password, where they are signed in, and whether they may come in."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from broadcaster.errors import LoaError
from broadcaster.station.people import invitations, people, second_factor
from broadcaster.station.units import units
from web.people.invitation_links import invitation_page
from web.security.access import Kind, asks, over
from web.shell.failures import status_of
from web.shell.request_context import changing, reading
from web.shell.words import ROLE
from web.translations.languages import gettext as _

blueprint = Blueprint("person", __name__, url_prefix="/people/<person_id>")


@blueprint.get("")
@asks(over(Kind.PERSON, "manage_people"))
def show(person_id: str) -> str:
    return _page(person_id)


@blueprint.post("/roles")
@asks(over(Kind.PERSON, "manage_people"))
def set_roles(person_id: str) -> str | Response:
    """The ticked ones stay; a new one is added when a role was chosen."""
    form = request.form
    remaining = [each.partition(":")[::2] for each in form.getlist("roles")]
    added = [(form.get("unit_id", ""), form["role"])] if form.get("role") else []
    try:
        with changing() as c:
            person = people.get(c.s, person_id)
            people.set_roles(c.s, person=person, roles=[*remaining, *added], by=c.by, now_at=c.now_at)
    except LoaError as error:
        return make_response(_page(person_id, error), status_of(error))
    flash(_("Đã lưu quyền."), "good")
    return redirect(url_for(".show", person_id=person_id))


@blueprint.post("/roles/confirm")
@asks(over(Kind.PERSON, "manage_people"))
def confirm(person_id: str) -> Response:
    """The second administrator's word for the approver's role."""
    with changing() as c:
        people.confirm_approver(c.s, person=people.get(c.s, person_id), by=c.by, now_at=c.now_at)
    flash(_("Đã xác nhận quyền duyệt."), "good")
    return redirect(url_for(".show", person_id=person_id))


@blueprint.post("/invitation")
@asks(over(Kind.PERSON, "manage_people"))
def invite(person_id: str) -> str:
    """A fresh link, for somebody who lost the first or forgot the password."""
    with changing() as c:
        person = people.get(c.s, person_id)
        token = invitations.offer(c.s, person=person, by=c.by, now_at=c.now_at)
        return invitation_page(person, token, now_at=c.now_at)


@blueprint.post("/second-factor/off")
@asks(over(Kind.PERSON, "manage_people"))
def second_factor_off(person_id: str) -> Response:
    with changing() as c:
        second_factor.disable_for(c.s, person=people.get(c.s, person_id), by=c.by, now_at=c.now_at)
    flash(_("Đã tắt bảo vệ hai lớp của người này. Hãy nhắc họ bật lại trên điện thoại mới."), "good")
    return redirect(url_for(".show", person_id=person_id))


@blueprint.post("/sign-out")
@asks(over(Kind.PERSON, "manage_people"))
def sign_out(person_id: str) -> Response:
    with changing() as c:
        people.end_sessions(c.s, person=people.get(c.s, person_id), by=c.by, now_at=c.now_at)
    flash(_("Đã đăng xuất người này khỏi mọi máy."), "good")
    return redirect(url_for(".show", person_id=person_id))


@blueprint.post("/disable")
@asks(over(Kind.PERSON, "manage_people"))
def disable(person_id: str) -> Response:
    with changing() as c:
        people.disable(c.s, person=people.get(c.s, person_id), by=c.by, now_at=c.now_at)
    flash(_("Đã khóa tài khoản."), "good")
    return redirect(url_for(".show", person_id=person_id))


@blueprint.post("/enable")
@asks(over(Kind.PERSON, "manage_people"))
def enable(person_id: str) -> Response:
    with changing() as c:
        people.enable(c.s, person=people.get(c.s, person_id), by=c.by, now_at=c.now_at)
    flash(_("Đã mở lại tài khoản."), "good")
    return redirect(url_for(".show", person_id=person_id))


def _page(person_id: str, error: LoaError | None = None) -> str:
    with reading() as c:
        person = people.get(c.s, person_id)
        people.require_over(c.s, person, c.by)
        return render_template(
            "people/show.html",
            person=person,
            invitation=invitations.pending(c.s, person, now_at=c.now_at),
            visits=people.open_sessions(c.s, person=person, now_at=c.now_at),
            tree=units.tree(c.s),
            roles=ROLE,
            form=request.form,
            error=error,
        )
