"""A USB stick in the place of the link: agenda and clips come in by hand, receipts go out.

What it brings takes the same road as what the broker brings (same events, same signature, same ledger), so nothing
sounds twice when both bring it. Reading happens in a thread of its own: a slow or dying stick stops nothing else.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadcaster.protocol.agenda import Agenda, ClipRef
from broadcaster.protocol.errors import ProtocolError
from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.signing import LIMIT_BYTES, Audience, open_acks, open_agenda, sign_receipts
from broadcaster.protocol.stick import layout as stick
from broadcaster.protocol.stick.folder import NotPlain, StickFolder
from speaker_node.errors import NodeReason
from speaker_node.events import AcksArrived, AgendaArrived, ChunkArrived, Event, StickAsks
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
    found = {path for pattern in MOUNTS for path in root.glob(pattern) if path.is_dir()}
    return sorted(path for path in found if not _through_link(path, root))


def _through_link(path: Path, root: Path) -> bool:
    """A folder on a stick that is a link leads off the stick."""
    return any(each.is_symlink() for each in (path, *path.parents) if each.is_relative_to(root) and each != root)


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
            with StickFolder(folder) as usb:
                stamp = self._stamp(usb)
                before, again_seconds = self._served.get(folder, ((), 0.0))
                if stamp == before and time.monotonic() < again_seconds:
                    return
                self._served[folder] = (stamp, time.monotonic() + AGAIN_SECONDS)
                self._serve(usb)
        except OSError as error:
            log.warning("stick %s: %s", folder, error)  # pulled out, full or broken: nothing of ours depends on it

    def _stamp(self, usb: StickFolder) -> tuple[int, ...]:
        changed = [usb.changed_ns(name(self._audience.node)) for name in (stick.agenda, stick.acks)]
        return tuple(each for each in changed if each is not None)

    def _serve(self, usb: StickFolder) -> None:
        self._sound.clear()
        brought = self._bring_agenda(usb)
        self._bring_acks(usb)
        while isinstance(lack := self._ask(receipts=False), MissingChunks) and self._hand_over(usb, lack):
            pass
        account = self._ask(receipts=True)
        if isinstance(account, StickReport):
            self._write_back(usb, account, brought)

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

    def _bring_agenda(self, usb: StickFolder) -> NodeReason:
        """What to tell about it; the agent judges its number and end."""
        token = _content(usb, stick.agenda(self._audience.node), LIMIT_BYTES)
        if not token:
            return NodeReason("stick.agenda_none")
        try:
            agenda: Agenda = open_agenda(token, self._audience)
        except ProtocolError as error:
            return NodeReason("stick.agenda_refused", {"error": f"{type(error).__name__}: {error}"})
        self._post(AgendaArrived(token, by_hand=True))
        return NodeReason("stick.agenda_number", {"number": agenda.number})

    def _bring_acks(self, usb: StickFolder) -> None:
        for line in _content(usb, stick.acks(self._audience.node), ACKS_LIMIT_BYTES).splitlines():
            try:
                self._post(AcksArrived(open_acks(line, self._audience).receipts))
            except ProtocolError as error:
                log.warning("acknowledgements on the stick refused: %s", error)

    def _hand_over(self, usb: StickFolder, lack: MissingChunks) -> bool:
        """Post the next few chunks; False when the stick has nothing more to give."""
        try:
            with usb.folder(stick.CLIPS) as held:
                return self._hand_over_from(held, lack)
        except (FileNotFoundError, NotPlain):
            return False

    def _hand_over_from(self, held: StickFolder, lack: MissingChunks) -> bool:
        for clip, missing in lack.clips:
            if missing and self._is_sound(held, clip.sha256):
                with held.opened(stick.clip_name(clip.sha256)) as file:
                    for index in missing[:AT_ONCE]:
                        file.seek(index * clip.chunk_bytes)
                        self._post(ChunkArrived(clip.sha256, index, file.read(clip.chunk_bytes)))
                return True
        return False

    def _is_sound(self, held: StickFolder, sha256: str) -> bool:
        """Once per visit; a clip damaged on the stick must not cost the pieces that came over the link."""
        if sha256 not in self._sound:
            self._sound[sha256] = _hash(held, stick.clip_name(sha256)) == sha256
        return self._sound[sha256]

    def _write_back(self, usb: StickFolder, account: StickReport, brought: NodeReason) -> None:
        node, facts = self._audience.node, account.receipts
        batches = [facts[start : start + BATCH] for start in range(0, len(facts), BATCH)]
        lines = [sign_receipts(Receipts(node=node, receipts=batch), self._seed) + b"\n" for batch in batches]
        _put(usb, stick.receipts(node), b"".join(lines))
        note = [
            sentence("stick.read", {"node": node}),
            sentence(brought.code, brought.facts),
            sentence("stick.obeyed", {"number": account.agenda_number, "count": account.clips_missing}),
            sentence("stick.receipts", {"count": len(facts)}),
            sentence("stick.done", {}),
        ]
        _put(usb, stick.note(node), "\r\n".join([*note, ""]).encode())


def _content(usb: StickFolder, name: str, limit_bytes: int) -> bytes:
    """Empty when there is no such file, or a link or device in its place."""
    try:
        return usb.read(name, limit_bytes)
    except NotPlain as error:
        log.warning("stick: %s", error)
        return b""


def _put(usb: StickFolder, name: str, content: bytes) -> None:
    """Only what changed: sticks wear out too."""
    if usb.changed_ns(name) is not None and _content(usb, name, len(content)) == content:
        return
    usb.put(name, content)


def _hash(held: StickFolder, name: str) -> str | None:
    try:
        return held.sha256(name)
    except NotPlain as error:
        log.warning("stick: %s", error)
        return None
