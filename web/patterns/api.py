"""Patterns with blanks through the API."""

from broadcaster.station.announcements.patterns import patterns
from web.api.endpoints import Call, Endpoint
from web.patterns import bodies
from web.security.access import over_commune, somewhere


def listing(call: Call) -> list[bodies.Pattern]:
    return [_answer_of(each) for each in patterns.listing(call.s)]


def add(call: Call) -> bodies.Pattern:
    wanted: bodies.NewPattern = call.body
    made = patterns.add(
        call.s,
        title=wanted.title,
        text=wanted.text,
        broadcast_class=wanted.broadcast_class,
        by=call.by,
        now_at=call.now_at,
    )
    return _answer_of(made)


def remove(call: Call) -> None:
    patterns.remove(call.s, pattern_id=call.path["pattern_id"], by=call.by, now_at=call.now_at)


def fill(call: Call) -> bodies.FilledPattern:
    pattern = patterns.get(call.s, call.path["pattern_id"])
    title, text = patterns.fill(pattern, call.body.answers)
    return bodies.FilledPattern(title=title, text=text, broadcast_class=pattern.broadcast_class)


def _answer_of(pattern: patterns.Pattern) -> bodies.Pattern:
    return bodies.Pattern(
        id=pattern.id,
        title=pattern.title,
        text=pattern.text,
        broadcast_class=pattern.broadcast_class,
        own=pattern.own,
        blanks=[bodies.Blank(name=each.name, kind=each.kind) for each in pattern.blanks],
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/patterns",
        access=somewhere("write"),
        summary="Mẫu bản tin.",
        act=listing,
        gives=list[bodies.Pattern],
    ),
    Endpoint(
        method="POST",
        path="/patterns",
        access=over_commune("write"),
        summary="Thêm một mẫu của xã.",
        act=add,
        takes=bodies.NewPattern,
        gives=bodies.Pattern,
        status=201,
    ),
    Endpoint(
        method="DELETE",
        path="/patterns/{pattern_id}",
        access=over_commune("write"),
        summary="Bỏ một mẫu của xã.",
        act=remove,
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/patterns/{pattern_id}/fill",
        access=somewhere("write"),
        summary="Tên và nội dung khi đã điền chỗ trống; chưa lưu gì.",
        act=fill,
        takes=bodies.Answers,
        gives=bodies.FilledPattern,
    ),
)
