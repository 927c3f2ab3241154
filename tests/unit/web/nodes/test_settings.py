"""What a technician does at the console: a new node and its code, its settings, its hamlet."""

import re
from datetime import timedelta

import pytest

from broadcaster.delivery.enrolment import offers
from broadcaster.protocol import codec
from broadcaster.protocol.enrolment import EnrolmentCode, NodeBundle
from broadcaster.station.nodes import credentials as node_credentials
from broadcaster.station.schema import Node
from tests.unit.web.commune import Commune, send
from web.shell.services import services

pytestmark = pytest.mark.integration


def node(commune: Commune, node_id: str = "loa-lung-vai") -> Node:
    with commune.database.reading() as s:
        return s.get_one(Node, node_id)


def taken(commune: Commune, page: str) -> NodeBundle | None:
    """What a node gets for the code on the page."""
    found = re.search(r'<p class="secret" id="code">([^<]+)</p>', page)
    assert found
    code = EnrolmentCode.parse(found[1])
    with commune.app.app_context():
        folder = offers.folder(services().config)
    raw = offers.take(folder, code.secret, now_at=commune.clock())
    return codec.decode(NodeBundle, raw) if raw else None


NEW = {"name": "Loa nhà văn hóa", "unit_id": "ban-cuon", "place": "Cột số 3", "weak_link": "1"}


def test_a_new_node_comes_with_a_code_that_is_worth_its_identity_once(commune: Commune) -> None:
    page = send(commune.browser("quantri"), "/nodes/new", NEW).text
    bundle = taken(commune, page)
    assert bundle
    assert bundle.node == "loa-nha-van-hoa"
    made = node(commune, bundle.node)
    assert node_credentials.verify_password(bundle.password, made.password_hash)
    assert (made.unit_id, made.place, made.weak_link) == ("ban-cuon", "Cột số 3", True)
    assert "<svg" in page
    assert taken(commune, page) is None


def test_a_code_is_worth_nothing_after_a_day(commune: Commune) -> None:
    page = send(commune.browser("quantri"), "/nodes/new", NEW).text
    commune.clock.now_at += timedelta(hours=24)
    assert taken(commune, page) is None


def test_a_new_code_locks_the_old_machine_out(commune: Commune) -> None:
    before = node(commune).password_hash
    page = send(commune.browser("quantri"), "/nodes/loa-lung-vai/code").text
    bundle = taken(commune, page)
    assert bundle
    assert node(commune).password_hash != before
    assert node_credentials.verify_password(bundle.password, node(commune).password_hash)


def test_a_form_with_a_mistake_keeps_what_was_typed(commune: Commune) -> None:
    answer = send(commune.browser("quantri"), "/nodes/new", NEW | {"name": " "})
    assert answer.status_code == 422
    assert "Cột số 3" in answer.text
    settings = {"name": "Loa mới", "volume_percent": "rất to", "place": "Cột số 7"}
    answer = send(commune.browser("quantri"), "/nodes/loa-lung-vai/settings", settings)
    assert answer.status_code == 422
    assert "Cột số 7" in answer.text
    assert node(commune).name == "Loa Lủng Vai"


def test_settings_are_saved_and_shown_again(commune: Commune) -> None:
    browser = commune.browser("quantri")
    typed = {
        "name": "Loa Đoàn Kết",
        "unit_id": "ban-cuon",
        "position": "22.15, 105.87",
        "volume_percent": "80",
        "stagger_ms": "290",
        "hour_5": "40",
        "quiet_from": ["12:00", "22:00", ""],
        "quiet_to": ["13:30", "05:00", ""],
        "keeper_name": "Bác Hai",
        "keeper_phone": "0912 345 678",
    }
    assert send(browser, "/nodes/loa-lung-vai/settings", typed).status_code == 302
    saved = node(commune)
    assert (saved.name, saved.unit_id, saved.aliases) == ("Loa Đoàn Kết", "ban-cuon", ["Loa Lủng Vai"])
    assert saved.quiet_hours == [[720, 810], [1320, 300]]
    assert saved.volume_profile == [40 if hour == 5 else 80 for hour in range(24)]
    page = browser.get("/nodes/loa-lung-vai/settings").text
    for shown in ('value="22:00"', 'value="05:00"', 'value="22.15000, 105.87000"', "Bác Hai", 'value="290"'):
        assert shown in page
    assert 'href="tel:0912345678"' in browser.get("/nodes/loa-lung-vai").text


def test_the_list_finds_filters_and_sorts(commune: Commune) -> None:
    browser = commune.browser("quantri")
    send(browser, "/nodes/loa-lung-vai/settings", {"name": "Loa Đoàn Kết", "unit_id": "lung-vai"})

    def names(query: str) -> list[str]:
        return re.findall(r'<td class="main-cell"><a[^>]*>([^<]+)', browser.get(f"/nodes/rows?{query}").text)

    assert names("q=lung+vai") == names("q=đoàn") == ["Loa Đoàn Kết"]
    assert names("unit=ban-cuon") == ["Loa Bản Cuôn"]
    assert len(names("unit=con-minh")) == 3
    assert names("condition=online") == []
    assert names("order=-name") == sorted(names(""), key=names("").index, reverse=True)
    assert "bỏ bớt điều kiện" in browser.get("/nodes/rows?q=khong-co").text


def test_hamlets_are_added_and_renamed_and_keep_their_old_names(commune: Commune) -> None:
    browser = commune.browser("quantri")
    send(browser, "/hamlets", {"name": "Áng Hin", "parent_id": "con-minh", "weak_signal": "1"})
    send(browser, "/hamlets/lung-vai", {"name": "Đoàn Kết", "position": "22.1, 105.8"})
    page = browser.get("/hamlets").text
    for words in ("Áng Hin", "Đoàn Kết", "Lủng Vai"):
        assert words in page
    assert send(browser, "/hamlets/lung-pang", {"name": "Đoàn Kết"}).status_code == 409
    found = browser.get("/hamlets?q=lung+vai").text.partition("<tbody>")[2]
    assert "Đoàn Kết" in found
    assert "Áng Hin" not in found
    assert browser.get("/hamlets?order=nodes").status_code == 200
    assert "Không có thôn" in browser.get("/hamlets?q=khong-co").text


@pytest.mark.parametrize("path", ["/nodes/new", "/nodes/loa-lung-vai/settings", "/hamlets/new", "/hamlets/lung-vai"])
def test_who_does_not_look_after_nodes_gets_no_form(commune: Commune, path: str) -> None:
    assert commune.browser("canbo").get(path).status_code == 403
    assert send(commune.browser("canbo"), path.replace("/hamlets/new", "/hamlets"), NEW).status_code == 403


def test_programs_do_the_same_with_the_same_checks(commune: Commune) -> None:
    api, officer, technician = commune.app.test_client(), commune.token("canbo"), commune.token("quantri")
    body = {"name": "Loa chợ", "unit": "ban-cuon"}
    assert api.post("/api/v1/nodes", json=body, headers=officer).status_code == 403
    made = api.post("/api/v1/nodes", json=body, headers=technician).json
    assert made["node"] == "loa-cho"
    wanted = {"unit": "lung-pang", "volume_percent": 60, "quiet_hours": [[720, 780]], "position": [22.1, 105.8]}
    changed = api.patch("/api/v1/nodes/loa-cho/settings", json=wanted, headers=technician).json
    assert {name: changed[name] for name in wanted} == wanted
    assert api.get("/api/v1/nodes/loa-cho/settings", headers=technician).json == changed
    assert api.delete("/api/v1/nodes/loa-cho", headers=technician).status_code == 204
    hamlet = api.post("/api/v1/units", json={"name": "Áng Hin", "parent": "con-minh"}, headers=technician).json
    renamed = api.patch(f"/api/v1/units/{hamlet['id']}", json={"name": "Tân Lập"}, headers=technician).json
    assert (renamed["name"], renamed["aliases"]) == ("Tân Lập", ["Áng Hin"])
