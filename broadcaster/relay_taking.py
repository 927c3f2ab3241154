"""Streams taken to be aired later: probed before, pulled in a process of their own, made a clip while they run.

A thread of the station. Several stations may run it: a date is taken once.
"""

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from broadcaster.audio.store import store_clip
from broadcaster.clip_plans import RELAY_ENGINE, RenderedClip
from broadcaster.config import Config
from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.reasons import Reason, encode
from broadcaster.relays.events import Heard, Over
from broadcaster.relays.process import Order, pulled
from broadcaster.relays.recording import RelayRecording
from broadcaster.relays.relaying import BYTES_A_SECOND, Pull, Relayed, StreamSwitch
from broadcaster.relays.watching import STALLED, START_SECONDS
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.relays import sources, takes
from broadcaster.station.relays.takes import DueTake

LOOK_SECONDS = 2.0
BEAT_SECONDS = 10.0
PROBE_SECONDS = 2.0
"""So much sound of each address is enough to know that it is there."""
LATE = timedelta(seconds=30)
"""So much later a taking may end: streams take their time to begin."""
AT_ONCE = 3
_BYTES_A_SECOND_OF_STREAM, _BYTES_AT_LEAST = 80_000, 8_000_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """content: the clip; empty where there was too little sound. heard_ms: of the streams; duration_ms, lufs: of the
    clip; switches: as ``Relayed``'s."""

    content: bytes
    heard_ms: int
    duration_ms: int
    lufs: float
    switches: tuple[StreamSwitch, ...]


class RelayTaking:
    """Takes what is due. ``pull`` is another in tests: from an address and its limits to its events."""

    def __init__(
        self,
        database: Database,
        config: Config,
        clock: Callable[[], datetime],
        *,
        pull: Callable[[Order], AbstractContextManager[Any]] | None = None,
    ) -> None:
        self._database = database
        self._config = config
        self._clock = clock
        self._pull = pull or (lambda order: pulled(order, config.relay))
        self._worker = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop. A database that does not answer is waited for."""
        self._stop = stop
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="relay") as threads:
            while not stop.wait(LOOK_SECONDS):
                try:
                    for job in self._jobs():
                        threads.submit(job)
                except Unavailable as error:
                    log.warning("relays wait: %s", error)

    def run_once(self) -> int:
        """Do all that is due, here and now; how many things were done."""
        jobs = self._jobs()
        for job in jobs:
            job()
        return len(jobs)

    def _jobs(self) -> list[Callable[[], None]]:
        """What is to be done and is not being done here already."""
        now_at = self._clock()
        jobs: list[Callable[[], None] | None] = []
        with self._database.reading() as s:
            for due in takes.coming(s, now_at=now_at):
                if takes.is_open(s, due, now_at=now_at):
                    jobs.append(self._job(f"take:{due.occurrence_id}", partial(self.take, due)))
                elif now_at < due.begin_at:
                    unseen_since_at = due.begin_at - takes.PROBE_BEFORE
                    jobs += [
                        self._job(f"probe:{source.id}", partial(self.probe, source.id))
                        for source in sources.of(s, due.source_ids)
                        if source.probed_at is None or source.probed_at < unseen_since_at
                    ]
        return [job for job in jobs if job is not None]

    def _job(self, name: str, work: Callable[[], None]) -> Callable[[], None] | None:
        with self._lock:
            if name in self._busy:
                return None
            self._busy.add(name)

        def done() -> None:
            try:
                work()
            except LoaError as error:
                log.warning("%s waits: %s", name, error)
            except Exception:  # outermost of one job: whatever a stranger's stream does, the next date must be taken
                log.exception("%s failed", name)
            finally:
                with self._lock:
                    self._busy.discard(name)

        return done

    def probe(self, source_id: str) -> None:
        """Try the addresses of a source, and write down why the first that gives no sound gives none."""
        with self._database.reading() as s:
            tried = list(sources.get(s, source_id).addresses)
        troubles = [self._trouble(address) for address in tried]
        with self._database.session() as s:
            trouble = next((each for each in troubles if each is not None), None)
            sources.note_probe(s, source=sources.get(s, source_id), trouble=trouble, now_at=self._clock())

    def take(self, due: DueTake) -> None:
        """Take one date, unless another station does."""
        with self._database.session() as s:
            if not takes.claim(s, due, worker=self._worker, now_at=self._clock()):
                return
        result = self._taken(due)
        if result is None:
            log.info("the relay “%s” is wanted no more as it was", due.title)
            with self._database.session() as s:
                takes.forget(s, due, worker=self._worker)
            return
        switches = _rows(result.switches)
        if not result.content:
            error = result.switches[-1].reason if result.switches else STALLED
            with self._database.session() as s:
                takes.fail(s, due, error=error, switches=switches, now_at=self._clock())
            return
        made = self._stored(due, result)
        with self._database.session() as s:
            now_at = self._clock()
            clip = clips.record(s, made, f"relay:{made.sha256}"[:64], now_at)
            takes.finish(s, due, clip=clip, switches=switches, heard_ms=result.heard_ms, now_at=now_at)

    def _taken(self, due: DueTake) -> Result | None:
        """None when it is wanted no more, or the station ends."""
        seconds = (due.until_at + LATE - self._clock()).total_seconds()
        pull = self._puller(seconds)
        relayed = Relayed(due.addresses, pull, self._config.relay, time.monotonic)
        recording = RelayRecording(self._config.audio, volume_db=due.volume_db, fades=due.fades)
        wanted_ms = min(due.until_at - due.begin_at, due.until_at - self._clock()) / timedelta(milliseconds=1)
        beaten_at, noted = self._clock(), 0
        with closing(relayed.blocks()) as blocks:
            for block in blocks:
                recording.add(block)
                now_at = self._clock()
                if relayed.given_bytes >= wanted_ms * BYTES_A_SECOND / 1000 or now_at >= due.until_at + LATE:
                    break
                if self._stop.is_set():
                    return None
                if len(relayed.switches) != noted:
                    noted = len(relayed.switches)
                    self._note_switches(due, relayed, recording.duration_ms)
                if (now_at - beaten_at).total_seconds() >= BEAT_SECONDS:
                    beaten_at = now_at
                    if not self._beat(due, recording.duration_ms):
                        return None
        heard_ms = round(relayed.given_bytes * 1000 / BYTES_A_SECOND)
        worth = heard_ms >= min(takes.WORTH / timedelta(milliseconds=1), wanted_ms / 2)
        lead_ms = self._config.audio.lead_silence_ms
        content = recording.finish(most_ms=lead_ms + round(wanted_ms)) if worth else b""
        return Result(content, heard_ms, recording.duration_ms, recording.loudness_lufs, tuple(relayed.switches))

    def _beat(self, due: DueTake, heard_ms: int) -> bool:
        try:
            with self._database.session() as s:
                return takes.beat(s, due, worker=self._worker, heard_ms=heard_ms, now_at=self._clock())
        except Unavailable as error:
            log.warning("a relay goes on without telling how far it is: %s", error)
            return True

    def _note_switches(self, due: DueTake, relayed: Relayed, heard_ms: int) -> None:
        """Which streams were left, while the taking goes on."""
        try:
            with self._database.session() as s:
                takes.note_switches(s, due, _rows(relayed.switches), heard_ms=heard_ms)
        except Unavailable as error:
            log.warning("a relay goes on without telling that it left a stream: %s", error)

    def _stored(self, due: DueTake, result: Result) -> RenderedClip:
        stored = store_clip(result.content, folder=self._config.clips_dir)
        log.info("“%s”: %d s taken, %d streams left", due.title, result.heard_ms // 1000, len(result.switches))
        return RenderedClip(
            path=stored.path,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            duration_ms=result.duration_ms,
            engine=RELAY_ENGINE,
            fallback_reason=None,
            loudness_lufs=round(result.lufs, 1),
        )

    def _trouble(self, address: str) -> Reason | None:
        """Why an address gives no sound; None when it does."""
        since, heard = time.monotonic(), 0
        with self._puller(START_SECONDS + PROBE_SECONDS)(address) as events:
            for event in events:
                heard += len(event.pcm) if isinstance(event, Heard) else 0
                if heard >= PROBE_SECONDS * BYTES_A_SECOND:
                    return None
                if isinstance(event, Over):
                    return None if heard else event.reason
                if time.monotonic() - since > START_SECONDS + PROBE_SECONDS:
                    break
        return None if heard else STALLED

    def _puller(self, seconds: float) -> Pull:
        most_bytes = _BYTES_AT_LEAST + round(seconds * _BYTES_A_SECOND_OF_STREAM)
        return lambda address: self._pull(Order(address, max(1.0, seconds), most_bytes))


def _rows(switches: Sequence[StreamSwitch]) -> list[dict[str, object]]:
    return [
        {"address": each.address, "after_seconds": round(each.after_seconds, 1), "reason": encode(each.reason)}
        for each in switches
    ]
