"""Piper voice files: taken in only when they are what they claim to be and can speak Vietnamese tones."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from broadcaster.errors import Invalid, Unavailable

KNOWN_SHA256 = {
    # Published for rhasspy/piper-voices, revisions 3d796cc and c10ece1 (63,201,294 bytes).
    "vi_VN-vais1000-medium": "ec7c89e2c85f4d1edc24b6120c18aaf1bda614f06b511567eb9c7c0de15e2dab",
}
TONE_DIGITS = frozenset("124567")
"""Digits that espeak-ng writes for Vietnamese tones; a voice whose phoneme map lacks them drops the tones."""


@dataclass(frozen=True)
class VoiceFile:
    """A voice that was taken in.

    name: what the officer chooses by, the file's name without its ending.
    model: the ONNX file; its JSON file lies beside it.
    sha256: digest the model had when it was taken in, hexadecimal.
    """

    name: str
    model: Path
    sha256: str

    def check(self) -> None:
        """Raises ``Unavailable`` when the file on disk is no longer what was taken in."""
        if digest(self.model) != self.sha256:
            raise Unavailable("voice.file_broken", voice=self.name)


def voice_files(folder: Path) -> list[VoiceFile]:
    """Every voice taken in, by name."""
    marks = sorted(folder.glob("*.sha256"))
    return [VoiceFile(mark.stem, folder / f"{mark.stem}.onnx", mark.read_text().strip()) for mark in marks]


def add_voice(model: Path, *, folder: Path, sha256: str | None = None) -> VoiceFile:
    """Take ``model`` and its JSON file in; raises ``Invalid`` with the reason when the voice is refused.

    ``sha256`` is what the publisher states; without it only voices of ``KNOWN_SHA256`` are taken.
    """
    if model.suffix != ".onnx" or not model.is_file():
        raise Invalid("voice.file_missing", path=model)
    refuse_toneless(_config(model))
    actual = digest(model)
    _check_digest(model.stem, actual, stated=sha256)
    return _taken_in(model, folder=folder, sha256=actual)


def refuse_toneless(config: dict[str, Any]) -> None:
    """Raises ``Invalid`` unless ``config`` is of a Vietnamese espeak voice with every tone in its phoneme map."""
    phonemes, espeak = config.get("phoneme_id_map"), config.get("espeak")
    if not isinstance(phonemes, dict) or not isinstance(espeak, dict):
        raise Invalid("voice.config_foreign")
    if not str(espeak.get("voice", "")).startswith("vi"):
        raise Invalid("voice.not_vietnamese")
    missing = sorted(TONE_DIGITS - phonemes.keys())
    if missing:
        raise Invalid("voice.no_tones", missing=missing)


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _config(model: Path) -> dict[str, Any]:
    path = Path(f"{model}.json")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid("voice.companion_missing", file=path.name) from error
    except ValueError as error:
        raise Invalid("voice.file_unreadable", file=path.name) from error
    if not isinstance(config, dict):
        raise Invalid("voice.file_foreign", file=path.name)
    return config


def _check_digest(name: str, actual: str, *, stated: str | None) -> None:
    expected = stated.strip().lower() if stated else KNOWN_SHA256.get(name)
    if expected is None:
        raise Invalid("voice.digest_unknown", voice=name, actual=actual)
    if actual != expected:
        raise Invalid("voice.digest_wrong", voice=name, actual=actual, expected=expected)


def _taken_in(model: Path, *, folder: Path, sha256: str) -> VoiceFile:
    folder.mkdir(parents=True, exist_ok=True)
    taken = folder / model.name
    _copy(model, taken)
    _copy(Path(f"{model}.json"), Path(f"{taken}.json"))
    # Written last: without this mark the voice does not exist.
    (folder / f"{model.stem}.sha256").write_text(sha256 + "\n")
    return VoiceFile(model.stem, taken, sha256)


def _copy(source: Path, target: Path) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    shutil.copyfile(source, part)
    part.replace(target)
