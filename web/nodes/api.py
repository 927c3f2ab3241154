"""Taking nodes into service, tuning and moving them, through the API."""

from dataclasses import replace
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from broadcaster.delivery.enrolment import handover
from broadcaster.delivery.enrolment.offers import LIFE
from broadcaster.station.nodes import moves as node_moves
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.schema import Node
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.requests import Instant, Request
from web.shell.services import services

Degrees = Annotated[list[float], Meta(min_length=2, max_length=2)]
Minutes = Annotated[list[int], Meta(min_length=2, max_length=2)]


class NewNode(Request, frozen=True, kw_only=True):
    """A node to be put into service. unit: id of its hamlet; place: where it stands; weak_link: the line is poor."""

    name: str
    unit: str
    place: str = ""
    weak_link: bool = False


class NodeCode(Answer, frozen=True, kw_only=True):
    """What is carried to the node: ``loa node enrol CODE`` fetches its identity once, before ``valid_until_at``."""

    node: str
    name: str
    code: str
    valid_until_at: Instant


class NodeChange(Request, frozen=True, kw_only=True):
    """What is left out stays.

    name: the old one is kept as an alias.
    unit: id of the hamlet to move it to.
    volume_percent: highest volume; volume_profile: the same for each hour, 24 values, or none.
    stagger_ms: starts this much later, against echo.
    quiet_hours: of this node besides the commune's: pairs of minutes after local midnight.
    position: latitude and longitude in degrees, or null.
    keeper_name, keeper_phone: who lives near it.
    """

    name: str | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    place: str | UnsetType = UNSET
    weak_link: bool | UnsetType = UNSET
    volume_percent: int | UnsetType = UNSET
    volume_profile: list[int] | UnsetType = UNSET
    stagger_ms: int | UnsetType = UNSET
    quiet_hours: list[Minutes] | UnsetType = UNSET
    position: Degrees | UnsetType | None = UNSET
    keeper_name: str | UnsetType = UNSET
    keeper_phone: str | UnsetType = UNSET


class NodeDecisions(Answer, frozen=True, kw_only=True):
    """What the commune decided about a node; the fields are those of NodeChange, aliases its older names."""

    id: str
    name: str
    aliases: list[str]
    unit: str
    place: str
    weak_link: bool
    volume_percent: int
    volume_profile: list[int]
    stagger_ms: int
    quiet_hours: list[list[int]]
    position: list[float] | None
    keeper_name: str
    keeper_phone: str


def add(call: Call) -> NodeCode:
    wanted: NewNode = call.body
    node, password = nodes.add_node(
        call.s,
        name=wanted.name,
        unit_id=wanted.unit,
        by=call.by,
        now_at=call.now_at,
        weak_link=wanted.weak_link,
        place=wanted.place,
    )
    return _code(call, node, password)


def renew(call: Call) -> NodeCode:
    node = nodes.get(call.s, call.path["node"])
    return _code(call, node, nodes.new_password(call.s, node=node, by=call.by, now_at=call.now_at))


def decisions(call: Call) -> NodeDecisions:
    return _told(nodes.get(call.s, call.path["node"]))


def change(call: Call) -> NodeDecisions:
    node = nodes.get(call.s, call.path["node"])
    given: dict[str, Any] = {
        name: value for name, value in msgspec.structs.asdict(call.body).items() if value is not UNSET
    }
    unit_id = given.pop("unit", node.unit_id)
    for name in ("volume_profile", "quiet_hours", "position"):
        if given.get(name) is not None:
            given[name] = tuple(tuple(each) if isinstance(each, list) else each for each in given[name])
    wanted = replace(node_settings.of(node), **given)
    node_settings.change(call.s, node=node, wanted=wanted, by=call.by, now_at=call.now_at)
    node_moves.move(call.s, node=node, unit_id=unit_id, by=call.by, now_at=call.now_at)
    return _told(node)


def revoke(call: Call) -> None:
    nodes.revoke_node(call.s, node=nodes.get(call.s, call.path["node"]), by=call.by, now_at=call.now_at)


def _code(call: Call, node: Node, password: str) -> NodeCode:
    code = handover.code(call.s, services().config, node=node, password=password, now_at=call.now_at)
    return NodeCode(node=node.id, name=node.name, code=str(code), valid_until_at=call.now_at + LIFE)


def _told(node: Node) -> NodeDecisions:
    settings = node_settings.of(node)
    return NodeDecisions(
        id=node.id,
        name=node.name,
        aliases=node.aliases,
        unit=node.unit_id,
        place=node.place,
        weak_link=node.weak_link,
        volume_percent=node.volume_percent,
        volume_profile=node.volume_profile,
        stagger_ms=node.stagger_ms,
        quiet_hours=[list(each) for each in settings.quiet_hours],
        position=list(settings.position) if settings.position else None,
        keeper_name=node.keeper_name,
        keeper_phone=node.keeper_phone,
    )


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/nodes",
        summary="Thêm cụm loa, nhận mã dùng một lần.",
        act=add,
        takes=NewNode,
        gives=NodeCode,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/nodes/{node}/code",
        summary="Cấp mã mới cho cụm loa; mật khẩu cũ hết hiệu lực.",
        act=renew,
        gives=NodeCode,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/nodes/{node}/settings",
        summary="Cài đặt của một cụm loa.",
        act=decisions,
        gives=NodeDecisions,
    ),
    Endpoint(
        method="PATCH",
        path="/nodes/{node}/settings",
        summary="Đổi tên, chuyển thôn, chỉnh âm lượng, giờ yên lặng, người trông.",
        act=change,
        takes=NodeChange,
        gives=NodeDecisions,
    ),
    Endpoint(method="DELETE", path="/nodes/{node}", summary="Thu hồi cụm loa.", act=revoke, status=204),
)
