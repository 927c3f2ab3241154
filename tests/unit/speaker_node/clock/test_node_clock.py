"""Time as a state: synced, holdover, unsynced, and what steps and wrong dates do to it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadcaster.protocol.clock import ClockReply
from broadcaster.protocol.values import ClockState
from speaker_node.clock.exchange import FIRST_BURST, QUESTION_SECONDS
from speaker_node.clock.kernel_time import KernelTime, boot_id, look
from speaker_node.clock.node_clock import HOLDOVER_SECONDS, NodeClock, TimeSources

TODAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC).timestamp()


@dataclass
class Board:
    """A board whose hands the test moves."""

    wall: float = TODAY
    monotonic: float = 50.0
    synced: bool = True
    boot: str = "boot-1"
    battery: bool = False
    sources: TimeSources = field(init=False)

    def __post_init__(self) -> None:
        self.sources = TimeSources(
            wall=lambda: self.wall,
            monotonic=lambda: self.monotonic,
            kernel=lambda: KernelTime(synced=self.synced, error_seconds=0.004),
            boot=lambda: self.boot,
            battery=lambda: self.battery,
        )

    def pass_seconds(self, seconds: float) -> None:
        self.wall += seconds
        self.monotonic += seconds

    def reboot(self, *, off_seconds: float, wall: float | None = None) -> None:
        self.wall = self.wall + off_seconds if wall is None else wall
        self.monotonic, self.boot, self.synced = 5.0, self.boot + "x", False


@pytest.fixture
def board() -> Board:
    return Board()


def _clock(board: Board, folder: Path, *, trust: bool = False) -> NodeClock:
    return NodeClock("loa-1", memory=folder / "clock.json", trust_system=trust, sources=board.sources)


def test_a_clock_the_kernel_holds_is_synced_with_the_kernels_error(board: Board, tmp_path: Path) -> None:
    reading = _clock(board, tmp_path).read()
    assert (reading.state, reading.error_ms) == (ClockState.SYNCED, 4)
    assert reading.now_at.timestamp() == TODAY


@pytest.mark.parametrize("wall", [0.0, TODAY + 10 * 365 * 86_400, -1e18])
def test_a_board_that_boots_in_a_wrong_year_is_unsynced(board: Board, tmp_path: Path, wall: float) -> None:
    board.synced, board.wall = False, wall
    reading = _clock(board, tmp_path).read()
    assert (reading.state, reading.error_ms, reading.trusted) == (ClockState.UNSYNCED, None, False)


@pytest.mark.parametrize("step", [-3600.0, 3600.0, -TODAY, 10 * 365 * 86_400.0])
def test_a_step_in_holdover_moves_nothing_and_its_error_grows(board: Board, tmp_path: Path, step: float) -> None:
    clock = _clock(board, tmp_path)
    clock.read()
    board.synced = False
    board.pass_seconds(3600)
    board.wall += step
    reading = clock.read()
    assert reading.state is ClockState.HOLDOVER
    assert reading.now_at.timestamp() == TODAY + 3600
    assert reading.error_ms == 4 + 180


def test_a_step_the_kernel_vouches_for_is_followed(board: Board, tmp_path: Path) -> None:
    clock = _clock(board, tmp_path)
    clock.read()
    board.wall += 3600
    assert clock.read().now_at.timestamp() == TODAY + 3600


def test_holdover_ends(board: Board, tmp_path: Path) -> None:
    clock = _clock(board, tmp_path)
    clock.read()
    board.synced = False
    board.pass_seconds(HOLDOVER_SECONDS + 1)
    assert clock.read().state is ClockState.UNSYNCED


def test_a_restart_of_the_program_keeps_holdover(board: Board, tmp_path: Path) -> None:
    _clock(board, tmp_path).read()
    board.synced = False
    board.pass_seconds(600)
    board.wall = 0.0
    reading = _clock(board, tmp_path).read()
    assert (reading.state, reading.now_at.timestamp()) == (ClockState.HOLDOVER, TODAY + 600)


def test_a_reboot_keeps_holdover_only_with_a_battery_clock_that_went_forward(board: Board, tmp_path: Path) -> None:
    _clock(board, tmp_path).read()
    board.reboot(off_seconds=7200)
    assert _clock(board, tmp_path).read().state is ClockState.UNSYNCED
    board.battery = True
    reading = _clock(board, tmp_path).read()
    assert (reading.state, reading.now_at.timestamp()) == (ClockState.HOLDOVER, TODAY + 7200)
    board.wall = TODAY - 60
    assert _clock(board, tmp_path).read().state is ClockState.UNSYNCED


def test_a_trusted_system_clock_needs_no_kernel(board: Board, tmp_path: Path) -> None:
    board.synced = False
    clock = _clock(board, tmp_path, trust=True)
    assert clock.read().state is ClockState.SYNCED
    assert clock.question() is None


def test_a_damaged_memory_is_no_memory(board: Board, tmp_path: Path) -> None:
    (tmp_path / "clock.json").write_bytes(b"\xff{")
    board.synced = False
    assert _clock(board, tmp_path).read().state is ClockState.UNSYNCED


def answer(question_asked: float, name: str, *, station: float, there: float, back: float) -> tuple[ClockReply, float]:
    """The reply of a station whose clock is ``station`` ahead of monotonic; seconds on the way there and back."""
    received = question_asked + there + station
    reply = ClockReply(
        node="loa-1",
        question=name,
        asked_seconds=question_asked,
        received_seconds=received,
        replied_seconds=received + 0.001,
    )
    return reply, question_asked + there + 0.001 + back


def test_without_ntp_the_station_is_asked_and_believed(board: Board, tmp_path: Path) -> None:
    board.synced, board.wall = False, 0.0
    clock = _clock(board, tmp_path)
    clock.link_up()
    ahead = TODAY - board.monotonic
    for _ in range(8):
        board.pass_seconds(QUESTION_SECONDS)
        question = clock.question()
        assert question
        reply, arrived = answer(question.asked_seconds, question.question, station=ahead, there=0.2, back=0.2)
        clock.answered(reply, arrived)
    reading = clock.read()
    assert reading.state is ClockState.SYNCED
    assert abs(reading.now_at.timestamp() - (ahead + board.monotonic)) < 0.001
    assert reading.error_ms == 200


def test_a_synced_kernel_is_not_talked_over(board: Board, tmp_path: Path) -> None:
    clock = _clock(board, tmp_path)
    clock.link_up()
    board.pass_seconds(60)
    assert clock.question() is None


HOURS = 3600.0


def _signed(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_a_synced_kernel_is_believed_over_a_signature_of_tomorrow(board: Board, tmp_path: Path) -> None:
    clock = _clock(board, tmp_path)
    clock.not_before(_signed(TODAY + 7 * HOURS))
    reading = clock.read()
    assert (reading.state, reading.station_ahead_seconds) == (ClockState.SYNCED, 7 * HOURS)

    board.synced = False
    board.pass_seconds(60)
    assert clock.read().state is ClockState.HOLDOVER, "what the kernel said in this boot still holds"
    assert clock.read().station_ahead_seconds == 7 * HOURS, "and the difference is told as it was found"


def test_a_clock_nobody_vouches_for_yields_to_a_signature_and_comes_back_with_the_next_agenda(
    board: Board, tmp_path: Path
) -> None:
    _clock(board, tmp_path).read()
    board.reboot(off_seconds=60)
    board.battery = True
    clock = _clock(board, tmp_path)
    assert clock.read().state is ClockState.HOLDOVER
    clock.not_before(_signed(TODAY + 7 * HOURS))
    assert clock.read().state is ClockState.UNSYNCED
    clock.not_before(_signed(TODAY))
    reading = clock.read()
    assert (reading.state, reading.station_ahead_seconds) == (ClockState.HOLDOVER, 0)


def test_clocks_may_differ_by_minutes_without_anybody_being_told(board: Board, tmp_path: Path) -> None:
    clock = _clock(board, tmp_path)
    clock.not_before(_signed(TODAY + 500))
    assert (clock.read().trusted, clock.read().station_ahead_seconds) == (True, 0)


def test_a_clock_trusted_by_a_setting_vouches_for_itself_unless_its_battery_is_dead(
    board: Board, tmp_path: Path
) -> None:
    board.synced = False
    clock = _clock(board, tmp_path, trust=True)
    clock.not_before(_signed(TODAY + 7 * HOURS))
    assert clock.read().state is ClockState.SYNCED
    board.wall = 0.0
    assert clock.read().state is ClockState.UNSYNCED


@pytest.mark.parametrize(
    "change",
    [{"wall": 1e300}, {"wall": -1.0}, {"error_seconds": 1e308}, {"monotonic": -5.0}, {"boot": None}, {"wall": "now"}],
)
def test_a_memory_that_no_clock_wrote_is_no_memory(board: Board, tmp_path: Path, change: dict[str, object]) -> None:
    clock = _clock(board, tmp_path)
    clock.read()
    board.synced = False
    file = tmp_path / "clock.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    assert _clock(board, tmp_path).read().state is ClockState.UNSYNCED


def _hear_station(board: Board, clock: NodeClock, *, station: float, state: ClockState = ClockState.SYNCED) -> None:
    """Sixteen questions answered by a station whose clock is so many seconds off."""
    for _ in range(FIRST_BURST):
        board.pass_seconds(QUESTION_SECONDS)
        question = clock.question()
        assert question is not None
        shown = board.wall + station
        reply = ClockReply(
            node="loa-1",
            question=question.question,
            asked_seconds=question.asked_seconds,
            received_seconds=shown,
            replied_seconds=shown,
            clock=state,
        )
        clock.answered(reply, board.monotonic)


def test_a_station_that_does_not_know_the_time_is_not_believed(board: Board, tmp_path: Path) -> None:
    board.synced = False
    clock = _clock(board, tmp_path)
    clock.link_up()
    _hear_station(board, clock, station=0, state=ClockState.UNSYNCED)
    assert clock.read().state is ClockState.UNSYNCED


def test_answers_of_before_the_station_set_its_clock_are_forgotten(board: Board, tmp_path: Path) -> None:
    board.synced = False
    clock = _clock(board, tmp_path)
    clock.link_up()
    _hear_station(board, clock, station=7 * HOURS)
    assert clock.read().now_at.timestamp() == pytest.approx(board.wall + 7 * HOURS)
    clock.not_before(_signed(board.wall + 7 * HOURS))

    clock.not_before(_signed(board.wall))
    assert clock.read().state is ClockState.UNSYNCED
    _hear_station(board, clock, station=0)
    assert clock.read().now_at.timestamp() == pytest.approx(board.wall)


def test_a_step_of_the_station_s_clock_is_followed_and_not_averaged(board: Board, tmp_path: Path) -> None:
    board.synced = False
    clock = _clock(board, tmp_path)
    clock.link_up()
    _hear_station(board, clock, station=7 * HOURS)
    clock.link_up()
    _hear_station(board, clock, station=0)
    assert clock.read().now_at.timestamp() == pytest.approx(board.wall)


def test_this_kernel_answers() -> None:
    assert look().error_seconds >= 0
    assert boot_id() == boot_id() != ""
