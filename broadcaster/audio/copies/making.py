"""The background job that makes the M4A of every clip that has none, the newest clip first.

It watches the folder and needs no table: a clip that was made, brought back by a restore or left by an older program is
found by itself. It never keeps a clip waiting: the clip is finished and on its way to the nodes before its copy begins.
"""

import errno
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import soundfile

from broadcaster.audio.copies.m4a import keep_beside
from broadcaster.audio.copies.place import beside
from broadcaster.audio.store import ClipNotStored

IDLE_SECONDS = 0.5
"""How often the folder is looked at."""
REST_SECONDS = 60.0
"""How long the job rests when the disk refuses or has no room to spare."""
SPARED_BYTES = 500_000_000
"""Room on the disk that is left to announcements and alarms."""
_SETTLED_SECONDS = 2.0
"""A folder that changed so shortly ago may change again within the same tick of its clock."""
_BATCH = 10
"""After so many copies the folder is looked at again: what is new goes first."""
_NICENESS = 10

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The station is closing; the copy is made the next time."""


class CopyMaker:
    """Makes the M4A of every clip in ``clips_dir``. Several may run at once: a copy made twice is the same copy."""

    def __init__(
        self,
        clips_dir: Path,
        *,
        bitrate_bps: int,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._clips_dir = clips_dir
        self._bitrate_bps = bitrate_bps
        self._free_bytes = free_bytes
        self._unreadable: set[str] = set()
        self._seen_ns = -1

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop, at the lowest urgency the system knows for a thread."""
        with suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while not stop.wait(IDLE_SECONDS):
            try:
                self.make_missing(stop)
            except Stopped:
                return
            except (ClipNotStored, OSError) as error:
                log.warning("copies of clips wait: %s", error)
                stop.wait(REST_SECONDS)
            except Exception:  # outermost: a copy for phones is never worth the station
                log.exception("copies of clips wait")
                stop.wait(REST_SECONDS)

    def make_missing(self, stop: threading.Event) -> int:
        """Make what is missing; how many were made. Raises ``Stopped``, ``ClipNotStored`` or ``OSError``."""
        changed_ns = self._clips_dir.stat().st_mtime_ns if self._clips_dir.is_dir() else -1
        if changed_ns in (self._seen_ns, -1):
            return 0
        made = 0
        while missing := self._missing():
            for clip in missing[:_BATCH]:
                self._make(clip, stop)
                made += 1
        if time.time() - changed_ns / 1e9 > _SETTLED_SECONDS:
            self._seen_ns = changed_ns
        return made

    def _missing(self) -> list[Path]:
        """Clips without a copy, the newest first."""
        names = {entry.name for entry in os.scandir(self._clips_dir)}
        clips = [self._clips_dir / name for name in names if name.endswith(".ogg")]
        bare = [clip for clip in clips if beside(clip).name not in names and clip.name not in self._unreadable]
        return sorted(bare, key=_made_ns, reverse=True)

    def _make(self, clip: Path, stop: threading.Event) -> None:
        if self._free_bytes(self._clips_dir) < SPARED_BYTES:
            raise OSError(errno.ENOSPC, "what is free is left to announcements", str(self._clips_dir))

        def give_way() -> None:
            if stop.is_set():
                raise Stopped

        try:
            keep_beside(clip, bitrate_bps=self._bitrate_bps, give_way=give_way)
        except soundfile.LibsndfileError as error:
            self._unreadable.add(clip.name)
            if clip.exists():
                log.warning("%s has no copy for phones: %s", clip.name, error)


def _made_ns(clip: Path) -> int:
    try:
        return clip.stat().st_mtime_ns
    except OSError:
        return 0
