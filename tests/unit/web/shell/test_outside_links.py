"""What people carry away names a machine they can reach, or says that it does not; days are told with their weekday."""

from datetime import timedelta

import pytest

from tests.unit.web.commune import MORNING, Commune, send
from web.shell.hosts import opens_only_here
from web.shell.times import moment


@pytest.mark.parametrize(
    ("address", "only_here"),
    [
        ("http://127.0.0.1:8080/invitation/x", True),
        ("http://127.1.2.3/", True),
        ("http://localhost:8080/", True),
        ("http://loa.localhost/", True),
        ("http://[::1]:8080/", True),
        ("http://192.168.1.20:8080/", False),
        ("https://loa.conminh.vn/", False),
    ],
)
def test_links_to_this_machine_alone_are_known(address: str, only_here: bool) -> None:
    assert opens_only_here(address) is only_here


@pytest.mark.integration
def test_an_invitation_opened_on_this_machine_warns(commune: Commune) -> None:
    admin = commune.browser("quantri")
    fields = {
        "username": "moi",
        "full_name": "Người Mới",
        "unit_id": "lung-vai",
        "roles": ["viewer"],
        "how": "invitation",
    }
    page = send(admin, "/people", fields, page="/people/new").text
    assert "Lời mời cho" in page
    assert "chỉ mở được trên máy này" in page


@pytest.mark.integration
def test_a_day_further_off_has_its_weekday(commune: Commune) -> None:
    with commune.app.test_request_context():
        assert moment(MORNING + timedelta(days=10)) == "08:00 Thứ Năm, 03/12/2026"
