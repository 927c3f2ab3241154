"""What a technician typed about a node, as the station understands it; and the way back onto the form."""

from collections.abc import Mapping

from flask import request
from werkzeug.datastructures import MultiDict

from broadcaster.errors import Invalid
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.nodes.settings import NodeSettings
from broadcaster.station.schema import Node
from broadcaster.station.vocabulary import positions
from web.forms import parsing, quiet_hour_rows

HOURS = range(24)

Typed = MultiDict[str, str]


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
    return MultiDict([*plain.items(), *profile, *quiet_hour_rows.fields(settings.quiet_hours)])


def settings_typed() -> NodeSettings:
    """Raises Invalid by the name of the field."""
    form = request.form
    return NodeSettings(
        name=form.get("name", ""),
        place=form.get("place", ""),
        weak_link=bool(form.get("weak_link")),
        volume_percent=parsing.number_or(form.get("volume_percent", ""), field="volume_percent", empty=100),
        volume_profile=_profile(form),
        stagger_ms=parsing.number_or(form.get("stagger_ms", ""), field="stagger_ms", empty=0),
        quiet_hours=quiet_hour_rows.typed(form),
        position=positions.parse(form.get("position", "")),
        keeper_name=form.get("keeper_name", ""),
        keeper_phone=form.get("keeper_phone", ""),
    )


def _profile(form: Mapping[str, str]) -> tuple[int, ...]:
    """24 values when any hour was filled in; an hour left empty may be as loud as the node ever may."""
    if not any(form.get(f"hour_{hour}", "").strip() for hour in HOURS):
        return ()
    loudest = parsing.number_or(form.get("volume_percent", ""), field="volume_percent", empty=100)
    try:
        return tuple(_hour(form, hour, empty=loudest) for hour in HOURS)
    except Invalid as error:
        raise Invalid.of(error.reason, field="volume_profile") from None


def _hour(form: Mapping[str, str], hour: int, *, empty: int) -> int:
    name = f"hour_{hour}"
    return parsing.number_or(form.get(name, ""), field=name, empty=empty)
