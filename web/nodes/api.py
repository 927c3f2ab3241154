"""Taking nodes into service, tuning and moving them, through the API."""

from dataclasses import replace
from typing import Any

import msgspec
from msgspec import UNSET

from broadcaster.delivery.enrolment import handover
from broadcaster.delivery.enrolment.offers import LIFE
from broadcaster.station.nodes import moves as node_moves
from broadcaster.station.nodes import nodes
from broadcaster.station.nodes import settings as node_settings
from broadcaster.station.schema import Node
from web.api.endpoints import Call, Endpoint
from web.nodes import bodies
from web.security.access import Kind, over, over_named
from web.shell.services import services


def add(call: Call) -> bodies.NodeCode:
    wanted: bodies.NewNode = call.body
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


def renew(call: Call) -> bodies.NodeCode:
    node = nodes.get(call.s, call.path["node"])
    return _code(call, node, nodes.new_password(call.s, node=node, by=call.by, now_at=call.now_at))


def decisions(call: Call) -> bodies.NodeDecisions:
    return _answer_of(nodes.get(call.s, call.path["node"]))


def change(call: Call) -> bodies.NodeDecisions:
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
    return _answer_of(node)


def revoke(call: Call) -> None:
    nodes.revoke_node(call.s, node=nodes.get(call.s, call.path["node"]), by=call.by, now_at=call.now_at)


def _code(call: Call, node: Node, password: str) -> bodies.NodeCode:
    code = handover.code(call.s, services().config, node=node, password=password, now_at=call.now_at)
    return bodies.NodeCode(node=node.id, name=node.name, code=str(code), valid_until_at=call.now_at + LIFE)


def _answer_of(node: Node) -> bodies.NodeDecisions:
    settings = node_settings.of(node)
    return bodies.NodeDecisions(
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
        access=over_named("manage_nodes"),
        summary="Thêm cụm loa, nhận mã dùng một lần.",
        act=add,
        takes=bodies.NewNode,
        gives=bodies.NodeCode,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/nodes/{node}/code",
        access=over(Kind.NODE, "manage_nodes"),
        summary="Cấp mã mới cho cụm loa; mật khẩu cũ hết hiệu lực.",
        act=renew,
        gives=bodies.NodeCode,
        status=201,
    ),
    Endpoint(
        method="GET",
        path="/nodes/{node}/settings",
        access=over(Kind.NODE, "manage_nodes"),
        summary="Cài đặt của một cụm loa.",
        act=decisions,
        gives=bodies.NodeDecisions,
    ),
    Endpoint(
        method="PATCH",
        path="/nodes/{node}/settings",
        access=over(Kind.NODE, "manage_nodes"),
        summary="Đổi tên, chuyển thôn, chỉnh âm lượng, giờ yên lặng, người trông.",
        act=change,
        takes=bodies.NodeChange,
        gives=bodies.NodeDecisions,
    ),
    Endpoint(
        method="DELETE",
        path="/nodes/{node}",
        access=over(Kind.NODE, "manage_nodes"),
        summary="Thu hồi cụm loa.",
        act=revoke,
        status=204,
    ),
)
