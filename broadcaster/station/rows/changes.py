"""Counters that rise when something changed, so that a watcher need not ask everything again.

A bump waits until the transaction ends and the counters are then raised in one fixed order: two transactions that
touch the same counters can never wait for each other in a circle.
"""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from broadcaster.station.rows.inserting import insert_once
from broadcaster.station.schema import ChangeCounter

NAMES = ("agendas", "announcements", "deliveries", "feedback", "jobs", "live", "nodes", "notices", "people", "slots")
_PENDING = "changes to write"


def bump(s: Session, name: str) -> None:
    """Raise the counter of ``name`` when this transaction commits."""
    if name not in NAMES:
        raise ValueError(f"no counter is called {name}")
    s.info.setdefault(_PENDING, set()).add(name)


def read(s: Session) -> dict[str, int]:
    """Every counter; 0 for what never changed."""
    return dict.fromkeys(NAMES, 0) | {change.name: change.counter for change in s.scalars(select(ChangeCounter))}


def write(s: Session) -> None:
    """Raise what was bumped. Called by ``Database.session`` just before it commits."""
    for name in sorted(s.info.pop(_PENDING, ())):
        s.execute(insert_once(s, ChangeCounter, name=name, counter=0))
        s.execute(update(ChangeCounter).where(ChangeCounter.name == name).values(counter=ChangeCounter.counter + 1))
