"""A station with a slot that relays live, whose clock the test moves together with the streams'."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from nacl.signing import SigningKey
from sqlalchemy import select

from broadcaster.audio.settings import AudioSettings
from broadcaster.live.on_air import Surroundings
from broadcaster.live.relay_feed import RelayFeed
from broadcaster.live.runner import LiveRunner
from broadcaster.protocol.live.packets import LivePacket, unpack
from broadcaster.relays.relaying import Relayed
from broadcaster.relays.settings import RelaySettings
from broadcaster.station.database.engine import Database
from broadcaster.station.matters.findings import findings
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.relays.takes import DueTake
from broadcaster.station.schema import Broadcast, LiveSessionRow, Occurrence, RelayTake
from tests.rig.commune import NOW, Commune
from tests.unit.relays.scripted import BLOCK_SECONDS, Air
from tests.unit.station.relays.relaying import START, approved, chosen, date_of, slot, source

KEY = SigningKey(bytes(range(32)))
MINUTE = timedelta(minutes=1)
STEP = timedelta(milliseconds=400)
LOOK_EVERY = 8


@dataclass
class Rig:
    """A station whose clock the test moves together with the streams', and what it sent. minutes: of the relay."""

    database: Database
    folder: Path
    by: Commune
    air: Air
    now_at: datetime = START - timedelta(seconds=30)
    minutes: int = 1
    packets: list[LivePacket] = field(default_factory=list)
    feeds: list[RelayFeed] = field(default_factory=list)
    date_id: str = ""
    steps: int = 0

    def __post_init__(self) -> None:
        self._air_from, self._from_at = self.air.now, self.now_at
        self.runner = self.started()
        with self.database.session() as s:
            made = slot(s, cap_minutes=max(45, self.minutes))
            chosen(s, self.by, made, source(s, self.by).id, minutes=self.minutes, way="live")
            approved(s, self.by, made)
            self.date_id = date_of(s, made).id
            freeze_occurrence(s, occurrence=s.get_one(Occurrence, self.date_id), now_at=NOW)

    def started(self) -> LiveRunner:
        around = Surroundings(
            database=self.database,
            data_dir=self.folder,
            clips_dir=self.folder / "clips",
            station="con-minh",
            key=KEY,
            publish=self.sent,
            clock=lambda: self.now_at,
        )
        rules = RelaySettings(give_up_seconds=30)
        runner = LiveRunner(around, AudioSettings(encoder_complexity=0), rules, open_feed=self.opened)
        runner.prepare()
        return runner

    def opened(self, due: DueTake) -> RelayFeed:
        relayed_ = Relayed(due.addresses, self.air.pull, RelaySettings(), self.air.clock, holds_silence=False)
        feed = RelayFeed(relayed_, lufs=-16.0 + due.volume_db, sleep=self.slept, own_thread=False)
        self.feeds.append(feed)
        return feed

    def slept(self, seconds: float) -> None:
        self.air.now += seconds

    def sent(self, topic: str, payload: bytes) -> None:
        self.packets.append(unpack(payload, station="con-minh", session=topic.split("/")[4], key=KEY.verify_key))

    def run(self, until_at: datetime) -> None:
        """The time passes for station and streams together."""
        while self.now_at < until_at:
            self.steps += 1
            self.runner._looked = float("-inf") if self.steps % LOOK_EVERY == 0 else float("inf")
            self.runner.step()
            self.now_at += STEP
            pulling = bool(self.feeds and self.feeds[-1].is_started)
            while pulling and self.air.now - self._air_from < self._elapsed():
                self.feeds[-1].pump()
            if not pulling:
                self.air.now = self._air_from + self._elapsed()

    def _elapsed(self) -> float:
        return (self.now_at - self._from_at).total_seconds() + BLOCK_SECONDS

    def end(self) -> None:
        self.run(START + self.minutes * MINUTE + timedelta(seconds=6))

    def row(self) -> LiveSessionRow:
        with self.database.reading() as s:
            chosen = select(LiveSessionRow).order_by(LiveSessionRow.asked_at.desc(), LiveSessionRow.id)
            return s.scalars(chosen).unique().first() or pytest.fail("there is no session")

    def broadcasts(self) -> list[Broadcast]:
        with self.database.reading() as s:
            return list(s.scalars(select(Broadcast).order_by(Broadcast.start_at, Broadcast.position)).unique())

    def take(self) -> RelayTake:
        with self.database.reading() as s:
            return s.get_one(RelayTake, self.date_id)

    def kinds(self) -> set[str]:
        with self.database.reading() as s:
            return {each.kind for each in findings(s, now_at=self.now_at)}

    def sound(self) -> Sequence[LivePacket]:
        return [each for each in self.packets if each.frames]

    def recording(self) -> tuple[np.ndarray, int]:
        return soundfile.read(self.folder / "clips" / f"{self.row().recording_sha256}.ogg")  # type: ignore[no-any-return]
