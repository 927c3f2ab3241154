"""Bodies about gauges, their readings and the rules over them."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from web.api.bodies import Answer, Instant, Request


class NewGauge(Request, frozen=True, kw_only=True):
    """measure: water_level, rain, flow, wind or other; lowest, highest: values beyond are faults; node: that reads it
    on its own pins, or empty when the gauge sends by itself; silent_minutes: so long without a reading is a matter."""

    name: str
    unit: str
    measure: str
    physical_unit: str
    lowest: float
    highest: float
    node: str = ""
    silent_minutes: int = 60


class Gauge(Answer, frozen=True, kw_only=True):
    """last_at, last_value: of the newest reading; silent: nothing came for too long; token: shown once, when the gauge
    is added or its token renewed; it is the bearer here and the password at the broker; steps: what the caller may do
    with it now: renew, close."""

    id: str
    name: str
    unit_id: str = msgspec.field(name="unit")
    measure: str
    physical_unit: str
    lowest: float
    highest: float
    node_id: str | None = msgspec.field(name="node")
    silent_minutes: int
    last_at: datetime | None
    last_value: float | None
    silent: bool
    steps: list[str]
    token: str | None = None


class NewGaugeReading(Request, frozen=True, kw_only=True):
    """at: when it was taken; value: in the physical unit of the gauge."""

    at: Instant
    value: float


class NewReadings(Request, frozen=True, kw_only=True):
    """gauge: may be left out with the gauge's own token; readings: in any order, at most 500."""

    readings: Annotated[list[NewGaugeReading], Meta(min_length=1, max_length=500)]
    gauge: str = ""


class TakenReadings(Answer, frozen=True, kw_only=True):
    """taken: how many were new; known: how many the station had already."""

    gauge: str
    taken: int
    known: int


class GaugeReading(Answer, frozen=True, kw_only=True):
    """One reading as the station has it."""

    at: datetime
    value: float
    received_at: datetime


class NewGaugeRule(Request, frozen=True, kw_only=True):
    """gauge: id; does: notify, prepare or speak; level: a reading counts from here on; ends: the crossing is over from
    here on; falling: counts at the level and below; in_row: readings one after the other; lasting_seconds: from the
    first to the last of them; rest_seconds: after the end none begins; partner: another gauge that must agree, from
    partner_level on; announcement: the words, for prepare and speak."""

    gauge: str
    name: str
    does: str
    level: float
    ends: float
    falling: bool = False
    in_row: int = 3
    lasting_seconds: int = 0
    rest_seconds: int = 3600
    partner: str = ""
    partner_level: float | None = None
    announcement: str = ""


class GaugeAllowance(Answer, frozen=True, kw_only=True):
    """confirmed_at: nothing is allowed while this is null; in_force: the rule speaks by it now; steps: what the
    caller may do with it now: confirm, end."""

    id: str
    asked_by: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    expires_at: datetime
    in_force: bool
    steps: list[str]


class GaugeRule(Answer, frozen=True, kw_only=True):
    """A rule. crossed_at: of the crossing that is not over, or null; drill: the exercise with the same words;
    tested_at: when it was ordered last; sounded_at: when a node last played it; seal: what whoever allows the rule says
    back; steps: what the caller may do with it now: change, close, allow, test."""

    id: str
    gauge_id: str = msgspec.field(name="gauge")
    name: str
    does: str
    level: float
    ends: float
    falling: bool
    in_row: int
    lasting_seconds: int
    rest_seconds: int
    partner_id: str | None = msgspec.field(name="partner")
    partner_level: float | None
    announcement_id: str | None = msgspec.field(name="announcement")
    drill_id: str | None = msgspec.field(name="drill")
    crossed_at: datetime | None
    tested_at: datetime | None
    sounded_at: datetime | None
    seal: str
    allowances: list[GaugeAllowance]
    steps: list[str]


class Heard(Request, frozen=True, kw_only=True):
    """seal: of the rule and its words as they were read and heard."""

    seal: str


class TestWish(Request, frozen=True, kw_only=True):
    """key: your own id of this test; the same never sounds twice."""

    __test__ = False
    key: Annotated[str, Meta(min_length=1, max_length=60)]


class TestOrder(Answer, frozen=True, kw_only=True):
    """order: of the exercise that sounds; broadcast: id of it."""

    __test__ = False
    order: str
    broadcast: str | None
