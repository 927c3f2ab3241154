"""Making the station's own clips, such as the greeting of a day, and those of its music, when no announcement waits to
be made."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from broadcaster.errors import Invalid, LoaError, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import Cancelled, ClipPlan, Progress, RenderedClip, TunePlan
from broadcaster.station.clips import clips, station_clips, tunes
from broadcaster.station.database.engine import Database

log = logging.getLogger(__name__)


class WordsMaker(Protocol):
    """What makes a clip of words."""

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip: ...


class TuneMaker(Protocol):
    """What makes a clip of music."""

    def render_tune(self, plan: TunePlan) -> RenderedClip: ...


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
        log.warning("the clip of “%s” could not be made: %s", row.text[:60], error)
        with database.session() as s:
            station_clips.fail(s, name=row.plan_hash, error=_why(error))
        return True
    with database.session() as s:
        made = clips.record(s, rendered, row.plan_hash, clock())
        station_clips.finish(s, name=row.plan_hash, clip=made)
    return True


def make_tune(database: Database, maker: TuneMaker, *, worker: str, clock: Callable[[], datetime]) -> bool:
    """Make the clip of the oldest music that was uploaded; False when there was none. What the disk refuses is tried
    again after a while; a file that is of no use is not."""
    with database.reading() as s:
        if not tunes.waiting(s, now_at=clock()):
            return False
    with database.session() as s:
        tune = tunes.claim(s, worker=worker, now_at=clock())
        if tune is None:
            return False
        plan, name = tunes.plan(tune), tunes.made_name(tune)
    try:
        rendered = maker.render_tune(plan)
    except Invalid as error:
        log.warning("the tune “%s” cannot be used: %s", tune.name[:60], error)
        with database.session() as s:
            tunes.fail(s, tune_id=tune.id, error=error.reason)
        return True
    except Unavailable:
        raise
    except (LoaError, OSError) as error:
        log.warning("the clip of the tune “%s” is made later: %s", tune.name[:60], error)
        return True
    with database.session() as s:
        tunes.finish(s, tune_id=tune.id, clip=clips.record(s, rendered, name, clock()))
    return True


def _why(error: LoaError | OSError) -> Reason:
    return error.reason if isinstance(error, LoaError) else Reason("clip.file_not_written", cause=error.strerror)
