"""Bodies about newer programs for the nodes."""

from datetime import datetime

import msgspec

from web.api.bodies import Answer, Request


class ReleaseNode(Answer, frozen=True, kw_only=True):
    """node: its id; wave: canary, tenth or all; confirmed_at: since when it runs it; failure: a code, or null."""

    node: str
    wave: str
    given_at: datetime
    confirmed_at: datetime | None
    failure: str | None


class NodeProgram(Answer, frozen=True, kw_only=True):
    """One version of the node's program.

    stage: uploaded, canary, tenth, all, stopped or withdrawn; files: names of its wheels; hours: from wave to wave.
    stopped: why, or null. steps: what the caller may do with it now.
    """

    id: str
    program: str
    stage: str
    paused: bool
    quiet_only: bool
    files: list[str]
    uploaded_by: str
    uploaded_at: datetime
    started_by: str | None
    started_at: datetime | None
    hours: int
    stopped: str | None
    nodes: list[ReleaseNode]
    steps: list[str]


class StartRelease(Request, frozen=True, kw_only=True):
    """canaries: ids of the nodes that get it first; hours: how long they must run it before the next wave."""

    canaries: list[str] = msgspec.field(default_factory=list)
    hours: int = 24
