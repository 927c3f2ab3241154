"""What is known of each provider: how it is asked, where the sound is, how long it may take, what it costs.

One JSON file each (``data/``), written from what the providers publish; none was ever asked with a real key by us.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

_FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class OnlineVoice:
    """code: the provider's own name of it; name: for people; sex, region: as published."""

    code: str
    name: str
    sex: Literal["female", "male"]
    region: Literal["north", "centre", "south"]


@dataclass(frozen=True, slots=True)
class RequestBody:
    """kind: ``text`` sends the words alone, ``json`` and ``xml`` fill ``value``."""

    kind: Literal["text", "json", "xml"]
    value: Any = None


@dataclass(frozen=True, slots=True)
class OwnSpeed:
    """kind: ``factor`` of the normal speed, ``percent`` more or less ("+10%"), or ``steps`` of ``percent_a_step`` each.

    least, most: what the provider takes; beyond it the sound is stretched here.
    """

    kind: Literal["factor", "percent", "steps"]
    least: float
    most: float
    percent_a_step: int = 10


@dataclass(frozen=True, slots=True)
class LinkPoll:
    """url: asked with ``{id}`` until the link is there; id_path: where the first answer names it."""

    url: str
    id_path: str


@dataclass(frozen=True, slots=True)
class SoundPlace:
    """kind: the answer itself is MP3 (``body``), or holds it as ``base64`` or as a ``link`` at ``path`` (dots between).

    hosts: endings of host names a link may lead to; ready_seconds: how long it may say 404 or nothing first.
    """

    kind: Literal["body", "base64", "link"]
    path: str = ""
    hosts: tuple[str, ...] = ()
    ready_seconds: float = 60.0
    poll: LinkPoll | None = None


@dataclass(frozen=True, slots=True)
class AnswerVerdict:
    """path: where an answer of status 200 says whether it is good; good: the values that mean so."""

    path: str
    good: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """name: of the engine; title, page: for people; more_keys: what is needed beside the key.

    longest_characters, shortest_characters: of one request. parallel: requests at once. budget_seconds: of one clip.
    usd_per_million: published price of a million characters; None where it depends on the contract.
    """

    name: str
    title: str
    page: str
    url: str
    headers: dict[str, str]
    body: RequestBody
    speed: OwnSpeed
    sound: SoundPlace
    longest_characters: int
    shortest_characters: int
    parallel: int
    budget_seconds: float
    usd_per_million: float | None
    voices: tuple[OnlineVoice, ...]
    verdict: AnswerVerdict | None = None
    more_keys: tuple[str, ...] = field(default=())

    def voice(self, code: str, *, region: str) -> OnlineVoice | None:
        """The voice of this code; without one the first of the region, else the first."""
        if code:
            return next((each for each in self.voices if each.code == code), None)
        return next((each for each in self.voices if each.region == region), self.voices[0])


@cache
def providers() -> dict[str, Provider]:
    """All of them, by name."""
    found = [msgspec.convert(json.loads(path.read_text("utf-8")), Provider) for path in sorted(_FOLDER.glob("*.json"))]
    return {each.name: each for each in found}
