"""What programs send and are answered about colliding announcements."""

from datetime import datetime

from web.api.bodies import Answer, Request


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
