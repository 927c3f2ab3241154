"""What an announcement consists of: one typed value whose fields each say what they are used for.

Whoever adds a field adds it here, with a column of the same name in ``schema.Announcement``; seal, difference, copy and
frozen broadcast follow from its uses.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from enum import Flag, auto
from typing import TYPE_CHECKING, Any

from broadcaster.payments.levy import Levy
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.schema.units import Zone
from broadcaster.station.vocabulary import wishes
from broadcaster.station.vocabulary.states import Origin
from broadcaster.station.vocabulary.wishes import Wish

if TYPE_CHECKING:
    from broadcaster.station.schema.announcements import Announcement


class Use(Flag):
    """What a field is used for.

    SOUNDS: changing it makes a new clip.
    SEALED: the hash of an approval covers it directly; what sounds is covered by the clip's own hash.
    COMPARED: an approver is shown when it changed.
    FROZEN: copied into a broadcast.
    ANSWERED: in the answers of the API under the same name.
    FIXED: decided when the announcement is created, for good.
    """

    SOUNDS = auto()
    SEALED = auto()
    COMPARED = auto()
    FROZEN = auto()
    ANSWERED = auto()
    FIXED = auto()


def _as_it_is(value: Any) -> Any:
    return value


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).isoformat() if value else None


def _names(zones: Sequence[Zone]) -> list[str]:
    return [zone.name for zone in zones]


def _levy(value: Levy | None) -> dict[str, Any] | None:
    return asdict(value) if value else None


def _of(uses: Use, *, plain: Callable[[Any], Any] = _as_it_is, called: str = "") -> dict[str, Any]:
    """``plain`` makes of a value what a comparison stores; ``called`` is the field's name there, when another."""
    return {"uses": uses, "plain": plain, "called": called}


_SHOWN = Use.COMPARED | Use.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementFields:
    """An announcement as it is written; each field as in ``schema.Announcement``. ``zones`` are rows, ids or names."""

    title: str = field(metadata=_of(_SHOWN | Use.FROZEN))
    text: str = field(metadata=_of(_SHOWN | Use.SOUNDS | Use.FROZEN))
    zones: Sequence[Zone | str] = field(metadata=_of(_SHOWN | Use.SEALED, plain=_names))
    broadcast_class: str = field(metadata=_of(_SHOWN | Use.SOUNDS | Use.SEALED | Use.FROZEN, plain=str, called="class"))
    voice: str = field(default="auto", metadata=_of(_SHOWN | Use.SOUNDS))
    rate_percent: int = field(default=100, metadata=_of(_SHOWN | Use.SOUNDS))
    repeats: int = field(default=1, metadata=_of(_SHOWN | Use.SOUNDS))
    repeat_key_facts: bool = field(default=False, metadata=_of(_SHOWN | Use.SOUNDS))
    valid_until_at: datetime | None = field(default=None, metadata=_of(_SHOWN | Use.SEALED, plain=_instant))
    recording_sha256: str | None = field(default=None, metadata=_of(Use.COMPARED | Use.SOUNDS, called="recording"))
    recording_name: str | None = field(default=None, metadata=_of(Use.COMPARED))
    levy: Levy | None = field(default=None, metadata=_of(_SHOWN | Use.SEALED | Use.FROZEN, plain=_levy))
    origin: str = field(default=Origin.COMMUNE, metadata=_of(_SHOWN | Use.FROZEN, plain=str))
    document_number: str | None = field(default=None, metadata=_of(_SHOWN | Use.FROZEN))
    class_reason: str | None = field(default=None, metadata=_of(_SHOWN))
    board_text: str = field(default="", metadata=_of(_SHOWN | Use.SEALED | Use.FROZEN))
    drill: bool = field(default=False, metadata=_of(_SHOWN | Use.SOUNDS | Use.SEALED | Use.FROZEN | Use.FIXED))
    phrase: str | None = field(default=None, metadata=_of(_SHOWN | Use.FIXED))
    wish: Wish | None = field(default=None, metadata=_of(_SHOWN | Use.SEALED, plain=wishes.plain))


def used(use: Use) -> tuple[str, ...]:
    """The names of the fields with this use, in order."""
    return tuple(each.name for each in fields(AnnouncementFields) if use in each.metadata["uses"])


NAMES = tuple(each.name for each in fields(AnnouncementFields))


def fields_of(announcement: "Announcement") -> AnnouncementFields:
    """What is written in an announcement now."""
    return AnnouncementFields(
        **{name: getattr(announcement, name) for name in NAMES} | {"zones": tuple(announcement.zones)}
    )


def fill(announcement: "Announcement", written: AnnouncementFields) -> None:
    """Put what is written into the row. ``written.zones`` are rows by now."""
    for name in NAMES:
        setattr(announcement, name, getattr(written, name) if name != "zones" else list(written.zones))
    announcement.broadcast_class, announcement.origin = BroadcastClass(written.broadcast_class), Origin(written.origin)


def compared(announcement: "Announcement") -> dict[str, Any]:
    """What an approver reads and hears, in plain values, by the names that a stored comparison has."""
    return {
        each.metadata["called"] or each.name: each.metadata["plain"](getattr(announcement, each.name))
        for each in fields(AnnouncementFields)
        if Use.COMPARED in each.metadata["uses"]
    }


def resounds(before: AnnouncementFields, after: AnnouncementFields) -> bool:
    """Whether another clip is needed."""
    return any(getattr(before, name) != getattr(after, name) for name in used(Use.SOUNDS))
