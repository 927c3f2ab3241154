"""The microphone's page and what it sends."""

import base64
import re

import pytest

from broadcaster.live import pieces
from broadcaster.protocol.values import ClockState, DeliveryState
from broadcaster.station.agendas import live_items
from broadcaster.station.clips import clips
from broadcaster.station.live import closing, sessions
from broadcaster.station.matters import matters
from broadcaster.station.nodes import nodes
from broadcaster.station.rows import settings
from broadcaster.station.schema import NodeState
from broadcaster.station.vocabulary.states import BroadcastState, LiveKind
from tests.rig.commune import rendered
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
API = "/api/v1/live"
ASKED = {"zones": ["lung-pang"], "longest_minutes": "5", "class": "routine", "title": "Báo họp"}
PIECE = {"seq": 0, "at_ms": 0, "kind": "opus", "body": base64.b64encode(b"\x00\x01x").decode()}


@pytest.fixture(autouse=True)
def _chimes(commune: Commune) -> None:
    with commune.database.session() as s:
        chime = clips.record(s, rendered("chime", duration_ms=2600), "live-chime", commune.clock())
        settings.write(s, live_items.CHIMES, dict.fromkeys(("routine", "priority", "emergency"), chime.sha256))


def opened(commune: Commune, who: str = "canbo") -> str:
    answer = commune.app.test_client().post(API, json={"zones": ["lung-pang"]}, headers=commune.token(who))
    assert answer.status_code == 201
    assert answer.json
    return str(answer.json["id"])


def test_the_page_says_that_nothing_can_be_approved_beforehand(commune: Commune) -> None:
    page = commune.browser().get("/microphone").text
    assert "không thể duyệt trước" in page
    assert "https" in page


def test_the_press_opens_a_session_and_leads_to_its_page(commune: Commune) -> None:
    browser = commune.browser()
    answer = send(browser, "/microphone", ASKED)
    assert answer.status_code == 302
    page = browser.get(answer.headers["Location"]).text
    assert "Báo họp" in page
    assert "Dừng nói" in page


def test_an_unknown_zone_is_said_beside_the_form(commune: Commune) -> None:
    answer = send(commune.browser(), "/microphone", ASKED | {"zones": ["nowhere"]})
    assert answer.status_code == 422
    assert "nowhere" in answer.text


def test_a_program_speaks_sees_who_hears_and_ends(commune: Commune) -> None:
    client, header = commune.app.test_client(), commune.token()
    session = opened(commune)
    for _ in range(2):
        sent = client.post(f"{API}/{session}/pieces", json=PIECE, headers=header)
        assert sent.status_code == 200
    assert sent.json
    assert [each["node"] for each in sent.json["listeners"]] == ["loa-lung-pang"]
    assert sent.json["speak_in_ms"] > 0
    waiting = list(pieces.take(commune.app.extensions["loa"].config.data_dir.absolute(), session))
    assert [(each.seq, each.body) for each in waiting] == [(0, b"\x00\x01x")]
    ended = client.post(f"{API}/{session}/end", json={}, headers=header)
    assert ended.json
    assert ended.json["state"] == "ending"
    again = client.post(f"{API}/{session}/pieces", json=PIECE | {"seq": 1}, headers=header)
    assert (again.status_code, again.json and again.json["code"]) == (409, "live.not_open")


@pytest.mark.parametrize(
    "change", [{"kind": "mp3"}, {"body": "%%%"}, {"body": ""}, {"seq": -1}, {"at_ms": 60_000}], ids=str
)
def test_a_piece_that_cannot_be_is_refused(commune: Commune, change: dict[str, object]) -> None:
    session = opened(commune)
    answer = commune.app.test_client().post(f"{API}/{session}/pieces", json=PIECE | change, headers=commune.token())
    assert answer.status_code == 422


def test_nobody_speaks_in_the_session_of_another(commune: Commune) -> None:
    session = opened(commune)
    answer = commune.app.test_client().post(f"{API}/{session}/pieces", json=PIECE, headers=commune.token("chutich"))
    assert (answer.status_code, answer.json and answer.json["code"]) == (409, "live.not_the_speaker")


def test_where_two_people_are_wanted_the_second_presses_on_the_page(commune: Commune) -> None:
    rules = {"second_person": "1", "longest_minutes": "20"}
    assert send(commune.browser("quantri"), "/microphone/rules", rules).status_code == 302
    session = opened(commune)
    chair = commune.browser("chutich")
    assert "Đồng ý cho nói" in chair.get(f"/microphone/{session}").text
    assert "Đồng ý cho nói" not in commune.browser().get(f"/microphone/{session}").text
    send(chair, f"/microphone/{session}/confirm", {})
    found = commune.app.test_client().get(f"{API}/{session}", headers=commune.token()).json
    assert found
    assert found["state"] == "open"


def test_a_session_without_sound_stands_on_the_home_board_and_among_the_matters(commune: Commune) -> None:
    session = opened(commune)
    browser = commune.browser()
    with commune.database.session() as s:
        closing.fell_silent(s, session, since_at=commune.clock())
        broadcast = sessions.get(s, session).broadcast
        assert broadcast
        broadcast.start_at, broadcast.state = commune.clock(), BroadcastState.ON_AIR
        broadcast.deliveries[0].state = DeliveryState.PLAYING
        matters.observe(s, now_at=commune.clock())
    page = browser.get("/").text
    assert "Mất tiếng" in page
    assert "đài không nhận được tiếng của người nói" in page
    assert f'href="/microphone/{session}"' in page
    with commune.database.session() as s:
        closing.heard(s, session, delay_ms=800, now_at=commune.clock())
        matters.observe(s, now_at=commune.clock())
    assert "Mất tiếng" not in browser.get("/now").text


def test_a_relay_is_shown_as_such_and_may_be_ended(commune: Commune) -> None:
    session = opened(commune)
    with commune.database.session() as s:
        row = sessions.get(s, session)
        row.kind, row.asked_by_id, row.title = LiveKind.RELAY, None, "Tiếp sóng trực tiếp VOV1"
        closing.fell_silent(s, session, since_at=commune.clock())
        matters.observe(s, now_at=commune.clock())
    browser = commune.browser()
    page = browser.get(f"/microphone/{session}").text
    assert "không nguồn nào có tiếng" in page
    assert "Dừng tiếp sóng" in page
    assert "không nguồn nào có tiếng" in browser.get("/").text
    assert send(browser, f"/microphone/{session}/end", {}).status_code == 302


def test_the_page_says_which_nodes_will_hear_before_anybody_speaks(commune: Commune) -> None:
    with commune.database.session() as s:
        node, _ = nodes.add_node(s, name="Loa Nhà văn hóa", unit_id="lung-pang", by=None, now_at=commune.clock())
        settings.write(s, "monthly_megabytes", 10)
        s.add(NodeState(node_id=node.id, online=True, seen_at=commune.clock(), sound="alsa", clock=ClockState.SYNCED))
    browser = commune.browser()
    ready, every = heard_by(browser.get("/microphone").text)
    assert 0 < ready <= every
    with commune.database.session() as s:
        s.get_one(NodeState, node.id).health = {"bytes_this_month": 10_000_000}
    page = browser.get("/microphone").text
    assert heard_by(page) == (ready - 1, every)
    assert "Đã dùng hết 10 MB dữ liệu của tháng này." in page
    with commune.database.session() as s:
        s.get_one(NodeState, node.id).online = False
    assert "Mất kết nối nên không nghe được phát trực tiếp" in browser.get("/microphone").text


def heard_by(page: str) -> tuple[int, int]:
    """How many nodes will hear, and of how many."""
    found = re.search(r"<strong>(\d+)/(\d+)</strong>", page.partition('id="live-ready"')[2])
    assert found
    return int(found[1]), int(found[2])
