"""The commune and its hamlets through the API."""

from dataclasses import replace
from typing import Any

import msgspec
from msgspec import UNSET

from broadcaster.station.schema import Unit
from broadcaster.station.units import settings as unit_settings
from broadcaster.station.units import units
from broadcaster.station.units.settings import UnitSettings
from broadcaster.station.units.steps import steps
from broadcaster.station.vocabulary.states import UnitKind
from web.api.endpoints import Call, Endpoint
from web.security.access import READING, Kind, over, over_named
from web.units import bodies


def listing(call: Call) -> list[bodies.UnitAnswer]:
    return [_answer_of(call, unit) for unit in units.tree(call.s)]


def add(call: Call) -> bodies.UnitAnswer:
    wanted: bodies.NewUnit = call.body
    unit = units.add_unit(
        call.s, name=wanted.name, kind=UnitKind.HAMLET, parent_id=wanted.parent, by=call.by, now_at=call.now_at
    )
    position = (wanted.position[0], wanted.position[1]) if wanted.position else None
    settings = UnitSettings(name=unit.name, weak_signal=wanted.weak_signal, position=position)
    unit_settings.change(call.s, unit=unit, wanted=settings, by=call.by, now_at=call.now_at)
    return _answer_of(call, unit)


def change(call: Call) -> bodies.UnitAnswer:
    unit = units.get(call.s, call.path["unit"])
    given: dict[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(call.body).items() if value is not UNSET
    }
    if given.get("position"):
        given["position"] = tuple(given["position"])
    wanted = replace(unit_settings.of(unit), **given)
    unit_settings.change(call.s, unit=unit, wanted=wanted, by=call.by, now_at=call.now_at)
    return _answer_of(call, unit)


def _answer_of(call: Call, unit: Unit) -> bodies.UnitAnswer:
    position = unit_settings.of(unit).position
    return bodies.UnitAnswer(
        id=unit.id,
        kind=unit.kind,
        name=unit.name,
        aliases=unit.aliases,
        parent=unit.parent_id,
        weak_signal=unit.weak_signal,
        position=list(position) if position else None,
        steps=sorted(steps(call.s, unit, call.by)),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/units",
        access=READING,
        summary="Xã và các thôn, bản.",
        act=listing,
        gives=list[bodies.UnitAnswer],
    ),
    Endpoint(
        method="POST",
        path="/units",
        access=over_named("manage_nodes"),
        summary="Thêm thôn, bản.",
        act=add,
        takes=bodies.NewUnit,
        gives=bodies.UnitAnswer,
        status=201,
    ),
    Endpoint(
        method="PATCH",
        path="/units/{unit}",
        access=over(Kind.UNIT, "manage_nodes"),
        summary="Đổi tên, sóng, tọa độ của một đơn vị; tên cũ vẫn dùng được.",
        act=change,
        takes=bodies.UnitChange,
        gives=bodies.UnitAnswer,
    ),
)
