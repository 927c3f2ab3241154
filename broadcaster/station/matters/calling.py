"""Matters that just began become notices: of each kind one, however many began at the same look."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason, word
from broadcaster.station.matters import waiting
from broadcaster.station.matters.steps import unit_of
from broadcaster.station.notices import events
from broadcaster.station.schema import Matter

MANY = "matters:"
"""Subject of several: the page that lists them."""


def call(s: Session, begun: Sequence[Matter], *, now_at: datetime) -> None:
    """Write the notices of these."""
    for kinds, written in _WRITTEN.items():
        found = [each for each in begun if each.kind in kinds]
        if found:
            written(s, found, now_at)


def _subject(found: Sequence[Matter]) -> str:
    return f"matter:{found[0].id}" if len(found) == 1 else MANY


def _silent(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
    names = [each.details.get("name") or each.subject.partition(":")[2] for each in found]
    units = {unit_of(s, each) for each in found}
    events.nodes_silent(s, names=names, units=units, subject=_subject(found), now_at=now_at)


def _lost(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
    titles = [each.details.get("title") or each.details.get("name") or each.subject for each in found]
    events.broadcasts_lost(s, titles=titles, units={None}, subject=_subject(found), now_at=now_at)


def _trouble_on_air(what: Reason) -> Callable[[Session, Sequence[Matter], datetime], None]:
    """``what``: the word for what became of them."""

    def written(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
        titles = [each.details.get("title") or each.details["name"] for each in found]
        events.trouble_on_air(s, what=what, titles=titles, subject=_subject(found), now_at=now_at)

    return written


def _degraded(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
    events.station_degraded(s, subject=_subject(found), now_at=now_at)


def _backups(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
    events.backup_failed(s, subject=_subject(found), now_at=now_at)


def _warnings(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
    for each in found:
        facts = {"title": each.details["title"], "source": each.details["source"]}
        events.alert_waiting(s, matter_id=each.id, **facts, now_at=now_at)


def _releases(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
    for each in found:
        what = word("waiting", each.subject.partition(":")[2])
        events.release_waits(s, what=what, subject=_subject([each]), **_concerned(each), now_at=now_at)


def _roles(s: Session, found: Sequence[Matter], now_at: datetime) -> None:
    for each in found:
        without = _concerned(each)["without"]
        events.role_waits(s, name=each.details["name"], subject=_subject([each]), without=without, now_at=now_at)


def _concerned(matter: Matter) -> dict[str, Any]:
    return {name: frozenset(matter.details[name]) for name in ("units", "without")}


_WRITTEN: dict[tuple[str, ...], Callable[[Session, Sequence[Matter], datetime], None]] = {
    ("pole_silent",): _silent,
    ("broadcast_failed", "date_missed"): _lost,
    ("station_degraded", "station_clock", "second_station", "audit_broken"): _degraded,
    ("backup_failed", "backup_old", "backup_damaged"): _backups,
    ("alert_waiting",): _warnings,
    ("relay_source_silent",): _trouble_on_air(Reason("on_air.source_silent")),
    ("relay_cut",): _trouble_on_air(Reason("on_air.next_source")),
    ("live_silent",): _trouble_on_air(Reason("on_air.silent")),
    ("relay_failed", "relay_given_up"): _trouble_on_air(Reason("on_air.own_programme")),
    (waiting.RELEASE,): _releases,
    (waiting.ROLE,): _roles,
}
