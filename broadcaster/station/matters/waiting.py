"""What waits for a release besides announcements, which call people themselves: whom it needs, and whom not."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from broadcaster.station.clips import dictionary, tunes
from broadcaster.station.people import approvers
from broadcaster.station.relays import slot_relays
from broadcaster.station.units import spoken_words

RELEASE, ROLE = "release_waits", "role_waits"
KINDS = (RELEASE, ROLE)
"""Kinds of matters: for an approver, and for a second administrator."""


@dataclass(frozen=True, slots=True)
class WaitingRelease:
    """kind: as of its matter; subject: of its matter; name: of whose role it is, empty for anything else.

    count: of the things; units: over any of which an approver may release one, None for the commune as a whole.
    without: ids of people who wrote all of them, or gave the role: nobody calls them.
    """

    kind: str
    subject: str
    count: int
    units: frozenset[str | None]
    without: frozenset[str]
    name: str = ""


def listing(s: Session) -> Iterator[WaitingRelease]:
    """Of each sort one, however many there are."""
    lines = dictionary.waiting(s)
    yield from _sort("readings", [each.authors for each in lines], {each.unit_id for each in lines})
    yield from _sort("spoken_words", [each.authors for each in spoken_words.unreleased(s)], {None})
    yield from _sort("tunes", [[each.added_by_id] for each in tunes.waiting_for_approval(s)], {None})
    relays = slot_relays.waiting_for_approval(s)
    units = {zone.unit_id for each in relays for zone in each.slot.zones}
    yield from _sort("relays", [slot_relays.authors(s, each) for each in relays], units)
    for person, membership in approvers.waiting(s):
        first = frozenset(each for each in (membership.given_by_id, person.id) if each)
        yield WaitingRelease(ROLE, f"approver:{person.username}", 1, frozenset({None}), first, person.full_name)


def _sort(name: str, authors: list[Collection[str]], units: Collection[str | None]) -> Iterator[WaitingRelease]:
    if authors:
        without = frozenset.intersection(*map(frozenset, authors))
        yield WaitingRelease(RELEASE, f"waiting:{name}", len(authors), frozenset(units), without)
