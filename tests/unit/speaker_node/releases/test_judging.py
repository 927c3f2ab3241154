"""When a node may change its program, and whether the new one works."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from broadcaster.protocol.agenda import Policy, QuietHours, StopOrder
from broadcaster.protocol.release import Release, ReleaseFailure, ReleaseReport, ReleaseWheel
from broadcaster.protocol.values import BroadcastClass, ClockState, DeliveryState
from speaker_node.releases.judging import (
    HOLDOVER_SECONDS,
    TrialProgress,
    Verdict,
    judge,
    may_change,
    may_fetch,
    refusal,
)
from tests.unit.speaker_node.situations import NOON, at, item, situation

WELL = TrialProgress(running_seconds=0, agenda=True, sound=True, connected=True, receipts=True, trusted=True)
MACHINE = ReleaseReport(python="3.11", machine="aarch64", glibc="2.36")
WAITS = Verdict()


def release(name: str = "loa_lang-1.2-py3-none-any.whl", **more: Any) -> Release:
    wheel = ReleaseWheel(name=name, sha256="ab" * 32, size_bytes=1)
    return Release(station="xa", wheels=(wheel,), **{"program": "1.2", "not_before_at": NOON, **more})


def verdict(seconds: float, **change: bool) -> Verdict:
    return judge(replace(WELL, running_seconds=seconds, **change), trial_seconds=600)


def test_a_program_is_confirmed_only_after_it_has_worked_for_a_while() -> None:
    assert verdict(170) == WAITS
    assert verdict(180) == Verdict(confirmed=True)


@pytest.mark.parametrize(
    ("lacks", "failure"),
    [("agenda", ReleaseFailure.NO_AGENDA), ("sound", ReleaseFailure.NO_SOUND)],
)
def test_what_never_comes_is_a_failure_once_the_time_is_over(lacks: str, failure: ReleaseFailure) -> None:
    assert verdict(599, **{lacks: False}) == WAITS
    assert verdict(600, **{lacks: False}) == Verdict(failure=failure)


@pytest.mark.parametrize(
    ("lacks", "failure"),
    [("connected", ReleaseFailure.NO_LINK), ("receipts", ReleaseFailure.NO_RECEIPTS)],
)
def test_a_line_that_is_away_is_waited_for_while_the_time_is_known(lacks: str, failure: ReleaseFailure) -> None:
    assert verdict(HOLDOVER_SECONDS - 1, **{lacks: False}) == WAITS
    assert verdict(HOLDOVER_SECONDS, **{lacks: False}) == Verdict(failure=failure)
    assert verdict(600, trusted=False, **{lacks: False}) == Verdict(failure=failure)


@pytest.mark.parametrize(
    ("change", "running", "failure"),
    [
        ({}, "1.1", None),
        ({}, "source", None),
        ({}, "1.2", ReleaseFailure.DOWNGRADE),
        ({}, "1.10", ReleaseFailure.DOWNGRADE),
        ({"oldest": "1.1"}, "1.0.9", ReleaseFailure.TOO_FAR),
        ({"oldest": "1.1"}, "1.1", None),
        ({"name": "loa_lang-1.2-cp313-cp313-manylinux_2_28_aarch64.whl"}, "1.1", ReleaseFailure.UNFIT),
        ({"name": "loa_lang-1.2-cp311-cp311-manylinux_2_28_x86_64.whl"}, "1.1", ReleaseFailure.UNFIT),
        ({"name": "loa_lang-1.2-cp311-cp311-manylinux_2_39_aarch64.whl"}, "1.1", ReleaseFailure.UNFIT),
        ({"name": "loa_lang-1.2-cp311-cp311-manylinux_2_28_aarch64.whl"}, "1.1", None),
    ],
)
def test_only_a_newer_program_for_this_machine_is_taken(
    change: dict[str, Any], running: str, failure: ReleaseFailure | None
) -> None:
    assert refusal(release(**change), running=running, machine=MACHINE) == failure


def test_a_node_changes_its_program_far_from_any_broadcast() -> None:
    assert may_change(release(), situation())
    assert may_change(release(), situation(item("later", 1801)))
    assert not may_change(release(), situation(item("soon", 1799)))
    over = situation(item("over", -60), states={"bc-0000over": DeliveryState.PLAYED})
    assert may_change(release(), over)


def test_nothing_changes_while_something_sounds_during_an_alarm_a_stop_or_by_an_unknown_time() -> None:
    assert not may_change(release(), situation(playing=item("now", -1)))
    assert not may_change(release(), situation(item("alarm", 7200, kind=BroadcastClass.EMERGENCY)))
    stop = StopOrder(order="stop-order-1", ordered_at=NOON)
    assert not may_change(release(), situation(stop=stop))
    assert not may_fetch(release(), situation(stop=stop))
    assert not may_change(release(), situation(clock=ClockState.UNSYNCED))
    assert not may_change(release(not_before_at=NOON + timedelta(seconds=1)), situation())


def test_a_release_for_quiet_hours_waits_for_them() -> None:
    quiet = Policy(quiet_hours=(QuietHours(from_minute=22 * 60, to_minute=5 * 60),))
    night = release(quiet_only=True)
    assert not may_fetch(night, situation(policy=quiet))
    assert may_fetch(night, situation(policy=quiet, now=11 * 3600))
    assert may_fetch(night, situation())
    assert may_fetch(release(), situation(policy=quiet))
    assert at(11 * 3600).hour == 16
