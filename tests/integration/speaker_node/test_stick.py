"""A node without any network: the week comes and the receipts go on a USB stick."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from broadcaster.protocol.agenda import Agenda, AgendaItem
from broadcaster.protocol.receipts import Acks, Receipt
from broadcaster.protocol.signing import open_receipts, public_key, receipts_seed, sign_acks, sign_agenda
from broadcaster.protocol.stick import layout as stick
from broadcaster.protocol.values import DeliveryState
from speaker_node.assembly import Substitutes
from speaker_node.clock.kernel_time import KernelTime
from speaker_node.clock.node_clock import NodeClock, TimeSources
from tests.integration.speaker_node.conftest import QUICK, StartNode
from tests.rig.clips import TestClip, corrupted, noise_clip
from tests.rig.station import PASSWORD, TestStation, item, soon

pytestmark = pytest.mark.integration
State = DeliveryState
NODE = "loa-1"
NOBODY = 1
"""A port where no broker listens."""
QUIET_SECONDS = 2.0
"""Longer than a node with its agenda and its clip takes to begin what is due."""


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "usb" / stick.FOLDER
    (folder / stick.CLIPS).mkdir(parents=True)
    return folder


def _carry(usb: Path, station: TestStation, agenda: Agenda, *clips: TestClip, seed: bytes | None = None) -> None:
    for clip in clips:
        (usb / stick.clip(clip.ref.sha256)).write_bytes(clip.data)
    (usb / stick.agenda(NODE)).write_bytes(sign_agenda(agenda, seed or station.seed))


def _written(usb: Path) -> list[Receipt]:
    path = usb / stick.receipts(NODE)
    lines = path.read_bytes().splitlines() if path.exists() else []
    key = public_key(receipts_seed(PASSWORD))
    return [receipt for line in lines for receipt in open_receipts(line, node=NODE, key=key).receipts]


def _states(usb: Path, broadcast: AgendaItem) -> list[State]:
    return [receipt.state for receipt in _written(usb) if receipt.broadcast == broadcast.broadcast]


def _reported_when_served_again(usb: Path, broadcast: AgendaItem) -> list[State]:
    _again(usb)
    return _states(usb, broadcast)


def _until(condition: Callable[[], object], *, timeout_seconds: float = 60) -> None:
    end = time.monotonic() + timeout_seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


def _again(usb: Path) -> None:
    """As if the stick had been written anew: whatever else, it is served at once."""
    (usb / stick.agenda(NODE)).touch()


def test_a_week_by_hand_is_played_told_acknowledged_and_not_played_again_over_the_link(
    start_node: StartNode, station: TestStation, usb: Path
) -> None:
    clip = noise_clip(0.5, chunk_bytes=1024)
    broadcast = item(clip, start_at=soon(7), within_seconds=600)
    agenda = station.agenda(NODE, broadcast, clips=[clip])
    _carry(usb, station, agenda, clip)
    node = start_node(NODE, port=NOBODY, usb=str(usb))
    _until(lambda: (usb / stick.note(NODE)).exists())
    assert "Đã ghi" in (usb / stick.note(NODE)).read_text("utf-8")
    _until(lambda: len(node.played()) == 1)
    _until(lambda: _reported_when_served_again(usb, broadcast) == [State.STORED, State.PLAYING, State.PLAYED])

    acks = Acks(node=NODE, receipts=tuple(receipt.receipt for receipt in _written(usb)))
    (usb / stick.acks(NODE)).write_bytes(sign_acks(acks, station.seed) + b"\n")
    _until(lambda: not _written(usb))
    node.stop()

    again = start_node(NODE, usb="off")
    station.publish_token(NODE, sign_agenda(agenda, station.seed))
    station.publish_agenda(station.agenda(NODE, broadcast, clips=[clip]))
    assert station.wait(lambda: station.statuses and station.statuses[-1].agenda_number == 2)
    time.sleep(QUIET_SECONDS)
    assert len(again.played()) == 1
    assert station.states(broadcast.broadcast) == []


def test_the_stick_of_another_and_an_old_stick_change_nothing_and_the_note_says_so(
    start_node: StartNode, station: TestStation, usb: Path
) -> None:
    clip = noise_clip(0.5)
    forged = item(clip, start_at=soon(4))
    _carry(usb, station, station.agenda(NODE, forged, clips=[clip]), clip, seed=b"x" * 32)
    node = start_node(NODE, port=NOBODY, usb=str(usb))
    _until(lambda: (usb / stick.note(NODE)).exists())
    note = (usb / stick.note(NODE)).read_text("utf-8")
    assert "không dùng được" in note
    assert "chép lại từ đài" in note

    _carry(usb, station, station.agenda(NODE, number=9))
    _until(lambda: "Lịch đang theo: số 9" in (usb / stick.note(NODE)).read_text("utf-8"))
    _carry(usb, station, station.agenda(NODE, forged, clips=[clip], number=8), clip)
    _until(lambda: "Lịch trên USB: số 8" in (usb / stick.note(NODE)).read_text("utf-8"))
    assert "Lịch đang theo: số 9" in (usb / stick.note(NODE)).read_text("utf-8")
    assert node.played() == []


def test_a_clip_damaged_on_the_stick_is_left_there_and_counted_as_missing(
    start_node: StartNode, station: TestStation, usb: Path
) -> None:
    good, bad = noise_clip(0.4, seed=1), noise_clip(0.4, seed=2)
    first, second = item(bad, start_at=soon(6)), item(good, start_at=soon(7))
    _carry(usb, station, station.agenda(NODE, first, second, clips=[good, bad]), good, bad)
    (usb / stick.clip(bad.ref.sha256)).write_bytes(corrupted(bad))
    node = start_node(NODE, port=NOBODY, usb=str(usb))
    _until(lambda: (usb / stick.note(NODE)).exists())
    assert "còn thiếu 1 tệp phát" in (usb / stick.note(NODE)).read_text("utf-8")
    _until(lambda: len(node.played()) == 1)


def test_a_stick_that_takes_no_writes_still_brings_the_week(
    start_node: StartNode, station: TestStation, usb: Path
) -> None:
    clip = noise_clip(0.4)
    broadcast = item(clip, start_at=soon(6))
    _carry(usb, station, station.agenda(NODE, broadcast, clips=[clip]), clip)
    (usb / f"{stick.receipts(NODE)}.new").mkdir()
    node = start_node(NODE, port=NOBODY, usb=str(usb))
    _until(lambda: len(node.played()) == 1)


def test_an_order_given_now_is_not_taken_from_a_stick_while_the_clock_is_unknown(
    start_node: StartNode, station: TestStation, usb: Path
) -> None:
    clip = noise_clip(0.4)
    order = item(clip, start_at=soon(1), within_seconds=600, live=True)
    _carry(usb, station, station.agenda(NODE, order, clips=[clip]), clip)
    nobody_knows = NodeClock(
        NODE, memory=usb.parent / "clock.json", sources=TimeSources(kernel=lambda: KernelTime(False, 16.0))
    )
    node = start_node(NODE, port=NOBODY, usb=str(usb), substitutes=Substitutes(clock=nobody_knows, times=QUICK))
    _until(lambda: (usb / stick.note(NODE)).exists())
    time.sleep(QUIET_SECONDS)
    assert node.played() == []
