"""What programs send and are answered about matters and readiness."""

from datetime import datetime

import msgspec

from web.api.bodies import Answer, Instant, Request


class Deal(Request, frozen=True, kw_only=True):
    """note: what was done about it."""

    note: str = ""


class Louder(Request, frozen=True, kw_only=True):
    """at: in the hour of this instant; null for always."""

    at: Instant | None = None


class Matter(Answer, frozen=True, kw_only=True):
    """One thing somebody has to deal with.

    kind: pole_silent, pole_trouble, broadcast_failed, date_missed, clip_failed, audit_broken, node_conduct,
        node_clock, station_clock, backup_failed, backup_old, backup_damaged, backup_none or residents_complain;
        subject: on what.
    times: how often it began anew; over_at: since when it is no longer so by itself.
    """

    id: str
    kind: str
    subject: str
    sentence: str
    began_at: datetime
    times: int
    over_at: datetime | None
    dealt_at: datetime | None
    dealt_by: str | None
    note: str


class Obstacle(Answer, frozen=True, kw_only=True):
    """kind: stopped, link, alone (no link, but it has all it needs), clip, clock, muted, sound or volume."""

    kind: str
    sentence: str


class ReadyNode(Answer, frozen=True, kw_only=True):
    """obstacles: empty when it is ready."""

    node: str
    name: str
    obstacles: list[Obstacle]


class Readiness(Answer, frozen=True, kw_only=True):
    """One programme that begins within ten minutes; broadcasts: ids of its broadcasts; sources: of its relay, those
    that gave no sound when they were tried, each a sentence."""

    start_at: datetime
    title: str
    broadcasts: list[str]
    ready: int
    nodes: list[ReadyNode] = msgspec.field(name="poles")  # as programs have known it since version 0.1
    sources: list[str] = msgspec.field(default_factory=list)
