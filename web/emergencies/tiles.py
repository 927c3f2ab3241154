"""The ready texts as the emergency page shows them: a tile for each alarm, the answers and the drills apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadcaster.station.emergencies import phrasebook, ready_texts
from broadcaster.station.matters import readiness
from broadcaster.station.schema import Announcement
from broadcaster.station.vocabulary.states import AnnouncementState
from web.shell.request_context import Context


@dataclass(frozen=True, slots=True)
class Tile:
    """One alarm. ready: nodes that would sound it from their own disk now; nodes: all it is for.

    cleared: the commune's all-clear for it is approved, and so stored on the same nodes.
    """

    announcement: Announcement
    ready: int
    nodes: int
    cleared: bool

    @property
    def approved(self) -> bool:
        return self.announcement.state is AnnouncementState.APPROVED


@dataclass(frozen=True, slots=True)
class AlarmTiles:
    """alarms: a tile each; answers: all-clear and correction, which belong to a running alarm; drills."""

    alarms: Sequence[Tile]
    answers: Sequence[Announcement]
    drills: Sequence[Announcement]

    @property
    def uncleared(self) -> bool:
        """Whether some approved alarm has no all-clear ready."""
        return any(each.approved and not each.cleared for each in self.alarms)


def board(c: Context) -> AlarmTiles:
    book = phrasebook.book(c.s)
    real = [each for each in book if not each.drill]
    alarms = [each for each in real if each.phrase not in phrasebook.ANSWERS]
    counts = readiness.stored_counts(c.s, alarms, now_at=c.now_at)
    zones = {each.id: tuple(zone.id for zone in each.zones) for each in alarms}
    cleared = {chosen: _has_all_clear(c, chosen) for chosen in set(zones.values())}
    return AlarmTiles(
        alarms=[Tile(each, *counts[each.id], cleared[zones[each.id]]) for each in alarms],
        answers=[each for each in real if each.phrase in phrasebook.ANSWERS],
        drills=[each for each in book if each.drill],
    )


def _has_all_clear(c: Context, zones: Sequence[str]) -> bool:
    """Whether a text that ends an alarm there is released."""
    found = ready_texts.ready_text(c.s, zones, drill=False, phrase=phrasebook.ALL_CLEAR, approved=True)
    return found is not None
