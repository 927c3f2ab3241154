"""A small commune in a database, and the quickest way from a typed text to something approved and on its way."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.values import DeliveryState
from broadcaster.rendering import RenderedClip
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.clips import clips, jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.people import people
from broadcaster.station.rules import emergency_rules
from broadcaster.station.schema import Announcement, Broadcast, Node, Person
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.units import units
from tests.rig.setups.remembered import remembered

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
"""Ten in the morning in Vietnam, a Saturday."""
CLIP_MS = 20_000


@dataclass(frozen=True)
class Commune:
    """Côn Minh: two hamlets with a node each, and a person of each role; only values, no session."""

    officer: Person
    approver: Person
    administrator: Person
    viewer: Person
    hamlet_head: Person
    strong: Node
    weak: Node


def settle(database: Database) -> Commune:
    """Make the commune."""
    with database.session() as s:
        commune = units.add_unit(s, name="Côn Minh", kind="commune", aliases=["Hảo Nghĩa"], now_at=NOW)
        cuon = units.add_unit(s, name="Bản Cuôn", kind="hamlet", parent_id=commune.id, now_at=NOW)
        pang = units.add_unit(s, name="Lủng Pảng", kind="hamlet", parent_id=commune.id, weak_signal=True, now_at=NOW)
        return Commune(
            officer=_person(s, "canbo", commune.id, "officer"),
            approver=_person(s, "chutich", commune.id, "approver"),
            administrator=_person(s, "quantri", commune.id, "administrator"),
            viewer=_person(s, "khach", commune.id, "viewer"),
            hamlet_head=_person(s, "truongthon", pang.id, "officer"),
            strong=nodes.add_node(s, name="Bản Cuôn", unit_id=cuon.id, by=None, now_at=NOW)[0],
            weak=nodes.add_node(s, name="Lủng Pảng", unit_id=pang.id, by=None, now_at=NOW, weak_link=True)[0],
        )


@remembered
def write(
    database: Database,
    by: Person,
    *,
    text: str = "Mời bà con đi tiêm phòng.",
    zones: tuple[str, ...] = ("con-minh",),
    broadcast_class: str = "routine",
    title: str = "Tiêm phòng",
    valid_until_at: datetime | None = None,
    now_at: datetime = NOW,
) -> Announcement:
    """A draft."""
    with database.session() as s:
        return announcements.create(
            s,
            AnnouncementFields(
                title=title, text=text, zones=zones, broadcast_class=broadcast_class, valid_until_at=valid_until_at
            ),
            by=by,
            now_at=now_at,
        )


@remembered
def render(database: Database, *, now_at: datetime = NOW, duration_ms: int = CLIP_MS) -> str:
    """Finish the next job as a worker would, with an invented clip; its sha256."""
    with database.session() as s:
        job = jobs.claim(s, worker="test", now_at=now_at)
        assert job is not None
        clip = clips.record(s, rendered(job.plan_hash, duration_ms=duration_ms), job.plan_hash, now_at)
        assert jobs.finish(s, job_id=job.id, worker="test", clip=clip, now_at=now_at)
        return clip.sha256


def rendered(seed: str, *, duration_ms: int = CLIP_MS, fallback_reason: str | None = None) -> RenderedClip:
    """A finished clip that is nowhere on disk."""
    return RenderedClip(
        path=Path("nowhere.ogg"),
        sha256=hashlib.sha256(seed.encode()).hexdigest(),
        size_bytes=48_000,
        duration_ms=duration_ms,
        engine="espeak",
        fallback_reason=fallback_reason,
        loudness_lufs=-16.0,
    )


@remembered
def approved(database: Database, commune: Commune, **draft: object) -> Announcement:
    """An announcement the approver released; ``draft`` as for ``write``."""
    announcement = write(database, commune.officer, **draft)  # type: ignore[arg-type]
    while _clip(database, announcement) is None:
        render(database)
    with database.session() as s:
        approvals.submit(s, announcement=announcement, by=commune.officer, now_at=NOW)
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        assert current.content_hash is not None
        seal = current.content_hash
        approvals.approve(s, announcement=current, content_hash=seal, by=commune.approver, now_at=NOW)
        return current


@remembered
def declare(database: Database, commune: Commune) -> None:
    """Let one person alone declare an emergency, as a commune may choose."""
    with database.session() as s:
        emergency_rules.choose(s, chosen="declared", minutes=10, by=commune.administrator, now_at=NOW)


def fact(
    broadcast: Broadcast, state: DeliveryState, sequence: int, *, at: datetime | None = None, played_ms: int = 0
) -> Receipt:
    """What a node would state; the same arguments give the same fact."""
    return Receipt(
        receipt=f"{broadcast.id[:20]}-{state.value}-{sequence}",
        broadcast=broadcast.id,
        state=state,
        at=at or broadcast.start_at + timedelta(milliseconds=played_ms),
        sequence=sequence,
        played_ms=played_ms,
    )


def _clip(database: Database, announcement: Announcement) -> str | None:
    with database.reading() as s:
        return announcements.get(s, announcement.id).clip_sha256


def _person(s: Session, username: str, unit_id: str, role: str) -> Person:
    names = {"canbo": "Nông Thị Hoa", "chutich": "Hoàng Văn Sơn", "quantri": "Triệu Văn Bình"}
    person, _ = people.add_person(
        s,
        username=username,
        full_name=names.get(username, username),
        password="mat-khau-cua-toi",
        roles=[(unit_id, role)],
        by=None,
        now_at=NOW,
    )
    return person
