"""Priority announcements that collide, and the order the commune gives them, through the API."""

from scheduler import collisions
from web.api.endpoints import Call, Endpoint
from web.collisions import bodies
from web.security.access import over_named, somewhere


def listing(call: Call) -> list[bodies.Collision]:
    return [_answer_of(each) for each in collisions.collisions(call.s, now_at=call.now_at)]


def decide(call: Call) -> bodies.Collision:
    return _answer_of(collisions.decide(call.s, call.body.broadcasts, by=call.by, now_at=call.now_at))


def _answer_of(found: collisions.Collision) -> bodies.Collision:
    return bodies.Collision(
        decided=found.decided,
        broadcasts=[
            bodies.CollidingBroadcast(
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
        access=somewhere("schedule"),
        summary="Các bản tin ưu tiên trùng giờ trên cùng cụm loa trong ba ngày tới.",
        act=listing,
        gives=list[bodies.Collision],
    ),
    Endpoint(
        method="PUT",
        path="/collisions",
        access=over_named("schedule"),
        summary="Xã quyết định bản tin ưu tiên nào phát trước; bản sau chờ bản trước phát xong.",
        act=decide,
        takes=bodies.CollisionOrder,
        gives=bodies.Collision,
    ),
)
