"""``voice.json``: what a voice pack says of itself."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from broadcaster.errors import Invalid

NAME = "voice.json"
FORMAT = 1
ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,29}\Z")
LARGEST_MANIFEST_BYTES = 200_000

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Words = Annotated[str, Meta(min_length=1, max_length=200)]
Region = Literal["north", "centre", "south"]
Sex = Literal["female", "male", "other"]
RuntimeName = Literal["piper", "sherpa", "supertonic", "onnx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """One file of the pack.

    path: inside the pack, with "/" between folders.
    sha256: its digest, hexadecimal.
    role: what the engine uses it for, such as ``model``; empty for what is only carried along.
    """

    path: Annotated[str, Meta(min_length=1, max_length=200)]
    sha256: Sha256
    role: Annotated[str, Meta(max_length=40)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSpeaker:
    """One voice of the pack.

    id: small letters, digits and "-"; what is written behind the pack's id to ask for it.
    name: for people. sex, region: as its publisher states them.
    number: the engine's own number of it. style: path of the file that makes it, where the engine has such files.
    sample: path of a recording of it; empty when there is none.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,29}\Z")]
    name: Words
    sex: Sex
    region: Region
    number: Annotated[int, Meta(ge=0, le=9_999)] = 0
    style: str = ""
    sample: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLicence:
    """name: its short name; file: path of its text; limits: in plain Vietnamese, what it forbids or asks."""

    name: Words
    file: str
    limits: Annotated[str, Meta(min_length=1, max_length=2_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackManifest:
    """All of it.

    format: 1. id: the pack's name in commands and in ``engine:name``. name: for people. version: of the voice.
    engine: what runs it. sample_rate: of its sound, Hz. files: all there are. speakers: at least one.
    licence: as above. source: where it was published. options: what its engine wants to know, see docs/sound.md.
    """

    format: Literal[1]
    id: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,29}\Z")]
    name: Words
    version: Annotated[str, Meta(min_length=1, max_length=40)]
    engine: RuntimeName
    sample_rate: Annotated[int, Meta(ge=8_000, le=96_000)]
    files: Annotated[tuple[PackFile, ...], Meta(min_length=1, max_length=500)]
    speakers: Annotated[tuple[PackSpeaker, ...], Meta(min_length=1, max_length=200)]
    licence: PackLicence
    source: Annotated[str, Meta(max_length=500)] = ""
    options: dict[str, Any] = field(default_factory=dict)

    def role(self, name: str) -> str:
        """The path of the file with this role. Raises Invalid when the pack has none."""
        for each in self.files:
            if each.role == name:
                return each.path
        raise Invalid("pack.role_missing", role=name)

    def speaker(self, wanted: str, *, region: str) -> PackSpeaker | None:
        """The speaker called ``wanted``; with no wish the first of ``region``, else the first of all."""
        if wanted:
            return next((each for each in self.speakers if each.id == wanted), None)
        return next((each for each in self.speakers if each.region == region), self.speakers[0])


def read_manifest(folder: Path) -> PackManifest:
    """The manifest in ``folder``. Raises Invalid naming the field that is wrong."""
    path = folder / NAME
    try:
        if path.stat().st_size > LARGEST_MANIFEST_BYTES:
            raise Invalid("pack.manifest_unreadable", cause="too large")
        manifest = msgspec.convert(json.loads(path.read_text(encoding="utf-8")), PackManifest)
    except FileNotFoundError as error:
        raise Invalid("pack.manifest_missing") from error
    except (OSError, ValueError, RecursionError) as error:
        raise Invalid("pack.manifest_unreadable", cause=" ".join(str(error).split())[:200]) from error
    _check_paths(manifest)
    return manifest


def _check_paths(manifest: PackManifest) -> None:
    listed = {each.path for each in manifest.files}
    if len(listed) != len(manifest.files) or len({each.id for each in manifest.speakers}) != len(manifest.speakers):
        raise Invalid("pack.listed_twice")
    for path in listed:
        if not is_inside(path) or path == NAME:
            raise Invalid("pack.path_outside", path=path[:120])
    wanted = [manifest.licence.file, *(p for each in manifest.speakers for p in (each.style, each.sample) if p)]
    for path in wanted:
        if path not in listed:
            raise Invalid("pack.file_unlisted", path=path[:120])


def is_inside(path: str) -> bool:
    """Whether ``path`` stays in the folder it is counted from, on every system."""
    parts = PurePosixPath(path).parts
    plain = not path.startswith("/") and "\\" not in path and ":" not in path and "\0" not in path
    return bool(parts) and plain and ".." not in parts and "/".join(parts) == path
