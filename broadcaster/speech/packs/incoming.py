"""Packs on their way in: laid down whole by whoever receives them, looked at by the station."""

import re
import secrets
from pathlib import Path
from typing import IO

from broadcaster.errors import Invalid, Unavailable
from broadcaster.speech.packs.archive import ENDINGS, LARGEST_BYTES

FOLDER = "incoming"
_PIECE_BYTES = 1 << 20
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def lay_down(file: IO[bytes], *, name: str, voices_dir: Path) -> None:
    """Keep the file for the station. Raises Invalid for another ending or an empty file, Unavailable for the disk."""
    if not name.lower().endswith(ENDINGS):
        raise Invalid("pack.not_chosen", field="pack")
    folder = voices_dir / FOLDER
    plain = _STRANGE.sub("-", Path(name).name)[-80:].lstrip(".-")
    part = folder / f".{secrets.token_hex(8)}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as target:
            _copy(file, target)
        part.replace(folder / f"{secrets.token_hex(8)}--{plain}")
    except OSError as error:
        raise Unavailable("pack.not_stored", cause=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def lay_down_from_stick(path: str, *, seen: tuple[str, ...], voices_dir: Path) -> None:
    """The same with a file of a stick; only what the station saw there itself. Raises Invalid."""
    if path not in seen or not Path(path).is_file():
        raise Invalid("pack.not_on_stick", field="stick")
    try:
        with Path(path).open("rb") as file:
            lay_down(file, name=Path(path).name, voices_dir=voices_dir)
    except OSError as error:
        raise Invalid("pack.not_on_stick", field="stick") from error


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    copied = 0
    while piece := source.read(_PIECE_BYTES):
        copied += len(piece)
        if copied > LARGEST_BYTES:
            raise Invalid("pack.too_large", field="pack", megabytes=LARGEST_BYTES // 1_000_000, files=0)
        target.write(piece)
    if not copied:
        raise Invalid("pack.not_chosen", field="pack")
