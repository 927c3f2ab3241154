"""Which voices there are and what keeps one from speaking, for the console and the matters; the station writes it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from broadcaster.refusals.reasons import Reason, decode, encode
from broadcaster.station.rows import heartbeats

NAME = "voices"
"""Of the row among the signs of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVoice:
    """One voice.

    written: how an announcement asks for it, as in ``clips.voices``. engine: what runs it.
    name, sex, region: as published; of the sex nothing is said where it is empty.
    online: needs the internet. provider: whose it is. usd_per_million: price of a million characters, where published.
    limits: what its licence forbids or asks, in plain words. real_time_factor: seconds of sound a second, here.
    trouble: why it cannot speak now; None when nothing is known against it.
    """

    written: str
    engine: str
    name: str
    region: str
    sex: str = ""
    online: bool = False
    provider: str = ""
    usd_per_million: float | None = None
    limits: str = ""
    real_time_factor: float | None = None
    trouble: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """One try to take a pack in: the file's name, when, and why not."""

    name: str
    at: datetime
    refused: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVoices:
    """voices: all there are; order: engines as they are tried; sticks: packs seen on USB sticks, by path.

    spent: characters of this month by provider, of most (0: no limit); keys: providers with a key; last: newest tries.
    """

    voices: tuple[KnownVoice, ...] = ()
    order: tuple[str, ...] = ()
    sticks: tuple[str, ...] = ()
    spent: Mapping[str, int] | None = None
    most: int = 0
    last: tuple[TakenIn, ...] = ()

    def find(self, written: str) -> KnownVoice | None:
        return next((each for each in self.voices if each.written == written), None)


def read(s: Session) -> KnownVoices:
    """What the station last said; nothing before it ever did."""
    row = heartbeats.read(s).get(NAME)
    return _unpacked(row.detail) if row is not None else KnownVoices()


def write(s: Session, state: KnownVoices, now_at: datetime) -> None:
    heartbeats.beat(s, NAME, now_at, _packed(state))


def _packed(state: KnownVoices) -> dict[str, Any]:
    voices = [asdict(replace(each, trouble=None)) | {"trouble": _code(each.trouble)} for each in state.voices]
    last = [{"name": each.name, "at": each.at.isoformat(), "refused": _code(each.refused)} for each in state.last]
    plain = {"order": list(state.order), "sticks": list(state.sticks), "spent": dict(state.spent or {})}
    return {"voices": voices, "last": last, "most": state.most, **plain}


def _unpacked(detail: Mapping[str, Any]) -> KnownVoices:
    voices = [KnownVoice(**{**each, "trouble": _reason(each["trouble"])}) for each in detail["voices"]]
    last = [
        TakenIn(name=each["name"], at=datetime.fromisoformat(each["at"]), refused=_reason(each["refused"]))
        for each in detail["last"]
    ]
    return KnownVoices(
        voices=tuple(voices),
        order=tuple(detail["order"]),
        sticks=tuple(detail["sticks"]),
        spent=detail["spent"],
        most=detail["most"],
        last=tuple(last),
    )


def _code(reason: Reason | None) -> str | None:
    return encode(reason) if reason is not None else None


def _reason(code: str | None) -> Reason | None:
    return decode(code) if code is not None else None
