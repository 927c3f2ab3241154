"""What was typed about a hamlet, as the station understands it; and the way back onto the form."""

from flask import request
from werkzeug.datastructures import MultiDict

from broadcaster.station.schema import Unit
from broadcaster.station.units.settings import UnitSettings
from broadcaster.station.vocabulary import positions


def from_unit(unit: Unit) -> MultiDict[str, str]:
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
