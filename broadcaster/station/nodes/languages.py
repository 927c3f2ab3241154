"""The languages of the commune: which there are, which a zone listens to, and in what order a node speaks them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, NotFound
from broadcaster.refusals.reasons import Reason, word
from broadcaster.station.audit import entries as audit
from broadcaster.station.nodes.orders import Ordered
from broadcaster.station.rows import changes
from broadcaster.station.schema import Person, Unit, Zone, zone_nodes
from broadcaster.station.units.units import require_in

VIETNAMESE = "vi"
"""What an announcement is written in, and what every place hears that chose nothing else."""
MOST = 3
"""Languages one after another; more would keep everybody waiting."""


def _read() -> dict[str, str]:
    lines = (Path(__file__).parent / "data" / "languages.tsv").read_text(encoding="utf-8").splitlines()
    return {line.partition("\t")[0]: line.partition("\t")[2] for line in lines}


LANGUAGES = _read()
"""Vietnamese names by code (ISO 639), as the data file lists them."""


def name_of(language: str) -> Reason | str:
    """The language's name for a sentence; the code of one that is not in the list."""
    return word("language.name", language) if language in LANGUAGES else language[:20]


def check(language: str) -> str:
    """Raises Invalid for a language that is not in the list, or for Vietnamese, which the text itself is."""
    if language == VIETNAMESE:
        raise Invalid("language.vietnamese_is_the_text", field="language")
    if language not in LANGUAGES:
        raise Invalid("language.unknown", field="language", language=language[:20])
    return language


def zone_of(s: Session, zone_id: str) -> Zone:
    """Raises NotFound."""
    zone = s.get(Zone, zone_id)
    if zone is None:
        raise NotFound("zone.not_found", field="zone")
    return zone


def choose(s: Session, *, zone: Zone, languages: Sequence[str], by: Person, now_at: datetime) -> None:
    """What this zone hears, in this order; none means as the unit above it. Raises Invalid or NotAllowed."""
    require_in(s, [zone], by=by, permission="write")
    wanted = list(dict.fromkeys(each for each in languages if each))
    for each in wanted:
        if each not in LANGUAGES:
            check(each)
    if len(wanted) > MOST:
        raise Invalid("language.too_many", field="languages", most=MOST)
    if wanted == zone.languages:
        return
    zone.languages = wanted
    details = {"name": zone.name, "languages": wanted}
    audit.record(s, by=by, action="zone.languages", subject=f"zone:{zone.id}", now_at=now_at, details=details)
    changes.bump(s, "agendas")
    changes.bump(s, "announcements")


def heard_by(s: Session, nodes: Iterable[Ordered]) -> dict[str, tuple[str, ...]]:
    """The languages of each node, by its id.

    A set of nodes somebody put together speaks first, then the node's own unit, then the units above; else Vietnamese.
    """
    chosen = list(s.scalars(select(Zone).where(Zone.id.in_(_choosing(s))).order_by(Zone.name)))
    if not chosen:
        return {node.id: (VIETNAMESE,) for node in nodes}
    of_unit = {zone.unit_id: tuple(zone.languages) for zone in chosen if zone.unit_id is not None}
    of_set = _by_node(s, [zone for zone in chosen if zone.unit_id is None])
    above: dict[str, str | None] = dict(s.execute(select(Unit.id, Unit.parent_id)).all())
    return {
        node.id: of_set.get(node.id)
        or next((of_unit[unit] for unit in _upwards(node.unit_id, above) if unit in of_unit), (VIETNAMESE,))
        for node in nodes
    }


def spoken(wanted: Sequence[str], available: Iterable[str]) -> tuple[str, ...]:
    """Of the wanted languages those there are, in order; Vietnamese where there is none of them."""
    there = set(available)
    return tuple(each for each in wanted if each in there) or (VIETNAMESE,)


def _choosing(s: Session) -> list[str]:
    """Ids of the zones that chose; JSON cannot be asked the same way of both databases."""
    return [zone_id for zone_id, languages in s.execute(select(Zone.id, Zone.languages)) if languages]


def _by_node(s: Session, zones: Sequence[Zone]) -> dict[str, tuple[str, ...]]:
    """For every node in one of these zones the languages of the first that holds it."""
    found: dict[str, tuple[str, ...]] = {}
    for zone in zones:
        for node_id in s.scalars(select(zone_nodes.c.node_id).where(zone_nodes.c.zone_id == zone.id)):
            found.setdefault(node_id, tuple(zone.languages))
    return found


def _upwards(unit_id: str, above: dict[str, str | None]) -> Iterator[str]:
    current: str | None = unit_id
    while current is not None:
        yield current
        current = above.get(current)
