"""Priority announcements that collide, and the order the commune gives them, through the API."""

from datetime import datetime

from scheduler import collisions
from web.api.answers import Answer
from web.api.endpoints import Call, Endpoint
from web.api.requests import Request


class CollidingBroadcast(Answer, frozen=True, kw_only=True):
    """One of them. order: its place, from 1; 0 while nobody decided."""

    broadcast: str
    title: str
    start_at: datetime
    duration_seconds: float
    order: int


class Collision(Answer, frozen=True, kw_only=True):
    """Priority announcements in each other's way.

    decided: somebody put all of them into an order; else the one that is due first goes first.
    broadcasts: in the order they will sound.
    nodes: ids of the nodes that two of them want.
    """

    decided: bool
    broadcasts: list[CollidingBroadcast]
    nodes: list[str]


class CollisionOrder(Request, frozen=True, kw_only=True):
    """broadcasts: ids of all that collide, in the wanted order."""

    broadcasts: list[str]


def listing(call: Call) -> list[Collision]:
    return [_told(each) for each in collisions.collisions(call.s, now_at=call.now_at)]


def decide(call: Call) -> Collision:
    return _told(collisions.decide(call.s, call.body.broadcasts, by=call.by, now_at=call.now_at))


def _told(found: collisions.Collision) -> Collision:
    return Collision(
        decided=found.decided,
        broadcasts=[
            CollidingBroadcast(
                broadcast=each.id,
                title=each.title,
                start_at=each.start_at,
                duration_seconds=each.duration_ms / 1000,
                order=each.ordering,
            )
            for each in found.broadcasts
        ],
        nodes=sorted(found.nodes),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/collisions",
        summary="Các bản tin ưu tiên trùng giờ trên cùng cụm loa trong ba ngày tới.",
        act=listing,
        gives=list[Collision],
    ),
    Endpoint(
        method="PUT",
        path="/collisions",
        summary="Xã quyết định bản tin ưu tiên nào phát trước; bản sau chờ bản trước phát xong.",
        act=decide,
        takes=CollisionOrder,
        gives=Collision,
    ),
)
