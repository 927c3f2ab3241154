"""Looking after people through the API."""

from broadcaster.station.people import invitations, people, second_factor
from broadcaster.station.schema import Person
from web.api.endpoints import Call, Endpoint
from web.people import bodies
from web.people.invitation_links import address_of
from web.security.access import Kind, over, over_named, somewhere


def listing(call: Call) -> list[bodies.PersonAnswer]:
    return [_answer_of(each) for each in people.chosen(call.s, by=call.by, query=call.query.get("q", ""))]


def invite(call: Call) -> bodies.Invited:
    wanted: bodies.NewPerson = call.body
    person, token = invitations.invite(
        call.s,
        username=wanted.username,
        full_name=wanted.full_name,
        roles=[(each.unit, each.role) for each in wanted.roles],
        by=call.by,
        now_at=call.now_at,
    )
    return _invited(call, person, token)


def invite_again(call: Call) -> bodies.Invited:
    person = people.get(call.s, call.path["person"])
    return _invited(call, person, invitations.offer(call.s, person=person, by=call.by, now_at=call.now_at))


def set_roles(call: Call) -> bodies.PersonAnswer:
    person = people.get(call.s, call.path["person"])
    roles = [(each.unit, each.role) for each in call.body.roles]
    people.set_roles(call.s, person=person, roles=roles, by=call.by, now_at=call.now_at)
    call.s.flush()
    call.s.refresh(person)
    return _answer_of(person)


def confirm(call: Call) -> bodies.PersonAnswer:
    person = people.get(call.s, call.path["person"])
    people.confirm_approver(call.s, person=person, by=call.by, now_at=call.now_at)
    return _answer_of(person)


def set_state(call: Call) -> bodies.PersonAnswer:
    person = people.get(call.s, call.path["person"])
    if call.body.disabled != (person.disabled_at is not None):
        act = people.disable if call.body.disabled else people.enable
        act(call.s, person=person, by=call.by, now_at=call.now_at)
    return _answer_of(person)


def sign_out(call: Call) -> None:
    people.end_sessions(call.s, person=people.get(call.s, call.path["person"]), by=call.by, now_at=call.now_at)


def second_factor_off(call: Call) -> None:
    person = people.get(call.s, call.path["person"])
    if person.totp_secret is not None:
        second_factor.disable_for(call.s, person=person, by=call.by, now_at=call.now_at)


def _invited(call: Call, person: Person, token: str) -> bodies.Invited:
    valid_until_at = call.now_at + invitations.LIFE
    return bodies.Invited(person=_answer_of(person), link=address_of(token), valid_until_at=valid_until_at)


def _answer_of(person: Person) -> bodies.PersonAnswer:
    return bodies.PersonAnswer(
        id=person.id,
        username=person.username,
        full_name=person.full_name,
        disabled=person.disabled_at is not None,
        second_factor=person.totp_secret is not None,
        roles=[
            {"unit": each.unit_id, "role": each.role.value} | ({"awaiting": "yes"} if each.awaiting_since_at else {})
            for each in person.memberships
        ],
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/people",
        access=somewhere("manage_people"),
        summary="Người dùng và quyền của họ.",
        act=listing,
        gives=list[bodies.PersonAnswer],
        query={"q": "Họ tên hoặc tên đăng nhập, không cần dấu."},
    ),
    Endpoint(
        method="POST",
        path="/people",
        access=over_named("manage_people"),
        summary="Mời một người; họ tự đặt mật khẩu bằng liên kết.",
        act=invite,
        takes=bodies.NewPerson,
        gives=bodies.Invited,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/people/{person}/invitation",
        access=over(Kind.PERSON, "manage_people"),
        summary="Gửi lại liên kết tự đặt mật khẩu; liên kết cũ hết hiệu lực.",
        act=invite_again,
        gives=bodies.Invited,
        status=201,
    ),
    Endpoint(
        method="PUT",
        path="/people/{person}/roles",
        access=over(Kind.PERSON, "manage_people"),
        summary="Đặt lại mọi quyền của một người.",
        act=set_roles,
        takes=bodies.NewRoles,
        gives=bodies.PersonAnswer,
    ),
    Endpoint(
        method="POST",
        path="/people/{person}/roles/confirm",
        access=over(Kind.PERSON, "manage_people"),
        summary="Quản trị viên thứ hai xác nhận quyền duyệt của một người.",
        act=confirm,
        gives=bodies.PersonAnswer,
    ),
    Endpoint(
        method="PUT",
        path="/people/{person}/state",
        access=over(Kind.PERSON, "manage_people"),
        summary="Khóa hoặc mở tài khoản.",
        act=set_state,
        takes=bodies.NewState,
        gives=bodies.PersonAnswer,
    ),
    Endpoint(
        method="DELETE",
        path="/people/{person}/sessions",
        access=over(Kind.PERSON, "manage_people"),
        summary="Đăng xuất một người khỏi mọi máy.",
        act=sign_out,
        status=204,
    ),
    Endpoint(
        method="DELETE",
        path="/people/{person}/second-factor",
        access=over(Kind.PERSON, "manage_people"),
        summary="Tắt bảo vệ hai lớp của người mất điện thoại.",
        act=second_factor_off,
        status=204,
    ),
)
