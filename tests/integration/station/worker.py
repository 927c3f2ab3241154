"""One process among several that do the same at once.

It says "ready", waits for a word, does its doing, says the outcome, and waits until nobody listens any more.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.station.audit import entries as audit
from broadcaster.station.broadcasts import broadcasts, receipts
from broadcaster.station.clips import jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.rows import heartbeats, settings
from broadcaster.station.schema import Broadcast, Occurrence
from tests.rig.commune import NOW

ROUNDS = 15


def claim_jobs(database: Database) -> list[str]:
    """Claim until there is nothing left."""
    claimed = []
    while True:
        with database.session() as s:
            job = jobs.claim(s, worker=repr(database), now_at=NOW)
        if job is None:
            return claimed
        claimed.append(job.id)


def hold_a_job(database: Database) -> list[str]:
    """Claim one and never finish; the test kills this process."""
    with database.session() as s:
        job = jobs.claim(s, worker="doomed", now_at=NOW)
        return [job.id] if job else []


def freeze(database: Database) -> list[str]:
    """Freeze every occurrence, again and again."""
    ids: set[str] = set()
    for _ in range(ROUNDS):
        with database.reading() as s:
            found = list(s.query(Occurrence))
        for occurrence in found:
            with database.session() as s:
                made = freeze_occurrence(s, occurrence=occurrence, now_at=NOW)
                ids |= {each.id for each in made}
    return sorted(ids)


def order(database: Database) -> list[str]:
    """Order the one approved announcement with one and the same key."""
    from broadcaster.station.announcements import announcements
    from broadcaster.station.people import people

    with database.session() as s:
        announcement = announcements.listing(s, state="approved").items[0]
        officer = people.find(s, "canbo")
        assert officer is not None
        return [broadcasts.broadcast_now(s, announcement=announcement, by=officer, now_at=NOW, key="once").id]


def state_facts(database: Database) -> list[str]:
    """Two nodes' whole story, told by every process, several times."""
    stored: set[str] = set()
    with database.reading() as s:
        broadcast = s.query(Broadcast).one()
    for _ in range(ROUNDS):
        for node in ("ban-cuon", "lung-pang"):
            with database.session() as s:
                stored |= set(receipts.store(s, node_id=node, receipts=_story(broadcast), now_at=NOW))
    return sorted(stored)


def record_acts(database: Database) -> list[str]:
    """Append to the audit trail, and be the first to write signs of life and settings."""
    for number in range(ROUNDS):
        with database.session() as s:
            heartbeats.beat(s, f"part {number}", NOW)
            settings.write(s, f"choice {number}", number)
            audit.record(s, by=None, action="test", subject=str(number), now_at=NOW)
    return []


def migrate(database: Database) -> list[str]:
    """Bring the schema up to date."""
    database.migrate()
    return []


DOINGS: dict[str, Callable[[Database], list[str]]] = {
    each.__name__: each for each in (claim_jobs, hold_a_job, freeze, order, state_facts, record_acts, migrate)
}


def _story(broadcast: Broadcast) -> list[Receipt]:
    states = [DeliveryState.STORED, DeliveryState.PLAYING, DeliveryState.PLAYED]
    return [
        Receipt(
            receipt=f"receipt-{number}",
            broadcast=broadcast.id,
            state=state,
            at=NOW + timedelta(seconds=number),
            sequence=number,
        )
        for number, state in enumerate(states)
    ]


def work(test: "Connection[Any, Any]", doing: str, url: str) -> None:
    database = Database(url)
    test.send("ready")
    test.recv()
    test.send(DOINGS[doing](database))
    with suppress(EOFError):
        test.recv()
    database.dispose()
