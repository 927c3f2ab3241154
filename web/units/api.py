"""The commune and its hamlets through the API."""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from broadcaster.station.schema import Unit
from broadcaster.station.units import settings as unit_settings
from broadcaster.station.units import units
from broadcaster.station.units.settings import UnitSettings
from broadcaster.station.vocabulary.states import UnitKind
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.requests import Request

Degrees = Annotated[list[float], Meta(min_length=2, max_length=2)]


class NewUnit(Request, frozen=True, kw_only=True):
    """A hamlet. parent: id of its commune; position: latitude and longitude in degrees."""

    name: str
    parent: str
    weak_signal: bool = False
    position: Degrees | None = None


class UnitChange(Request, frozen=True, kw_only=True):
    """What is left out stays. name: the old one is kept as an alias."""

    name: str | UnsetType = UNSET
    weak_signal: bool | UnsetType = UNSET
    position: Degrees | UnsetType | None = UNSET


class UnitTold(Answer, frozen=True, kw_only=True):
    """kind: province, commune or hamlet; aliases: its older names."""

    id: str
    kind: str
    name: str
    aliases: list[str]
    parent: str | None
    weak_signal: bool
    position: list[float] | None


def listing(call: Call) -> list[UnitTold]:
    return [_told(unit) for unit in units.tree(call.s)]


def add(call: Call) -> UnitTold:
    wanted: NewUnit = call.body
    unit = units.add_unit(
        call.s, name=wanted.name, kind=UnitKind.HAMLET, parent_id=wanted.parent, by=call.by, now_at=call.now_at
    )
    position = (wanted.position[0], wanted.position[1]) if wanted.position else None
    settings = UnitSettings(name=unit.name, weak_signal=wanted.weak_signal, position=position)
    unit_settings.change(call.s, unit=unit, wanted=settings, by=call.by, now_at=call.now_at)
    return _told(unit)


def change(call: Call) -> UnitTold:
    unit = units.get(call.s, call.path["unit"])
    given: dict[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(call.body).items() if value is not UNSET
    }
    if given.get("position"):
        given["position"] = tuple(given["position"])
    wanted = replace(unit_settings.of(unit), **given)
    unit_settings.change(call.s, unit=unit, wanted=wanted, by=call.by, now_at=call.now_at)
    return _told(unit)


def _told(unit: Unit) -> UnitTold:
    position = unit_settings.of(unit).position
    return UnitTold(
        id=unit.id,
        kind=unit.kind,
        name=unit.name,
        aliases=unit.aliases,
        parent=unit.parent_id,
        weak_signal=unit.weak_signal,
        position=list(position) if position else None,
    )


ENDPOINTS = (
    Endpoint(method="GET", path="/units", summary="Xã và các thôn, bản.", act=listing, gives=list[UnitTold]),
    Endpoint(
        method="POST",
        path="/units",
        summary="Thêm thôn, bản.",
        act=add,
        takes=NewUnit,
        gives=UnitTold,
        status=201,
    ),
    Endpoint(
        method="PATCH",
        path="/units/{unit}",
        summary="Đổi tên, sóng, tọa độ của một đơn vị; tên cũ vẫn dùng được.",
        act=change,
        takes=UnitChange,
        gives=UnitTold,
    ),
)
