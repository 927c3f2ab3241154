"""A board on a wall shows an alarm by itself, and goes on by what it knows when the link is cut."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from broadcaster.protocol.values import BroadcastClass, DeliveryState
from broadcaster.station.announcements import announcements
from broadcaster.station.people import people
from broadcaster.station.schema import Broadcast, Delivery
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.vocabulary.states import BroadcastState
from tests.browser.residents.test_feedback import picture
from tests.browser.rig.chromium import Chromium
from tests.browser.rig.stage import Stage, now

MINUTES = 10
LONG_MS = 120_000


def planned(stage: Stage, text: str, *, in_minutes: float = 0, alarm: bool = False, drill: bool = False) -> str:
    """A broadcast on its way to every node; the id. What it sounds like does not matter here."""
    kind = BroadcastClass.EMERGENCY if alarm or drill else BroadcastClass.ROUTINE
    with stage.database.session() as s:
        officer = people.find(s, "canbo")
        assert officer
        written = AnnouncementFields(
            title=f"Tin: {text}", text="Mời bà con chú ý.", zones=["con-minh"], broadcast_class=kind
        )
        made = announcements.create(s, written, by=officer, now_at=now())
        start_at = now() + timedelta(minutes=in_minutes, seconds=1)
        row = Broadcast(
            announcement_id=made.id,
            title=made.title,
            board_text=text,
            script="",
            broadcast_class=kind,
            drill=drill,
            state=BroadcastState.SCHEDULED,
            start_at=start_at,
            expires_at=start_at + timedelta(minutes=30),
            duration_ms=LONG_MS,
            content_hash="",
            created_at=now(),
        )
        row.deliveries = [
            Delivery(node_id=each, state=DeliveryState.PLANNED, updated_at=now()) for each in stage.virtual_nodes
        ]
        s.add(row)
        s.flush()
        return row.id


def over(stage: Stage, broadcast: str) -> None:
    with stage.database.session() as s:
        s.get_one(Broadcast, broadcast).state = BroadcastState.COMPLETED


@pytest.fixture
def board(stage: Stage, chromium: Chromium) -> Page:
    """A board whose clock the test can move."""
    page = chromium.new_context(viewport={"width": 1280, "height": 720}).pages[0]
    page.clock.install()
    page.goto(f"{stage.address}/bang/con-minh")
    expect(page.locator("body")).to_have_attribute("data-state", "idle")
    return page


def test_a_board_shows_alarms_by_itself_and_goes_on_when_the_link_is_cut(stage: Stage, board: Page) -> None:
    state, said = board.locator("body"), board.locator("[data-said]")
    picture(board, "board-idle-empty")
    alarm = planned(stage, "LŨ VỀ, LÊN CHỖ CAO NGAY", alarm=True)
    expect(state).to_have_attribute("data-state", "alarm")
    expect(said).to_have_text("LŨ VỀ, LÊN CHỖ CAO NGAY")
    expect(board.get_by_text("BÁO ĐỘNG")).to_be_visible()
    picture(board, "board-alarm")
    over(stage, alarm)
    drill = planned(stage, "Diễn tập bão", drill=True)
    expect(state).to_have_attribute("data-state", "drill")
    expect(board.get_by_text("DIỄN TẬP, không phải thật")).to_be_visible()
    picture(board, "board-drill")
    over(stage, drill)
    planned(stage, "Tiêm phòng lúc 7h30 tại nhà văn hóa thôn", in_minutes=MINUTES)
    expect(board.locator("[data-next] li")).to_contain_text(["Tiêm phòng"])
    picture(board, "board-idle")

    board.context.set_offline(True)
    board.clock.fast_forward((MINUTES * 60 + 20) * 1000)
    expect(said).to_have_text("Tiêm phòng lúc 7h30 tại nhà văn hóa thôn")
    expect(board.locator("[data-lost]")).to_be_visible()
    picture(board, "board-cut")
    board.set_viewport_size({"width": 360, "height": 740})
    picture(board, "board-phone")
    board.clock.fast_forward(LONG_MS)
    expect(state).to_have_attribute("data-state", "idle")
    board.context.set_offline(False)
    expect(board.locator("[data-lost]")).to_be_hidden()
    assert len(board.query_selector_all("body *")) < 60, "a board of weeks holds no more than one of a minute"
    board.context.close()
