"""Gauges through the API. Readings come with the token of a gauge, or of a person who looks after nodes there."""

from flask import request

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.protocol.gauges.readings import Reading
from broadcaster.station.crossings import taking
from broadcaster.station.gauges import gauges, readings
from broadcaster.station.gauges.gauges import GaugeWish
from broadcaster.station.gauges.steps import gauge_steps
from broadcaster.station.people.roles import require
from broadcaster.station.schema import Gauge
from web.api.callers import bearer_token, caller
from web.api.endpoints import Call, Endpoint, decoded
from web.gauges import bodies
from web.security.access import ANYBODY, READING, over_commune
from web.shell.services import services

MOST_BYTES = 100_000


def listing(call: Call) -> list[bodies.Gauge]:
    return [_gauge(call, each) for each in gauges.listing(call.s)]


def add(call: Call) -> bodies.Gauge:
    wanted: bodies.NewGauge = call.body
    wish = GaugeWish(
        name=wanted.name,
        unit_id=wanted.unit,
        measure=wanted.measure,
        physical_unit=wanted.physical_unit,
        lowest=wanted.lowest,
        highest=wanted.highest,
        node_id=wanted.node,
        silent_minutes=wanted.silent_minutes,
    )
    made, token = gauges.add(call.s, wish, by=call.by, now_at=call.now_at)
    return _gauge(call, made, token or None)


def renew(call: Call) -> bodies.Gauge:
    gauge = gauges.get(call.s, call.path["gauge_id"])
    token = gauges.renew_token(call.s, gauge=gauge, by=call.by, now_at=call.now_at)
    return _gauge(call, gauge, token)


def close(call: Call) -> None:
    gauges.close(call.s, gauge=gauges.get(call.s, call.path["gauge_id"]), by=call.by, now_at=call.now_at)


def of_gauge(call: Call) -> list[bodies.GaugeReading]:
    rows = readings.recent(call.s, gauges.get(call.s, call.path["gauge_id"]))
    return [bodies.GaugeReading(at=each.at, value=each.value, received_at=each.received_at) for each in rows]


def push() -> bodies.TakenReadings:
    """Readings of one gauge; taken all together, or none of them."""
    token = bearer_token()
    payload = request.stream.read(MOST_BYTES + 1)
    with services().database.session() as s:
        gauge = gauges.of_token(s, token)
        person = caller(s) if gauge is None else None
        if len(payload) > MOST_BYTES:
            raise Invalid("reading.too_many", field="readings", most=500)
        wanted: bodies.NewReadings = decoded(payload, bodies.NewReadings)
        if person is not None:
            if not wanted.gauge:
                raise Invalid("reading.no_gauge", field="gauge")
            gauge = gauges.get(s, wanted.gauge)
            require(s, person, "manage_nodes", gauge.unit_id)
        assert gauge is not None
        if wanted.gauge not in ("", gauge.id):
            raise NotAllowed("reading.of_another", field="gauge")
        said = [_reading(each) for each in wanted.readings]
        taken = taking.take(s, gauge, said, now_at=services().clock(), by_http=True)
        return bodies.TakenReadings(gauge=gauge.id, taken=len(taken.fresh), known=len(said) - len(taken.fresh))


def _reading(given: bodies.NewGaugeReading) -> Reading:
    try:
        return Reading(at=given.at, value=given.value)
    except ValueError:
        raise Invalid("reading.not_a_number", field="readings") from None


def _gauge(call: Call, gauge: Gauge, token: str | None = None) -> bodies.Gauge:
    return bodies.Gauge(
        id=gauge.id,
        name=gauge.name,
        unit_id=gauge.unit_id,
        measure=gauge.measure.value,
        physical_unit=gauge.physical_unit,
        lowest=gauge.lowest,
        highest=gauge.highest,
        node_id=gauge.node_id,
        silent_minutes=gauge.silent_minutes,
        last_at=gauge.last_at,
        last_value=gauge.last_value,
        silent=gauges.is_silent(gauge, now_at=call.now_at),
        steps=sorted(gauge_steps(call.s, gauge, call.by)),
        token=token,
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/gauges",
        summary="Trạm đo và số đo mới nhất.",
        act=listing,
        access=READING,
        gives=list[bodies.Gauge],
    ),
    Endpoint(
        method="POST",
        path="/gauges",
        summary="Thêm trạm đo; mã để gửi số đo chỉ trả lời một lần này.",
        act=add,
        access=over_commune("manage_nodes"),
        takes=bodies.NewGauge,
        gives=bodies.Gauge,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/gauges/{gauge_id}/token",
        summary="Mã mới để gửi số đo; mã cũ hết dùng được.",
        act=renew,
        access=over_commune("manage_nodes"),
        gives=bodies.Gauge,
    ),
    Endpoint(
        method="DELETE",
        path="/gauges/{gauge_id}",
        summary="Bỏ một trạm đo cùng các quy tắc của nó.",
        act=close,
        access=over_commune("manage_nodes"),
        status=204,
    ),
    Endpoint(
        method="GET",
        path="/gauges/{gauge_id}/readings",
        summary="Số đo của một trạm, mới nhất trước.",
        act=of_gauge,
        access=READING,
        gives=list[bodies.GaugeReading],
    ),
    Endpoint(
        method="POST",
        path="/readings",
        summary="Gửi số đo, với mã của trạm đo hoặc của người quản lý cụm loa; gửi lại không đổi gì.",
        act=push,
        access=ANYBODY,
        gives=bodies.TakenReadings,
    ),
)
