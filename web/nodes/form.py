"""What a technician typed about a pole or a hamlet, as the station understands it; and the way back onto the form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from broadcaster.errors import Invalid
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.nodes.settings import NodeSettings
from broadcaster.station.rules import quiet_hours
from broadcaster.station.schema import Node, Unit
from broadcaster.station.units.settings import UnitSettings
from broadcaster.station.vocabulary import positions

HOURS = range(24)
_TIME = re.compile(r"^([01]?\d|2[0-4]):([0-5]\d)$")

Typed = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class QuietRows:
    """pairs: of times as ``HH:MM``, one line of the form each; an empty one for the next comes last."""

    pairs: Sequence[tuple[str, str]] = field(default_factory=tuple)


def from_node(node: Node) -> Typed:
    """The form as it is shown first."""
    settings = node_settings.of(node)
    profile = [(f"hour_{hour}", str(percent)) for hour, percent in enumerate(settings.volume_profile)]
    plain = {
        "name": settings.name,
        "unit_id": node.unit_id,
        "place": settings.place,
        "weak_link": "1" if settings.weak_link else "",
        "volume_percent": str(settings.volume_percent),
        "stagger_ms": str(settings.stagger_ms),
        "position": positions.written(node.latitude, node.longitude),
        "keeper_name": settings.keeper_name,
        "keeper_phone": settings.keeper_phone,
    }
    return MultiDict([*plain.items(), *profile, *quiet_pairs(settings.quiet_hours)])


def settings_typed() -> NodeSettings:
    """Raises Invalid by the name of the field."""
    form = request.form
    return NodeSettings(
        name=form.get("name", ""),
        place=form.get("place", ""),
        weak_link=bool(form.get("weak_link")),
        volume_percent=whole_number(form, "volume_percent", empty=100),
        volume_profile=_profile(form),
        stagger_ms=whole_number(form, "stagger_ms", empty=0),
        quiet_hours=quiet_typed(form),
        position=positions.parse(form.get("position", "")),
        keeper_name=form.get("keeper_name", ""),
        keeper_phone=form.get("keeper_phone", ""),
    )


def from_unit(unit: Unit) -> Typed:
    """The form of a hamlet as it is shown first."""
    return MultiDict(
        {
            "name": unit.name,
            "weak_signal": "1" if unit.weak_signal else "",
            "position": positions.written(unit.latitude, unit.longitude),
        }
    )


def unit_typed() -> UnitSettings:
    """Raises Invalid by the name of the field."""
    form = request.form
    position = positions.parse(form.get("position", ""))
    return UnitSettings(name=form.get("name", ""), weak_signal=bool(form.get("weak_signal")), position=position)


_ENDS = ("quiet_from", "quiet_to")


def quiet_pairs(hours: quiet_hours.Hours) -> list[tuple[str, str]]:
    """Fields and what stands in them."""
    return [(name, clock(minute)) for pair in hours for name, minute in zip(_ENDS, pair, strict=True)]


def quiet_rows(form: Typed) -> QuietRows:
    """Every line that has something in it, and one more."""
    pairs = [pair for pair in zip(*(form.getlist(name) for name in _ENDS), strict=False) if any(pair)]
    return QuietRows([*pairs, ("", "")])


def quiet_typed(form: Typed) -> quiet_hours.Hours:
    """Raises Invalid(field="quiet_hours") for a line with one end, or a time that is none."""
    return tuple((_minute(begin), _minute(end)) for begin, end in quiet_rows(form).pairs if begin or end)


def clock(minute: int) -> str:
    """``22:00``; the end of the day is 00:00."""
    return quiet_hours.clock(minute)


def whole_number(form: Mapping[str, str], name: str, *, empty: int) -> int:
    """Raises Invalid naming the field."""
    text = form.get(name, "").strip()
    if not text:
        return empty
    if not re.fullmatch(r"-?\d{1,9}", text):
        raise Invalid("Hãy nhập một số nguyên.", field=name)
    return int(text)


def _minute(text: str) -> int:
    found = _TIME.match(text.strip())
    if not found:
        raise Invalid("Giờ yên lặng cần cả giờ bắt đầu và giờ kết thúc, ví dụ 22:00.", field="quiet_hours")
    return int(found[1]) * 60 + int(found[2])


def _profile(form: Mapping[str, str]) -> tuple[int, ...]:
    """24 values when any hour was filled in; an hour left empty may be as loud as the pole ever may."""
    if not any(form.get(f"hour_{hour}", "").strip() for hour in HOURS):
        return ()
    loudest = whole_number(form, "volume_percent", empty=100)
    try:
        return tuple(whole_number(form, f"hour_{hour}", empty=loudest) for hour in HOURS)
    except Invalid as error:
        raise Invalid(str(error), field="volume_profile") from None
