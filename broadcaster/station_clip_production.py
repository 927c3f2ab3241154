"""Making the station's own clips, such as the greeting of a day, and those of its music, when no announcement waits to
be made."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, Protocol

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, LoaError, Unavailable
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import Cancelled, ClipPlan, Progress, RenderedClip, TunePlan
from broadcaster.station.clips import clips, station_clips, tunes
from broadcaster.station.clips.clip_queue import ClipQueue, Row
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import StationClip, Tune

log = logging.getLogger(__name__)


class WordsMaker(Protocol):
    """What makes a clip of words."""

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip: ...


class TuneMaker(Protocol):
    """What makes a clip of music."""

    def render_tune(self, plan: TunePlan) -> RenderedClip: ...


def make_station_clip(database: Database, maker: WordsMaker, *, worker: str, clock: Callable[[], datetime]) -> bool:
    """Make the oldest one that is asked for; False when there was none. What fails is tried again after a while."""

    def prepare(s: Session, row: StationClip) -> Making:
        plan = station_clips.plan_of(s, row)
        render = partial(maker.render, plan, progress=lambda _done, _stage: None, cancelled=lambda: False)
        return Making(row.plan_hash, row.plan_hash, row.text, render)

    work = QueueWork(station_clips.QUEUE, prepare, recorded=(LoaError, OSError))
    return _make(database, work, worker=worker, clock=clock)


def make_tune(database: Database, maker: TuneMaker, *, worker: str, clock: Callable[[], datetime]) -> bool:
    """Make the clip of the oldest music that was uploaded; False when there was none. What the disk refuses is tried
    again after a while; a file that is of no use is not."""

    def prepare(_s: Session, tune: Tune) -> Making:
        return Making(tune.id, tunes.made_name(tune), tune.name, partial(maker.render_tune, tunes.plan(tune)))

    return _make(database, QueueWork(tunes.QUEUE, prepare, recorded=(Invalid,)), worker=worker, clock=clock)


@dataclass(frozen=True, slots=True)
class Making:
    """key: of the row in its queue; plan_hash: of how the clip shall sound; title: for the log; render: makes it."""

    key: str
    plan_hash: str
    title: str
    render: Callable[[], RenderedClip]


@dataclass(frozen=True, slots=True)
class QueueWork(Generic[Row]):
    """prepare: from a row that was claimed; recorded: the errors that the row shall state, all others pass."""

    queue: ClipQueue[Row]
    prepare: Callable[[Session, Row], Making]
    recorded: tuple[type[Exception], ...]


def _make(database: Database, work: QueueWork[Row], *, worker: str, clock: Callable[[], datetime]) -> bool:
    """Raises Unavailable when nothing at all can be made now."""
    with database.reading() as s:
        if not work.queue.waiting(s, now_at=clock()):
            return False
    with database.session() as s:
        row = work.queue.claim(s, worker=worker, now_at=clock())
        if row is None:
            return False
        making = work.prepare(s, row)
    try:
        rendered = making.render()
    except Unavailable:
        raise
    except (LoaError, OSError) as error:
        log.warning("the clip of “%s” could not be made: %s", making.title[:60], error)
        if isinstance(error, work.recorded):
            with database.session() as s:
                work.queue.fail(s, key=making.key, error=_why(error))
        return True
    with database.session() as s:
        made = clips.record(s, rendered, making.plan_hash, clock())
        work.queue.finish(s, key=making.key, clip=made)
    return True


def _why(error: LoaError | OSError) -> Reason:
    return error.reason if isinstance(error, LoaError) else Reason("clip.file_not_written", cause=error.strerror)
