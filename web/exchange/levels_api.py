"""The levels above that the commune follows, for programs."""

from broadcaster.station.alerts import allowances
from broadcaster.station.alerts.steps import AlertSourceStep, allowance_steps, source_steps
from broadcaster.station.exchange import reporting, upper_levels
from broadcaster.station.exchange.steps import level_steps
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.schema import UpperLevel
from web.api.endpoints import Call, Endpoint
from web.exchange import bodies
from web.exchange.identity import own_identity
from web.security.access import READING, over_commune


def listing(call: Call) -> list[bodies.UpperLevelAnswer]:
    return [_answer(call, each) for each in upper_levels.listing(call.s)]


def add(call: Call) -> bodies.UpperLevelAnswer:
    sealer = Sealer(own_identity().seed)
    return _answer(call, upper_levels.add(call.s, call.body.code, sealer=sealer, by=call.by, now_at=call.now_at))


def close(call: Call) -> None:
    upper_levels.close(call.s, level=_level(call), by=call.by, now_at=call.now_at)


def seen(call: Call) -> None:
    upper_levels.settle_return(call.s, level=_level(call), by=call.by, now_at=call.now_at)


def _level(call: Call) -> UpperLevel:
    return upper_levels.get(call.s, call.path["level_id"])


def _answer(call: Call, level: UpperLevel) -> bodies.UpperLevelAnswer:
    return bodies.UpperLevelAnswer(
        id=level.id,
        upper=level.upper,
        name=level.name,
        url=level.url,
        joined_at=level.joined_at,
        asked_at=level.asked_at,
        trouble=level.trouble.code if level.trouble else None,
        unsent=reporting.waiting_count(call.s, level),
        went_back_at=level.went_back_at,
        source=level.source_id,
        allowances=_allowances(call, level),
        steps=sorted([*level_steps(call.s, level, call.by), *_allowing(call, level)]),
    )


def _allowances(call: Call, level: UpperLevel) -> list[bodies.UpperLevelAllowance]:
    found = allowances.listing(call.s, level.source) if level.source else []
    return [
        bodies.UpperLevelAllowance(
            id=each.id,
            drill=each.drill,
            confirmed_at=each.confirmed_at,
            steps=sorted(allowance_steps(call.s, each, call.by)),
        )
        for each in found
    ]


def _allowing(call: Call, level: UpperLevel) -> frozenset[str]:
    """What may be done with it as a source; it is closed as a level."""
    mine: frozenset[str] = source_steps(call.s, level.source, call.by) if level.source else frozenset()
    return mine - {AlertSourceStep.CLOSE}


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/upper-levels",
        summary="Các cấp trên mà xã theo.",
        act=listing,
        access=READING,
        gives=list[bodies.UpperLevelAnswer],
    ),
    Endpoint(
        method="POST",
        path="/upper-levels",
        summary="Theo một cấp trên bằng mã một lần; đài tự liên lạc sau đó.",
        act=add,
        access=over_commune("manage_people"),
        takes=bodies.NewUpperLevel,
        gives=bodies.UpperLevelAnswer,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/upper-levels/{level_id}/seen",
        summary="Đã biết rằng cấp trên này được khôi phục từ bản sao cũ.",
        act=seen,
        access=over_commune("emergency"),
        status=204,
    ),
    Endpoint(
        method="DELETE",
        path="/upper-levels/{level_id}",
        summary="Thôi theo một cấp trên.",
        act=close,
        access=over_commune("manage_people"),
        status=204,
    ),
)
