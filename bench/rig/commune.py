"""A commune in a database for the benches: nodes, an officer, announcements with sound nobody has."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.rig.listeners import Account
from broadcaster.protocol.mqtt import chunks, topics
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.broadcasts.freezing import BroadcastPlan, freeze
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.schema import Announcement, Clip, Person
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import AnnouncementState

STATION = "con-minh"
ANNOUNCEMENT = "announcement-for-bench"
SPEECH_BYTES = 126_000
"""A minute of speech as Opus at 16 kbit/s (shared codec table)."""


def settle(database: Database, count: int) -> list[Account]:
    """A commune of so many nodes and an officer; each node's account, with its agenda and acknowledgements."""
    accounts = []
    with database.session() as s:
        unit = units.add_unit(s, name="Côn Minh", kind="commune", now_at=now())
        s.add(Person(id="officer", username="canbo", full_name="Cán bộ", password_hash="x", created_at=now()))
        for number in range(count):
            name = f"node-{number}"
            _, password = nodes.add_node(s, name=name, unit_id=unit.id, by=None, now_at=now(), node_id=name)
            accounts.append(Account(name, password, (topics.agenda(STATION, name), topics.acks(STATION, name))))
    return accounts


def new_clip(
    database: Database, clips_dir: Path, announcement: str, data: bytes = b"", *, duration_ms: int = 60_000
) -> str:
    """An approved announcement of this id with sound nobody has, a minute's bytes unless given; its sha256."""
    data = data or secrets.token_bytes(SPEECH_BYTES)
    ref = chunks.describe(data, duration_ms=duration_ms)
    (clips_dir / f"{ref.sha256}.ogg").write_bytes(data)
    with database.session() as s:
        s.add(
            Clip(
                sha256=ref.sha256,
                plan_hash=ref.sha256,
                size_bytes=len(data),
                duration_ms=duration_ms,
                engine="bench",
                loudness_lufs=-16.0,
                created_at=now(),
            )
        )
        s.flush()
        s.add(
            Announcement(
                id=announcement,
                title="Thông báo",
                text="x",
                broadcast_class=BroadcastClass.PRIORITY,
                state=AnnouncementState.APPROVED,
                created_by_id="officer",
                updated_by_id="officer",
                created_at=now(),
                updated_at=now(),
                script="x",
                clip_sha256=ref.sha256,
                content_hash="0" * 64,
            )
        )
    return ref.sha256


def order(database: Database, names: Sequence[str], *, in_seconds: float, of: str = ANNOUNCEMENT) -> str:
    """Freeze a live order of an announcement on these nodes and commit it; its id."""
    with database.session() as s:
        chosen = [nodes.get(s, name) for name in names]
        plan = BroadcastPlan(start_at=now() + timedelta(seconds=in_seconds), nodes=chosen, live=True)
        return freeze(s, s.get_one(Announcement, of), plan, by=None, now_at=now()).id


def now() -> datetime:
    return datetime.now(UTC)
