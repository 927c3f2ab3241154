"""Bodies about the commune's own music."""

from datetime import datetime

from broadcaster.station.vocabulary.states import TuneKind
from web.api.bodies import Answer, Request


class Tune(Answer, frozen=True, kw_only=True):
    """Music that was uploaded.

    clip: sha256 of its clip, null until it is made; error: why the file is of no use.
    approved_by: who heard and approved it, null while nobody did: then no programme plays it.
    steps: what the caller may do with it now: approve, remove.
    """

    id: str
    kind: TuneKind
    name: str
    clip: str | None
    duration_ms: int | None
    error: str | None
    added_by: str
    added_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    steps: list[str]


class HeardTune(Request, frozen=True, kw_only=True):
    """clip: sha256 of the clip that was heard."""

    clip: str
