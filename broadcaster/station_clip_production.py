"""Making the station's own clips, such as the greeting of a day, when no announcement waits to be made."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from broadcaster.errors import LoaError, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import Cancelled, ClipPlan, Progress, RenderedClip
from broadcaster.station.clips import clips, station_clips
from broadcaster.station.database.engine import Database

log = logging.getLogger(__name__)


class WordsMaker(Protocol):
    """What makes a clip of words."""

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip: ...


def make_station_clip(database: Database, maker: WordsMaker, *, worker: str, clock: Callable[[], datetime]) -> bool:
    """Make the oldest one that is asked for; False when there was none. What fails is tried again after a while."""
    with database.reading() as s:
        if not station_clips.waiting(s, now_at=clock()):
            return False
    with database.session() as s:
        row = station_clips.claim(s, worker=worker, now_at=clock())
        if row is None:
            return False
        plan = station_clips.plan_of(s, row)
    try:
        rendered = maker.render(plan, progress=lambda _done, _stage: None, cancelled=lambda: False)
    except Unavailable:
        raise
    except (LoaError, OSError) as error:
        why = error.reason if isinstance(error, LoaError) else Reason("clip.file_not_written", cause=error.strerror)
        log.warning("the clip of “%s” could not be made: %s", row.text[:60], error)
        with database.session() as s:
            station_clips.fail(s, name=row.plan_hash, error=why)
        return True
    with database.session() as s:
        station_clips.finish(s, name=row.plan_hash, clip=clips.record(s, rendered, row.plan_hash, clock()))
    return True
