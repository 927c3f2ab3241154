"""A node's screen shows what the signed agenda says, with or without a link, and the receipts say that it did."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from broadcaster.protocol.agenda import StopOrder
from broadcaster.protocol.values import BroadcastClass, ClockState
from speaker_node.errors import SettingsRefused
from speaker_node.screen.display import ScreenText, screen_text
from speaker_node.screen.node_screen import NodeScreen
from speaker_node.screen.screens import Console, SerialPanel, TextFile, choose_screen, lines_of
from tests.unit.speaker_node.situations import NOON, at, item, situation

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ALARM = BroadcastClass.EMERGENCY


def test_it_shows_what_is_said_and_then_what_comes() -> None:
    items = item("a", 10, board_text="HỌP 19H30"), item("b", 300, board_text="Tiêm phòng"), item("c", 400)
    before = screen_text(situation(*items, now=0))
    assert (before.kind, before.coming) == ("idle", ((at(10), "HỌP 19H30"), (at(300), "Tiêm phòng")))
    now = screen_text(situation(*items, now=12))
    assert (now.kind, now.text, now.broadcast) == ("speaking", "HỌP 19H30", "bc-0000000a")
    assert screen_text(situation(*items, now=20)).coming == ((at(300), "Tiêm phòng"),)
    assert screen_text(situation(items[2], now=401)) == ScreenText(), "what brings no words is not shown"


def test_an_alarm_stands_before_everything_and_between_its_soundings() -> None:
    story = [item(f"x-{n}", 100.0 * n, kind=ALARM, board_text="LŨ VỀ") for n in (1, 2)]
    talk = item("b", 105, board_text="Họp")
    assert screen_text(situation(*story, talk, now=90)).kind == "idle"
    for now in (106, 150, 199, 205):
        seen = screen_text(situation(*story, talk, now=now))
        assert (seen.kind, seen.text) == ("alarm", "LŨ VỀ")
    assert screen_text(situation(*story, now=215)).kind == "idle", "the row is over"
    drill = item("d-2", 100, kind=ALARM, drill=True, board_text="Bão")
    assert [screen_text(situation(drill, now=now)).kind for now in (50, 105)] == ["idle", "drill"]


def test_what_sounds_is_shown_also_while_the_time_is_not_known() -> None:
    playing = item("a", 9_000, board_text="LŨ VỀ", kind=ALARM)
    unsure = situation(playing, item("b", 0, board_text="Họp"), clock=ClockState.UNSYNCED, playing=playing)
    assert screen_text(unsure).text == "LŨ VỀ"
    assert screen_text(situation(item("b", 0, board_text="Họp"), clock=ClockState.UNSYNCED)) == ScreenText()


def test_a_stop_all_and_an_agenda_that_ran_out_leave_it_blank() -> None:
    said = item("a", 0, board_text="Họp")
    stop = StopOrder(order="stop-0001", ordered_at=NOON)
    assert screen_text(situation(said, now=1, stop=stop)) == ScreenText("stopped")
    late = item("b", 86_401, board_text="Họp")
    assert screen_text(situation(late, now=86_402)) == ScreenText()


def test_a_file_a_console_and_a_panel_get_words_and_no_orders(tmp_path: Path) -> None:
    hostile = ScreenText("alarm", "LŨ\x1b[2J VỀ\r\n\x07", "bc-1")
    TextFile(tmp_path / "screen.txt").show(hostile, ZONE)
    assert (tmp_path / "screen.txt").read_text("utf-8") == "alarm\nBÁO ĐỘNG\nLŨ [2J VỀ   \n"
    assert [path.name for path in tmp_path.iterdir()] == ["screen.txt"]
    line = tmp_path / "line"
    os.mkfifo(line)
    reader = os.open(line, os.O_RDONLY | os.O_NONBLOCK)
    try:
        SerialPanel(line, 9600).show(hostile, ZONE)
        assert os.read(reader, 1000).decode() == "BÁO ĐỘNG - LŨ [2J VỀ   \r\n"
        Console(line).show(hostile, ZONE)
        shown = os.read(reader, 1000).decode()
        assert "41;1m" in shown
        assert shown.count("\x1b[2J") == 1, "the screen is cleared by us alone"
    finally:
        os.close(reader)
    assert lines_of(ScreenText(coming=((NOON, "Họp"),)), ZONE) == ["12:00 Họp"]


@pytest.mark.parametrize("wrong", ["lamp:/x", "file:", "file:relative", "console:/dev/tty1@9600", "serial:/dev/x@fast"])
def test_a_screen_nobody_knows_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsRefused):
        choose_screen(wrong)


def test_the_known_ones_are_found() -> None:
    assert choose_screen("") is None
    assert isinstance(choose_screen("file:/run/loa/screen.txt"), TextFile)
    assert isinstance(choose_screen("console:/dev/tty1"), Console)
    assert isinstance(choose_screen("serial:/dev/ttyUSB0@115200"), SerialPanel)


def test_a_screen_that_fails_is_tried_again_and_only_what_stood_on_it_counts(tmp_path: Path) -> None:
    screen = NodeScreen(TextFile(tmp_path / "not yet" / "screen.txt"))
    said = item("a", 0, board_text="Họp", duration_ms=60_000, expires_at=at(120))
    screen.step(situation(said, now=1))
    assert not screen.has_shown(said.broadcast)
    (tmp_path / "not yet").mkdir()
    screen.step(situation(said, now=2))
    assert not screen.has_shown(said.broadcast), "a moment later it is left alone"
    screen.step(situation(said, now=7))
    assert screen.has_shown(said.broadcast)
    written = tmp_path / "not yet" / "screen.txt"
    written.unlink()
    screen.step(situation(said, now=8))
    assert not written.exists(), "the same is not written every second"
    screen.step(situation(now=9))
    assert written.read_text("utf-8") == "idle\n"


def test_a_node_without_a_screen_shows_nothing() -> None:
    none = NodeScreen(None)
    none.step(situation(item("a", 0, board_text="Họp"), now=1))
    assert (none.present, none.has_shown("bc-0000000a")) == (False, False)
