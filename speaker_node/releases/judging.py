"""Pure decisions: whether an order may be followed, when a node may change its program, and whether the new works."""

from dataclasses import dataclass
from datetime import timedelta

from broadcaster.protocol.release import Release, ReleaseFailure, ReleaseReport, fits, is_newer
from broadcaster.protocol.values import BroadcastClass
from speaker_node.deciding.quiet import is_quiet
from speaker_node.deciding.situation import Situation, open_items

NEAR = timedelta(minutes=30)
"""So long before a broadcast a node does not change its program: a trial must be over by then."""
SETTLED_PART = 0.3
"""Of its time a program on trial must have worked at least so long: some crash only after a minute."""
HOLDOVER_SECONDS = 24 * 3600.0
"""A program that works, and is only without its link, has so long to prove that it finds the station again."""
Failed = ReleaseFailure


@dataclass(frozen=True, slots=True)
class TrialProgress:
    """What a program on trial has reached.

    running_seconds: since its start.
    agenda: an agenda of the station was verified.
    sound: the sound device opens, or did not with the program before either.
    connected: the broker has taken it in.
    receipts: the station has acknowledged all that was stated.
    trusted: the time is known.
    """

    running_seconds: float
    agenda: bool
    sound: bool
    connected: bool
    receipts: bool
    trusted: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """confirmed: it works; failure: it does not. Neither: it has more time."""

    confirmed: bool = False
    failure: ReleaseFailure | None = None


def judge(progress: TrialProgress, *, trial_seconds: float) -> Verdict:
    """Nothing but real progress within the time counts."""
    if progress.agenda and progress.sound and progress.connected and progress.receipts:
        return Verdict(confirmed=progress.running_seconds >= trial_seconds * SETTLED_PART)
    if progress.running_seconds < trial_seconds:
        return Verdict()
    if not progress.agenda:
        return Verdict(failure=Failed.NO_AGENDA)
    if not progress.sound:
        return Verdict(failure=Failed.NO_SOUND)
    if progress.trusted and progress.running_seconds < max(HOLDOVER_SECONDS, trial_seconds):
        return Verdict()
    return Verdict(failure=Failed.NO_RECEIPTS if progress.connected else Failed.NO_LINK)


def refusal(release: Release, *, running: str, machine: ReleaseReport) -> ReleaseFailure | None:
    """Why a node of this version does not take it; None when it may. The version that runs is nothing to do."""
    if not is_newer(release.program, running):
        return Failed.DOWNGRADE
    if release.oldest and is_newer(release.oldest, running):
        return Failed.TOO_FAR
    if not all(fits(wheel.name, machine) for wheel in release.wheels):
        return Failed.UNFIT
    return None


def may_fetch(release: Release, situation: Situation) -> bool:
    """Whether its files may take the link now."""
    if situation.playing or not _is_time(release, situation):
        return False
    return not _has_stopped(situation)


def may_change(release: Release, situation: Situation) -> bool:
    """Whether the node may change its program now: never near a broadcast, during an alarm or a stop-all, or before
    its time."""
    reading = situation.reading
    if not reading.trusted or reading.now_at < release.not_before_at or not may_fetch(release, situation):
        return False
    return not any(
        item.start_at - NEAR <= reading.now_at or item.broadcast_class is BroadcastClass.EMERGENCY
        for item in open_items(situation)
    )


def _has_stopped(situation: Situation) -> bool:
    return bool(situation.agenda and situation.agenda.stop)


def _is_time(release: Release, situation: Situation) -> bool:
    """With no quiet hours in the policy every hour is as good as another."""
    if not release.quiet_only or situation.agenda is None or not situation.agenda.policy.quiet_hours:
        return True
    return situation.reading.trusted and is_quiet(situation.agenda.policy, situation.reading.now_at)
