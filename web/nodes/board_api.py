"""Nodes and zones through the API."""

from broadcaster.station.nodes import nodes
from broadcaster.station.nodes.board import NodeView
from broadcaster.station.nodes.steps import steps
from broadcaster.station.units import units
from web.api.endpoints import Call, Endpoint
from web.nodes import bodies
from web.security.access import READING
from web.shell.telling import said


def zones(call: Call) -> list[bodies.ZoneNodes]:
    return [
        bodies.ZoneNodes(id=zone.id, name=zone.name, nodes=[node.id for node in units.nodes_of(call.s, [zone])])
        for zone in units.zones(call.s)
    ]


def board(call: Call) -> list[bodies.Node]:
    return [_node(call, view) for view in nodes.board(call.s, now_at=call.now_at)]


def _node(call: Call, view: NodeView) -> bodies.Node:
    node, state = view.node, view.state
    return bodies.Node(
        id=node.id,
        name=node.name,
        unit=node.unit_id,
        presence=view.presence,
        online=view.presence == "online",
        seen_at=state.seen_at if state else None,
        reasons=[said(each) for each in view.reasons],
        weak_link=node.weak_link,
        clock=str(state.clock) if state else None,
        clock_error_ms=state.clock_error_ms if state else None,
        clips_missing=state.clips_missing if state else None,
        agenda_number=state.agenda_number if state else None,
        playing=state.playing if state else None,
        volume_percent=node.volume_percent,
        software=state.software if state else "",
        health=state.health if state else {},
        steps=sorted(steps(call.s, node, call.by)),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/zones",
        access=READING,
        summary="Các khu vực phát và cụm loa của chúng.",
        act=zones,
        gives=list[bodies.ZoneNodes],
    ),
    Endpoint(method="GET", path="/nodes", access=READING, summary="Các cụm loa.", act=board, gives=list[bodies.Node]),
)
