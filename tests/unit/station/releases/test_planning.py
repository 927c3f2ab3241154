"""Waves: chosen nodes, a tenth, all; the next one when those of the last have run it for a time; a failure stops it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from broadcaster.protocol.release import ReleaseWave
from broadcaster.station.releases.planning import NodeFacts, ReleaseFacts, ReleasePlan, plan
from broadcaster.station.vocabulary.states import ReleaseStage

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
NOTHING = ReleasePlan()
RELEASE = ReleaseFacts(
    id="r", program="0.3.0", stage=ReleaseStage.CANARY, paused=False, canaries=frozenset({"n01", "n02"}), hours=24
)


def node(number: int, **more: Any) -> NodeFacts:
    return NodeFacts(f"n{number:02}", **{"software": "0.2.0", "state": "idle", **more})


def running(number: int, wave: ReleaseWave, *, hours: float = 25) -> NodeFacts:
    return node(number, software="0.3.0", wave=wave, confirmed_at=NOW - timedelta(hours=hours))


def commune(*changed: NodeFacts, count: int = 20) -> list[NodeFacts]:
    """So many nodes of the version before, but for those."""
    other = {each.node: each for each in changed}
    return [other.get(f"n{number:02}", node(number)) for number in range(1, count + 1)]


def stage(name: ReleaseStage, **more: Any) -> ReleaseFacts:
    return replace(RELEASE, stage=name, **more)


def test_first_the_chosen_nodes_get_it_and_nobody_else() -> None:
    assert plan(RELEASE, commune(), now_at=NOW) == ReleasePlan(wave=ReleaseWave.CANARY, join=("n01", "n02"))


def test_a_tenth_follows_when_all_chosen_nodes_have_run_it_for_a_day() -> None:
    canaries = [running(1, ReleaseWave.CANARY), running(2, ReleaseWave.CANARY)]
    follows = plan(RELEASE, commune(*canaries), now_at=NOW)
    assert follows.wave is ReleaseWave.TENTH
    assert len(follows.join) == 2
    assert not {"n01", "n02"} & set(follows.join)
    assert follows == plan(RELEASE, commune(*canaries), now_at=NOW)


@pytest.mark.parametrize(
    "second",
    [
        running(2, ReleaseWave.CANARY, hours=23),
        node(2, wave=ReleaseWave.CANARY),
        node(2, wave=ReleaseWave.CANARY, state="fetching", program="0.3.0"),
        node(2, wave=ReleaseWave.CANARY, software="0.3.0", state="trial", program="0.3.0"),
    ],
)
def test_the_next_wave_waits_for_the_last_of_this_one(second: NodeFacts) -> None:
    assert plan(RELEASE, commune(running(1, ReleaseWave.CANARY), second), now_at=NOW) == NOTHING


def test_a_node_that_runs_it_is_confirmed_and_the_wait_begins_there() -> None:
    runs = node(1, wave=ReleaseWave.CANARY, software="0.3.0")
    newer = node(2, wave=ReleaseWave.CANARY, software="0.4.0")
    assert plan(RELEASE, commune(runs, newer), now_at=NOW) == ReleasePlan(confirmed=("n01", "n02"))


def test_all_follow_the_tenth_and_whoever_comes_later_too() -> None:
    members = [running(1, ReleaseWave.CANARY), running(2, ReleaseWave.CANARY), running(9, ReleaseWave.TENTH)]
    follows = plan(stage(ReleaseStage.TENTH), commune(*members), now_at=NOW)
    assert (follows.wave, len(follows.join)) == (ReleaseWave.ALL, 17)
    given = [running(number, ReleaseWave.ALL) for number in range(1, 20)]
    late = plan(stage(ReleaseStage.ALL), commune(*given), now_at=NOW)
    assert late == ReleasePlan(wave=ReleaseWave.ALL, join=("n20",))
    assert plan(stage(ReleaseStage.ALL), commune(*given, running(20, ReleaseWave.ALL)), now_at=NOW) == NOTHING


def test_nodes_that_cannot_be_updated_over_the_air_are_never_asked() -> None:
    members = [running(1, ReleaseWave.CANARY), running(2, ReleaseWave.CANARY)]
    old = [node(number, able=False, state="") for number in range(3, 21)]
    assert plan(RELEASE, commune(*members, *old), now_at=NOW) == ReleasePlan(wave=ReleaseWave.TENTH)
    assert plan(stage(ReleaseStage.TENTH), commune(*members, *old), now_at=NOW).join == ()


@pytest.mark.parametrize("paused", [False, True])
def test_a_failure_is_noted_and_nobody_joins_with_it(paused: bool) -> None:
    failed = node(2, wave=ReleaseWave.CANARY, state="failed", program="0.3.0", failure="release_no_sound")
    follows = plan(
        stage(ReleaseStage.CANARY, paused=paused), commune(running(1, ReleaseWave.CANARY), failed), now_at=NOW
    )
    assert follows == ReleasePlan(failed=(("n02", "release_no_sound"),))


def test_a_failure_after_it_was_confirmed_counts_too() -> None:
    later = node(
        1,
        wave=ReleaseWave.CANARY,
        confirmed_at=NOW - timedelta(hours=30),
        state="failed",
        program="0.3.0",
        failure="release_crashed_later",
    )
    assert plan(stage(ReleaseStage.ALL), commune(later), now_at=NOW).failed == (("n01", "release_crashed_later"),)


def test_the_failure_of_another_version_is_not_this_ones() -> None:
    other = node(1, wave=ReleaseWave.CANARY, state="failed", program="0.2.9", failure="release_no_sound")
    assert plan(RELEASE, commune(other, node(2, wave=ReleaseWave.CANARY)), now_at=NOW).failed == ()


def test_nodes_that_failed_before_a_person_let_it_go_on_are_left_out() -> None:
    failed = node(
        2, wave=ReleaseWave.CANARY, failed="release_unfit", state="failed", program="0.3.0", failure="release_unfit"
    )
    follows = plan(RELEASE, commune(running(1, ReleaseWave.CANARY), failed), now_at=NOW)
    assert follows.wave is ReleaseWave.TENTH
    assert follows.failed == ()


@pytest.mark.parametrize("rests", [ReleaseStage.UPLOADED, ReleaseStage.STOPPED, ReleaseStage.WITHDRAWN])
def test_what_does_not_run_is_given_to_nobody(rests: ReleaseStage) -> None:
    assert plan(stage(rests), commune(), now_at=NOW) == NOTHING
    assert plan(stage(ReleaseStage.ALL, paused=True), commune(), now_at=NOW) == NOTHING


def test_in_a_commune_of_one_node_the_waves_pass_by_themselves() -> None:
    alone = [running(1, ReleaseWave.CANARY)]
    assert plan(RELEASE, alone, now_at=NOW) == ReleasePlan(wave=ReleaseWave.TENTH)
    assert plan(stage(ReleaseStage.TENTH), alone, now_at=NOW) == ReleasePlan(wave=ReleaseWave.ALL)
    assert plan(stage(ReleaseStage.ALL), alone, now_at=NOW) == NOTHING
