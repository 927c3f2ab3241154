"""What is left after the run: the station's database, every ledger and every recorded sound, read into plain values."""

import os
import sqlite3
import time
import wave
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select

from broadcaster.station.clips import clips
from broadcaster.station.schema import Broadcast, Delivery, LiveSessionRow, ReceiptRow, StopAll
from broadcaster.station.vocabulary.states import LiveState
from speaker_node.sound.player.decoder import PartStream
from speaker_node.sound.player.file import BLOCK_SECONDS
from tests.chaos.judging.facts import Heard, Ordered, Stated, Stored
from tests.chaos.village.village import Village, VirtualNode

WHOLE_SLACK_SECONDS = 0.12
"""A recording of a killed player lacks what its buffers held."""


@dataclass(frozen=True)
class Evidence:
    """All of it.

    stands: state of each broadcast at each node as the station has it.
    stops: stop-alls, from and until.
    waiting: receipts left in each node's outbox.
    gathered: when it was read; what could only have happened later is not asked for.
    on_air: broadcasts whose live session nobody has closed.
    """

    ordered: dict[str, Ordered]
    heard: list[Heard]
    stated: list[Stated]
    stored: dict[tuple[str, str], Stored]
    stops: list[tuple[float, float]]
    stands: dict[tuple[str, str], str]
    waiting: dict[str, int] = field(default_factory=dict)
    gathered: float = field(default_factory=time.time)
    on_air: frozenset[str] = frozenset()


def remember(village: Village) -> None:
    """Before the station forgets."""
    ordered, parts, stated, _stops = _station(village)
    known = village.remembered
    known.ordered |= ordered
    known.parts |= parts
    known.stated |= {(each.node, each.broadcast, each.sequence, each.state): each for each in stated}
    saved = village.folder / "clips-of-before"
    saved.mkdir(exist_ok=True)
    for path in village.config.clips_dir.glob("*.ogg"):
        if not (saved / path.name).exists():
            os.link(path, saved / path.name)


def gather(village: Village, *, sounds: bool = True) -> Evidence:
    """Read everything, on request without the recordings, which take time."""
    ordered, parts, stated, stops = _station(village)
    known = village.remembered
    present = {(each.node, each.broadcast, each.sequence, each.state) for each in stated}
    ordered, parts = known.ordered | ordered, known.parts | parts
    stated += [each for key, each in known.stated.items() if key not in present]
    heard, stored, waiting = [], {}, {}
    for virtual_node in village.virtual_nodes.values():
        heard += _recordings(village, virtual_node, ordered, parts) if sounds else []
        entries, waiting[virtual_node.id] = _ledger(virtual_node)
        stored.update({(virtual_node.id, entry.broadcast): entry for entry in entries})
    return Evidence(
        ordered,
        sorted(heard, key=lambda each: each.begun),
        stated,
        stored,
        stops,
        _stands(village),
        waiting,
        on_air=_on_air(village),
    )


def _station(
    village: Village,
) -> tuple[dict[str, Ordered], dict[str, list[str]], list[Stated], list[tuple[float, float]]]:
    with village.database.reading() as s:
        found = list(s.scalars(select(Broadcast)).unique())
        ordered = {each.id: _ordered(each) for each in found}
        parts = {each.id: [part.sha256 for part in each.parts] for each in found}
        rows = s.scalars(select(ReceiptRow).order_by(ReceiptRow.node_id, ReceiptRow.sequence))
        stated = [_stated(row) for row in rows]
        stops = [
            (each.ordered_at.timestamp(), each.lifted_at.timestamp() if each.lifted_at else float("inf"))
            for each in s.scalars(select(StopAll))
        ]
    return ordered, parts, stated, stops


def _stands(village: Village) -> dict[tuple[str, str], str]:
    with village.database.reading() as s:
        rows = s.execute(select(Delivery.node_id, Delivery.broadcast_id, Delivery.state))
        return {(node, broadcast): str(state) for node, broadcast, state in rows}


def _on_air(village: Village) -> frozenset[str]:
    with village.database.reading() as s:
        chosen = select(LiveSessionRow.broadcast_id).where(LiveSessionRow.state == LiveState.OPEN)
        return frozenset(each for each in s.scalars(chosen) if each)


def _ordered(row: Broadcast) -> Ordered:
    return Ordered(
        id=row.id,
        kind=row.broadcast_class,
        live=row.live,
        created=row.created_at.timestamp(),
        start=row.start_at.timestamp(),
        expires=row.expires_at.timestamp(),
        seconds=row.duration_ms / 1000,
        state=str(row.state),
        cancelled=_seconds(row.cancelled_at),
        nodes=frozenset(delivery.node_id for delivery in row.deliveries),
        spoken=row.live_session_id is not None,
    )


def _stated(row: ReceiptRow) -> Stated:
    return Stated(
        row.node_id, row.broadcast_id, str(row.state), row.at.timestamp(), row.received_at.timestamp(),
        row.sequence, row.played_ms, row.reason,
    )  # fmt: skip


def _seconds(instant: datetime | None) -> float | None:
    return instant.timestamp() if instant else None


def _ledger(virtual_node: VirtualNode) -> tuple[list[Stored], int]:
    path = virtual_node.data / "ledger.db"
    if not path.exists():
        return [], 0
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT broadcast, state FROM play").fetchall()
        waiting = connection.execute("SELECT count(*) FROM receipt").fetchone()[0]
    connection.close()
    return [Stored(virtual_node.id, broadcast, state) for broadcast, state in rows], waiting


def _recordings(
    village: Village, virtual_node: VirtualNode, ordered: dict[str, Ordered], parts: dict[str, list[str]]
) -> list[Heard]:
    found = []
    for path in sorted(virtual_node.heard.glob("*.wav*")):
        stamp, _, broadcast = path.name.partition(".")[0].partition("-")
        samples, rate = _samples(path)
        spoken = broadcast in ordered and ordered[broadcast].spoken
        names = () if spoken else tuple(parts.get(broadcast, ()))
        wanted = _decoded(tuple(_clip(village, name) for name in names)) if names else b""
        seconds = len(samples) / 2 / rate
        found.append(
            Heard(
                node=virtual_node.id,
                broadcast=broadcast,
                begun=int(stamp) / 1e9,
                seconds=seconds,
                whole=bool(wanted) and seconds >= len(wanted) / 2 / rate - WHOLE_SLACK_SECONDS,
                true=spoken or (bool(wanted) and wanted.startswith(samples)),
            )
        )
    return found


def _clip(village: Village, name: str) -> Path:
    path = clips.path(village.config.clips_dir, name)
    return path if path.exists() else village.folder / "clips-of-before" / path.name


def _samples(path: Path) -> tuple[bytes, int]:
    """Also of a file whose writer was killed, so that its header says nothing."""
    raw = path.read_bytes()
    if len(raw) <= 44:
        return b"", 48_000
    with wave.open(str(path), "rb") as file:
        rate = file.getframerate()
    data = raw[44:]
    return data[: len(data) // 2 * 2], rate


@cache
def _decoded(paths: tuple[Path, ...]) -> bytes:
    """The samples a player must have played, in the blocks in which it plays them."""
    blocks = []
    with PartStream(paths) as programme:
        while block := programme.read(int(programme.rate * BLOCK_SECONDS)):
            blocks.append(block)
    return b"".join(blocks)
