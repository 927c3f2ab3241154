"""A sound comes down in pieces, goes on where the link was cut, and is used only when its sha256 is right."""

import fcntl
import hashlib
import os
from pathlib import Path

from broadcaster.errors import Invalid, Unavailable
from broadcaster.exchange.transport import Transport
from broadcaster.protocol.exchange.messages import ROOT
from broadcaster.station.announcements.recordings import FOLDER


def fetch(transport: Transport, clips_dir: Path, *, sha256: str, size_bytes: int, most_bytes: int) -> Path:
    """The file among the recordings. Raises LoaError; what came so far stays and is not asked for again."""
    if size_bytes > most_bytes:
        raise Invalid("exchange.sound_too_large", most_megabytes=most_bytes // 1_000_000)
    folder = clips_dir / FOLDER
    target, part = folder / sha256, folder / f"{sha256}.exchange.part"
    if target.is_file():
        return target
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _go_on(transport, part, sha256=sha256, size_bytes=size_bytes)
        if _digest(part) != sha256:
            part.unlink()
            raise Invalid("exchange.sound_differs")
        part.replace(target)
    except OSError as error:
        raise Unavailable("recording.not_written") from error
    return target


def _go_on(transport: Transport, part: Path, *, sha256: str, size_bytes: int) -> None:
    """From where the part ends to the whole length. Raises Unavailable when the link is cut again."""
    with part.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another process of this station may be at it
        have = file.tell()
        if have < size_bytes:
            with transport.download(f"{ROOT}/clips/{sha256}", from_byte=have) as (goes_on, blocks):
                if not goes_on:
                    file.truncate(have := 0)
                for block in blocks:
                    have += len(block)
                    if have > size_bytes:
                        break
                    file.write(block)
            file.flush()
            os.fsync(file.fileno())
    if have < size_bytes:
        raise Unavailable("exchange.cut_short")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
