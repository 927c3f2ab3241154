"""An administrator alone releases nothing: not as an approver of the own making, not with another's password."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from broadcaster.errors import NotAllowed
from broadcaster.station.people import approvers, people
from broadcaster.station.people.roles import may
from broadcaster.station.schema import Person
from tests.unit.web.commune import MORNING, PASSWORD, Commune, send

pytestmark = pytest.mark.integration


def who(s: Session, username: str) -> Person:
    found = people.find(s, username)
    assert found is not None
    return found


def id_of(commune: Commune, username: str) -> str:
    with commune.database.reading() as s:
        return who(s, username).id


def approves(commune: Commune, username: str) -> bool:
    with commune.database.reading() as s:
        return may(s, who(s, username), "approve", None)


def second_administrator(commune: Commune, username: str = "quantri2") -> None:
    with commune.database.session() as s:
        people.add_person(
            s,
            username=username,
            full_name="Quản trị khác",
            password=PASSWORD,
            roles=[("con-minh", "administrator")],
            by=None,
            now_at=MORNING,
        )


def make_approver(commune: Commune, username: str = "canbo") -> None:
    fields = {"roles": "con-minh:officer", "role": "approver", "unit_id": "con-minh"}
    answer = send(commune.browser("quantri"), f"/people/{id_of(commune, username)}/roles", fields)
    assert answer.status_code == 302


def test_the_approvers_role_waits_for_a_second_administrator(commune: Commune) -> None:
    second_administrator(commune)
    make_approver(commune)
    assert not approves(commune, "canbo")
    assert "Quyền duyệt của Nguyễn Thị Lan" in commune.browser("khach").get("/").text
    address = f"/people/{id_of(commune, 'canbo')}/roles/confirm"
    assert send(commune.browser("quantri"), address).status_code == 403
    assert send(commune.browser("canbo"), address).status_code == 403
    assert not approves(commune, "canbo")
    assert send(commune.browser("quantri2"), address).status_code == 302
    assert approves(commune, "canbo")


def test_by_the_api_as_well(commune: Commune) -> None:
    second_administrator(commune)
    api, one = commune.app.test_client(), f"/api/v1/people/{id_of(commune, 'khach')}"
    roles = {"roles": [{"unit": "con-minh", "role": "approver"}]}
    assert api.put(f"{one}/roles", json=roles, headers=commune.token("quantri")).status_code == 200
    assert not approves(commune, "khach")
    assert api.post(f"{one}/roles/confirm", headers=commune.token("quantri")).status_code == 403
    assert api.post(f"{one}/roles/confirm", headers=commune.token("quantri2")).status_code == 200
    assert approves(commune, "khach")


def test_where_there_is_one_administrator_a_day_passes(commune: Commune) -> None:
    make_approver(commune)
    with commune.database.session() as s:
        assert approvers.take_effect_alone(s, now_at=MORNING + timedelta(hours=23)) == 0
    assert not approves(commune, "canbo")
    with commune.database.session() as s:
        assert approvers.take_effect_alone(s, now_at=MORNING + timedelta(hours=25)) == 1
    assert approves(commune, "canbo")


def test_where_there_are_two_no_day_stands_for_the_second(commune: Commune) -> None:
    second_administrator(commune)
    make_approver(commune)
    with commune.database.session() as s:
        assert approvers.take_effect_alone(s, now_at=MORNING + timedelta(days=30)) == 0
    assert not approves(commune, "canbo")


def test_an_administrator_of_ones_own_making_is_no_second(commune: Commune) -> None:
    with commune.database.session() as s:
        people.add_person(
            s,
            username="rom",
            full_name="Người Rơm",
            password=PASSWORD,
            roles=[("con-minh", "administrator")],
            by=who(s, "quantri"),
            now_at=MORNING,
        )
    make_approver(commune)
    with commune.database.session() as s, pytest.raises(NotAllowed):
        people.confirm_approver(s, person=who(s, "canbo"), by=who(s, "rom"), now_at=MORNING)
    assert not approves(commune, "canbo")


def test_a_reset_of_an_approver_is_a_link_and_the_role_waits(commune: Commune) -> None:
    second_administrator(commune)
    chair = id_of(commune, "chutich")
    administrator = commune.browser("quantri")
    assert send(administrator, f"/people/{chair}/password").status_code == 404
    page = send(administrator, f"/people/{chair}/invitation").text
    link = re.search(r"/invitation/[\w-]+", page)
    assert link is not None
    assert approves(commune, "chutich"), "the person still works until somebody uses the link"
    words = {"password": "trâu bò gà vịt", "password_again": "trâu bò gà vịt"}
    assert send(commune.app.test_client(), link.group(0), words).status_code == 302
    assert not approves(commune, "chutich")
    send(commune.browser("quantri2"), f"/people/{chair}/roles/confirm")
    assert approves(commune, "chutich")


def test_a_first_invitation_of_an_approver_shows_no_password(commune: Commune) -> None:
    fields = {
        "username": "moi",
        "full_name": "Người Mới",
        "unit_id": "con-minh",
        "roles": "approver",
        "how": "password",
    }
    page = send(commune.browser("quantri"), "/people", fields).text
    assert "/invitation/" in page
    assert not approves(commune, "moi")


def test_taking_an_approvers_second_factor_off_holds_the_role(commune: Commune) -> None:
    second_administrator(commune)
    with commune.database.session() as s:
        who(s, "chutich").totp_secret = "JBSWY3DPEHPK3PXP"
    send(commune.browser("quantri"), f"/people/{id_of(commune, 'chutich')}/second-factor/off")
    assert not approves(commune, "chutich")
