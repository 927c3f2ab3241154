"""A USB stick in the place of the link: agenda and clips come in by hand, receipts go out.

What it brings takes the same road as what the broker brings (same events, same signature, same ledger), so nothing
sounds twice when both bring it. Reading happens in a thread of its own: a slow or dying stick stops nothing else.
"""

import hashlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.protocol import stick
from broadcaster.protocol.agenda import Agenda, ClipRef
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.signing import LIMIT_BYTES, Audience, open_acks, open_agenda, sign_receipts
from speaker_node.errors import Reason, StorageFault
from speaker_node.events import AcksArrived, AgendaArrived, ChunkArrived, Event, StickAsks
from speaker_node.memory.durable_files import write_durably
from speaker_node.memory.outbox import BATCH
from speaker_node.sentences import sentence

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
AGAIN_SECONDS = 60.0
"""A stick that stays in is served again so often: new receipts, clips the card lost."""
ANSWER_SECONDS = 30.0
AT_ONCE = 4
"""Chunks handed over before the agent decides anew: each is a write to the card, and a start must not wait for many."""
ACKS_LIMIT_BYTES = 4_000_000
OFF, AUTO = "off", "auto"
MOUNTS = (f"media/*/{stick.FOLDER}", f"media/*/*/{stick.FOLDER}", f"run/media/*/*/{stick.FOLDER}")


@dataclass(frozen=True, slots=True)
class MissingChunks:
    """clips: those the agenda in force still needs, most urgent first, each with the indexes of the chunks it lacks."""

    clips: tuple[tuple[ClipRef, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class StickReport:
    """What goes back with the stick.

    agenda_number: of the agenda in force; 0 for none.
    clips_missing: clips of it not yet whole.
    receipts: all that the station has not acknowledged, oldest first.
    """

    agenda_number: int
    clips_missing: int
    receipts: tuple[Receipt, ...]


def places(setting: str, *, root: Path = Path("/")) -> list[Path]:
    """Folders of sticks that are in: the one named, or wherever the system mounts them."""
    if setting == OFF:
        return []
    if setting != AUTO:
        return [path for path in (Path(setting),) if path.is_dir()]
    return sorted(path for pattern in MOUNTS for path in root.glob(pattern) if path.is_dir())


class Stick:
    """Looks for sticks; ``give`` answers its questions and may be called from any thread."""

    def __init__(
        self, audience: Audience, *, seed: bytes, find: Callable[[], Iterable[Path]], post: Callable[[Event], None]
    ) -> None:
        """``seed`` signs the receipts; ``find`` lists the folders of sticks that are in."""
        self._audience = audience
        self._seed = seed
        self._find = find
        self._post = post
        self._answers: queue.SimpleQueue[MissingChunks | StickReport | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stick", daemon=True)
        self._served: dict[Path, tuple[tuple[int, ...], float]] = {}
        self._sound: dict[str, bool] = {}

    def open(self) -> None:
        """Begin looking."""
        self._thread.start()

    def close(self) -> None:
        """Look no more; what is being read is given up."""
        self._closing.set()
        self._answers.put(None)

    def give(self, answer: MissingChunks | StickReport) -> None:
        """The answer to the latest question."""
        self._answers.put(answer)

    def _run(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            found = list(self._find())
            self._served = {folder: served for folder, served in self._served.items() if folder in found}
            for folder in found:
                self._serve_if_due(folder)

    def _serve_if_due(self, folder: Path) -> None:
        try:
            stamp = self._stamp(folder)
            before, again_seconds = self._served.get(folder, ((), 0.0))
            if stamp == before and time.monotonic() < again_seconds:
                return
            self._served[folder] = (stamp, time.monotonic() + AGAIN_SECONDS)
            self._serve(folder)
        except (OSError, StorageFault) as error:
            log.warning("stick %s: %s", folder, error)  # pulled out, full or broken: nothing of ours depends on it

    def _stamp(self, folder: Path) -> tuple[int, ...]:
        files = [folder / name(self._audience.node) for name in (stick.agenda, stick.acks)]
        return tuple(file.stat().st_mtime_ns for file in files if file.is_file())

    def _serve(self, folder: Path) -> None:
        self._sound.clear()
        brought = self._bring_agenda(folder)
        self._bring_acks(folder)
        while isinstance(lack := self._ask(receipts=False), MissingChunks) and self._hand_over(folder, lack):
            pass
        account = self._ask(receipts=True)
        if isinstance(account, StickReport):
            self._write_back(folder, account, brought)

    def _ask(self, *, receipts: bool) -> MissingChunks | StickReport | None:
        """None when the agent has no time or ends."""
        with suppress(queue.Empty):
            while True:
                self._answers.get_nowait()
        if self._closing.is_set():
            return None
        self._post(StickAsks(receipts=receipts))
        try:
            return self._answers.get(timeout=ANSWER_SECONDS)
        except queue.Empty:
            return None

    def _bring_agenda(self, folder: Path) -> Reason:
        """What to tell about it; the agent judges its number and end."""
        token = _content(folder / stick.agenda(self._audience.node), LIMIT_BYTES)
        if not token:
            return Reason("stick.agenda_none")
        try:
            agenda: Agenda = open_agenda(token, self._audience)
        except ProtocolError as error:
            return Reason("stick.agenda_refused", {"error": f"{type(error).__name__}: {error}"})
        self._post(AgendaArrived(token, by_hand=True))
        return Reason("stick.agenda_number", {"number": agenda.number})

    def _bring_acks(self, folder: Path) -> None:
        for line in _content(folder / stick.acks(self._audience.node), ACKS_LIMIT_BYTES).splitlines():
            try:
                self._post(AcksArrived(open_acks(line, self._audience).receipts))
            except ProtocolError as error:
                log.warning("acknowledgements on the stick refused: %s", error)

    def _hand_over(self, folder: Path, lack: MissingChunks) -> bool:
        """Post the next few chunks; False when the stick has nothing more to give."""
        for clip, missing in lack.clips:
            path = folder / stick.clip(clip.sha256)
            if missing and self._is_sound(path, clip.sha256):
                with path.open("rb") as file:
                    for index in missing[:AT_ONCE]:
                        file.seek(index * clip.chunk_bytes)
                        self._post(ChunkArrived(clip.sha256, index, file.read(clip.chunk_bytes)))
                return True
        return False

    def _is_sound(self, path: Path, sha256: str) -> bool:
        """Once per visit; a clip damaged on the stick must not cost the pieces that came over the link."""
        if sha256 not in self._sound:
            self._sound[sha256] = path.is_file() and _hash(path) == sha256
        return self._sound[sha256]

    def _write_back(self, folder: Path, account: StickReport, brought: Reason) -> None:
        node, facts = self._audience.node, account.receipts
        batches = [facts[start : start + BATCH] for start in range(0, len(facts), BATCH)]
        lines = [sign_receipts(Receipts(node=node, receipts=batch), self._seed) + b"\n" for batch in batches]
        _put(folder / stick.receipts(node), b"".join(lines))
        note = [
            sentence("stick.read", {"node": node}),
            sentence(brought.code, brought.facts),
            sentence("stick.obeyed", {"number": account.agenda_number, "count": account.clips_missing}),
            sentence("stick.receipts", {"count": len(facts)}),
            sentence("stick.done", {}),
        ]
        _put(folder / stick.note(node), "\r\n".join([*note, ""]).encode())


def _content(path: Path, limit_bytes: int) -> bytes:
    """Empty when there is no such file."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(limit_bytes + 1)


def _put(path: Path, content: bytes) -> None:
    """Only what changed: sticks wear out too. A link left in the way must not lead the write elsewhere."""
    if path.is_file() and _content(path, len(content)) == content:
        return
    path.with_name(path.name + ".new").unlink(missing_ok=True)
    write_durably(path, content)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
