"""What a browser sends of a microphone, handed from the console to the program that airs it: a file for each piece.

Console and station share the data folder and nothing else that is quick enough; a piece is written beside and renamed,
and nothing is fsynced: what a power cut takes was not heard anyway.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from broadcaster.errors import Conflict, Invalid

FOLDER = "live"
"""Below the data folder."""
MOST_BYTES = 65_536
"""Of one piece: 400 ms at 48,000 samples of 16 bit are 38,400."""
MOST_WAITING = 50
"""Twenty seconds nobody took: the station is not there."""
MOST_AT_MS = 4 * 3_600_000
_NAME = re.compile(r"(?P<seq>\d{8})-(?P<at_ms>\d{1,9})-(?P<kind>\d)-(?P<rate>\d{1,6})\Z")
_SESSION = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


class PieceKind(IntEnum):
    """OPUS: packets of 20 ms, each behind its length (two bytes, big-endian); PCM: mono, 16 bit, little-endian; SLICE:
    the next bytes of a WebM, Ogg or MP4 stream."""

    OPUS = 1
    PCM = 2
    SLICE = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """seq: its number, from 0; at_ms: its place in the speaker's own time; rate: samples a second of PCM."""

    seq: int
    at_ms: int
    kind: PieceKind
    rate: int
    body: bytes


def put(data_dir: Path, session: str, piece: Piece) -> bool:
    """Hand a piece over; False when it came before. Raises Invalid, Conflict."""
    right = 0 <= piece.seq < 10**8 and 0 <= piece.at_ms <= MOST_AT_MS and 8000 <= piece.rate <= 96_000
    if not right or not piece.body or len(piece.body) > MOST_BYTES or not _SESSION.match(session):
        raise Invalid("live.piece_malformed", field="piece")
    folder = data_dir / FOLDER / session
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    waiting = [each.name for each in folder.iterdir()]
    if any(name.startswith(f"{piece.seq:08d}-") for name in waiting) or piece.seq < _next(folder):
        return False
    if len(waiting) >= MOST_WAITING:
        raise Conflict("live.too_many_pieces")
    part = folder / f"part-{piece.seq}"
    part.write_bytes(piece.body)
    part.rename(folder / f"{piece.seq:08d}-{piece.at_ms}-{piece.kind:d}-{piece.rate}")
    return True


def take(data_dir: Path, session: str) -> Iterator[Piece]:
    """The pieces that wait, in order; each is gone once it was taken."""
    folder = data_dir / FOLDER / session
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            found = _NAME.match(path.name)
            if found is None:
                continue
            body = path.read_bytes()
            seq = int(found["seq"])
            (folder / "next").write_text(str(seq + 1))
            path.unlink()
            yield Piece(seq, int(found["at_ms"]), PieceKind(int(found["kind"])), int(found["rate"]), body)


def forget(data_dir: Path, session: str) -> None:
    """The session is over."""
    folder = data_dir / FOLDER / session
    with suppress(OSError):
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def _next(folder: Path) -> int:
    """The lowest number that was not taken yet."""
    try:
        return int((folder / "next").read_text())
    except (OSError, ValueError):
        return 0
