"""What an approver needs to decide about an announcement, on a card: sound, words, change, time."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadcaster.station.announcements import differences, steps
from broadcaster.station.announcements.differences import Difference
from broadcaster.station.announcements.steps import Step
from broadcaster.station.schema import Announcement, Clip
from web.shell.request_context import Context
from web.wishes import showing
from web.wishes.showing import ShownWish


@dataclass(frozen=True, slots=True)
class Card:
    """announcement; clip: what is to be heard; change: since the last decision; allowed: what this person may do."""

    announcement: Announcement
    clip: Clip | None
    change: Difference | None
    allowed: frozenset[Step]
    wish: ShownWish | None


def cards(c: Context, pending: Sequence[Announcement]) -> list[Card]:
    """In the same order."""
    return [
        Card(
            announcement=each,
            clip=c.s.get(Clip, each.clip_sha256) if each.clip_sha256 else None,
            change=differences.since_last_decision(c.s, each),
            allowed=steps.steps(c.s, each, c.by),
            wish=showing.shown(c, each),
        )
        for each in pending
    ]
