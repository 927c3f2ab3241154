"""From the order in the agenda to the start of the new program, and what the node says of it meanwhile."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from broadcaster.protocol.agenda import Agenda, ClipRef
from broadcaster.protocol.mqtt import chunks
from broadcaster.protocol.release import ReleaseFailure, ReleaseReport, ReleaseState, sign_release
from broadcaster.protocol.signing import Audience, public_key
from speaker_node.clips.clip_store import ClipStore
from speaker_node.releases import launch_state, updates
from speaker_node.releases.launch_state import CURRENT, PREVIOUS, LaunchState
from speaker_node.releases.updates import REST_SECONDS, Running, Updates
from tests.rig.releases import programs
from tests.rig.releases.programs import SEED
from tests.unit.speaker_node.situations import agenda, item, situation

AUDIENCE = Audience("xa", "loa-1", public_key(SEED))
MACHINE = ReleaseReport(python="3.11", machine="aarch64", glibc="2.36")


class OneNode:
    """A node of version 1.1 that takes a turn when it is told to."""

    def __init__(self, folder: Path, *, launched: str = "installed", version: str = "1.1") -> None:
        self.folder = folder
        self.root = folder / launch_state.ROOT
        self.store = ClipStore(folder / "clips")
        self.opens = True
        self.start(launched, version)

    def start(self, launched: str, version: str) -> None:
        running = Running(launched, version, MACHINE)
        self.updates = Updates(
            self.folder,
            running,
            self.store,
            audience=AUDIENCE,
            sound_opens=lambda: self.opens,
            trial_seconds=600,
        )

    @property
    def said(self) -> tuple[str, ReleaseState, str | None]:
        report = self.updates.report
        assert report is not None
        return report.program, report.state, report.failure

    def fetch(self, wheel: Path) -> None:
        content = wheel.read_bytes()
        ref = described(wheel)
        for index, piece in enumerate(chunks.split(content, ref)):
            self.store.add(ref, index, piece)

    def turn(
        self, order: Agenda, *, now: float = 0, connected: bool = True, receipts: bool = True, **more: Any
    ) -> None:
        self.updates.step(situation(agenda=order, now=now, **more), connected=connected, receipts=receipts)

    def turns_until(self, done: Callable[[], bool], order: Agenda) -> None:
        until = time.monotonic() + 60
        while not done():
            assert time.monotonic() < until
            self.turn(order)
            time.sleep(0.01)


def described(wheel: Path) -> ClipRef:
    return chunks.describe(wheel.read_bytes(), duration_ms=0)


def ordered(*wheels: Path, seed: bytes = SEED, token: str = "", **more: Any) -> Agenda:
    release = programs.order(*wheels, **{"program": "1.2", **more})
    return agenda(release=token or sign_release(release, seed), wheels=tuple(map(described, wheels)))


@pytest.fixture
def node(tmp_path: Path) -> OneNode:
    return OneNode(tmp_path)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return programs.wheel(tmp_path / "wheels", "1.2")


def test_a_program_without_a_launcher_says_and_does_nothing(tmp_path: Path, wheel: Path) -> None:
    node = OneNode(tmp_path, launched="")
    node.turn(ordered(wheel))
    assert node.updates.report is None
    assert not node.updates.ends


def test_an_order_is_fetched_installed_and_started(node: OneNode, wheel: Path) -> None:
    order = ordered(wheel)
    node.turn(order)
    assert node.said == ("1.2", ReleaseState.FETCHING, None)
    assert not node.updates.holds_back
    node.fetch(wheel)
    node.turns_until(lambda: node.updates.ends, order)
    state = launch_state.read(node.root)
    assert (state.trial, state.starts, state.trial_seconds, state.had_sound) == ("1.2", 0, 600, True)
    assert launch_state.is_whole(node.root, "1.2")


def test_near_a_broadcast_all_is_prepared_and_nothing_is_started(node: OneNode, wheel: Path) -> None:
    order = ordered(wheel)
    node.fetch(wheel)
    soon = [item("soon", 600)]
    busy = agenda(*soon, release=order.release, wheels=order.wheels)
    until = time.monotonic() + 60
    while not launch_state.is_whole(node.root, "1.2"):
        assert time.monotonic() < until
        node.updates.step(situation(*soon, agenda=busy), connected=True, receipts=True)
        time.sleep(0.01)
    for _ in range(5):
        node.updates.step(situation(*soon, agenda=busy), connected=True, receipts=True)
    assert node.said == ("1.2", ReleaseState.WAITING, None)
    assert not node.updates.ends
    node.turns_until(lambda: node.updates.ends, order)


def test_an_order_that_another_key_signed_is_refused_and_nothing_is_fetched(node: OneNode, wheel: Path) -> None:
    node.turn(ordered(wheel, seed=bytes(32)))
    assert node.said == ("", ReleaseState.FAILED, ReleaseFailure.UNSIGNED)
    assert node.updates.holds_back


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"station": "xa-khac"}, ReleaseFailure.FOREIGN),
        ({"program": "1.0"}, ReleaseFailure.DOWNGRADE),
        ({"oldest": "1.1.1"}, ReleaseFailure.TOO_FAR),
        ({"token": "a.b"}, ReleaseFailure.UNSIGNED),
    ],
)
def test_an_order_that_is_not_for_this_node_is_refused(
    node: OneNode, wheel: Path, change: dict[str, Any], failure: ReleaseFailure
) -> None:
    node.turn(ordered(wheel, **change))
    assert node.said[1:] == (ReleaseState.FAILED, failure)
    assert node.updates.holds_back
    node.turn(agenda())
    assert node.said == ("", ReleaseState.IDLE, None)


def test_an_order_that_names_no_file_is_refused_as_malformed(node: OneNode) -> None:
    node.turn(agenda(release=sign_release(programs.order(program="1.2"), SEED)))
    assert node.said[1:] == (ReleaseState.FAILED, ReleaseFailure.MALFORMED)


def test_a_program_that_cannot_be_loaded_is_refused_for_good(node: OneNode, tmp_path: Path) -> None:
    bad = programs.wheel(tmp_path / "wheels", "1.2", agent=b"raise SystemExit(1)\n")
    node.fetch(bad)
    order = ordered(bad)
    node.turns_until(lambda: node.said[1] is ReleaseState.FAILED, order)
    assert node.said == ("1.2", ReleaseState.FAILED, ReleaseFailure.CRASHED_AT_IMPORT)
    node.start("installed", "1.1")
    node.turn(order)
    assert node.said == ("1.2", ReleaseState.FAILED, ReleaseFailure.CRASHED_AT_IMPORT)
    node.turn(order, now=REST_SECONDS + 1)
    assert not node.updates.ends


def test_a_card_without_room_is_tried_again_after_an_hour(
    node: OneNode, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.fetch(wheel)
    order = ordered(wheel)
    monkeypatch.setattr(updates.unpacking, "SPARE_BYTES", 10**18)
    node.turns_until(lambda: node.said[1] is ReleaseState.FAILED, order)
    assert node.said[2] == ReleaseFailure.NO_ROOM
    monkeypatch.undo()
    node.turn(order, now=REST_SECONDS - 60)
    assert node.said[1] is ReleaseState.FAILED
    node.turn(order, now=REST_SECONDS + 60)
    assert node.said == ("1.2", ReleaseState.WAITING, None)
    node.turns_until(lambda: node.updates.ends, order)


def test_a_card_that_does_not_take_the_note_keeps_the_node_as_it_is(
    node: OneNode, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(launch_state, "write", full)
    node.fetch(wheel)
    node.turns_until(lambda: node.said[1] is ReleaseState.FAILED, ordered(wheel))
    assert node.said[2] == ReleaseFailure.NOT_WRITTEN
    assert not node.updates.ends


def on_trial(tmp_path: Path, **more: Any) -> OneNode:
    """A node that was just started with 1.2 for the first time, 1.1 being the one before."""
    root = tmp_path / launch_state.ROOT
    for version in ("1.1", "1.2"):
        (root / version / "speaker_node").mkdir(parents=True)
        (root / version / "speaker_node" / "__main__.py").write_text("")
    launch_state.link(root, CURRENT, "1.1")
    launch_state.write(root, LaunchState(trial="1.2", starts=1, **more))
    return OneNode(tmp_path, launched="1.2", version="1.2")


def test_a_program_that_works_is_confirmed_and_the_one_before_is_kept(tmp_path: Path) -> None:
    node = on_trial(tmp_path)
    node.turn(agenda(), now=0)
    assert node.said == ("1.2", ReleaseState.TRIAL, None)
    node.turn(agenda(), now=200)
    assert node.said == ("", ReleaseState.IDLE, None)
    assert launch_state.linked(node.root, CURRENT) == "1.2"
    assert launch_state.linked(node.root, PREVIOUS) == "1.1"
    assert launch_state.read(node.root).trial == ""
    assert not node.updates.ends


def test_a_program_without_sound_is_left_and_not_tried_again(tmp_path: Path, wheel: Path) -> None:
    node = on_trial(tmp_path)
    node.opens = False
    for now in (0, 300, 601):
        node.turn(agenda(), now=now)
    assert node.updates.ends
    assert launch_state.linked(node.root, CURRENT) == "1.1"
    node.start("1.1", "1.1")
    node.fetch(wheel)
    node.turn(ordered(wheel), now=700)
    assert node.said == ("1.2", ReleaseState.FAILED, ReleaseFailure.NO_SOUND)
    assert not node.updates.ends


def test_a_dead_sound_card_is_not_the_fault_of_the_new_program(tmp_path: Path) -> None:
    node = on_trial(tmp_path, had_sound=False)
    node.opens = False
    for now in (0, 200):
        node.turn(agenda(), now=now)
    assert launch_state.linked(node.root, CURRENT) == "1.2"


def test_a_trial_goes_on_while_the_line_is_away_and_ends_well_when_it_comes_back(tmp_path: Path) -> None:
    node = on_trial(tmp_path)
    for now in (0, 900, 5000):
        node.turn(agenda(), now=now, connected=False, receipts=False)
    assert node.said[1] is ReleaseState.TRIAL
    node.turn(agenda(), now=5001)
    assert node.said[1] is ReleaseState.IDLE


def test_a_clean_end_and_a_long_run_say_nothing_against_a_confirmed_program(tmp_path: Path) -> None:
    for end in ("politely", "later"):
        node = OneNode(tmp_path / end)
        launch_state.write(node.root, LaunchState(crashes=4))
        node.start("1.1", "1.1")
        node.turn(agenda(), now=0)
        assert launch_state.read(node.root).crashes == 4
        if end == "politely":
            node.updates.ended()
        else:
            node.turn(agenda(), now=200)
        assert launch_state.read(node.root).crashes == 0


def versions(node: OneNode) -> set[str]:
    return {path.name for path in node.root.iterdir() if path.is_dir() and not path.is_symlink()}


def old_ones(node: OneNode, *names: str) -> None:
    for name in names:
        (node.root / name / "speaker_node").mkdir(parents=True)
        (node.root / name / "speaker_node" / "__main__.py").write_text("")


def test_what_neither_runs_nor_could_be_gone_back_to_leaves_the_card(tmp_path: Path) -> None:
    node = on_trial(tmp_path)
    old_ones(node, "0.9", "1.0", "1.4", "1.3.new")
    node.turn(agenda(), now=0)
    assert versions(node) == {"0.9", "1.0", "1.1", "1.2", "1.3.new", "1.4"}  # on trial nothing is touched
    node.turn(agenda(), now=200)
    node.turns_until(lambda: versions(node) == {"1.1", "1.2"}, agenda())
    assert (launch_state.linked(node.root, CURRENT), launch_state.linked(node.root, PREVIOUS)) == ("1.2", "1.1")


def test_a_version_that_failed_or_was_withdrawn_leaves_the_card_in_silence(node: OneNode, wheel: Path) -> None:
    order, soon = ordered(wheel), item("soon", 600)
    node.fetch(wheel)
    busy = agenda(soon, release=order.release, wheels=order.wheels)
    node.turns_until(lambda: launch_state.is_whole(node.root, "1.2"), busy)
    node.turns_until(lambda: node.said[1] is ReleaseState.WAITING, busy)
    assert versions(node) == {"1.2"}
    node.turns_until(lambda: not versions(node), agenda())


def test_the_version_that_runs_stays_though_no_link_leads_to_it(tmp_path: Path) -> None:
    node = OneNode(tmp_path, launched="1.2", version="1.2")
    old_ones(node, "1.1", "1.2")
    node.turns_until(lambda: versions(node) == {"1.2"}, agenda())
