"""A station whose wall clock alone is wrong, as real processes with a real node: nothing is lost for good by it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Broadcast, Clip, Occurrence
from broadcaster.station.vocabulary.states import OccurrenceState
from tests.chaos.judging.evidence import gather
from tests.chaos.people.commune import Commune
from tests.chaos.run import stocked
from tests.chaos.village.village import Village, until, village
from tests.integration.chaos.needs import NEEDS_MOSQUITTO
from tests.rig.shifted_clock import NEEDS_COMPILER, ShiftedClock

pytestmark = [pytest.mark.integration, pytest.mark.long, NEEDS_MOSQUITTO, NEEDS_COMPILER]
HOUR = 3600.0
DOUBT = "clock_unvouched"
SEEN_SECONDS = 20.0


@contextmanager
def station_with_its_own_clock(folder: Path) -> Iterator[tuple[Village, Commune, ShiftedClock]]:
    """One node that holds its clips; the station runs by a clock that can be shifted."""
    clock = ShiftedClock(folder / "clock")
    with village(folder, seed=1, virtual_nodes=1, card=False) as here:
        commune = Commune(here, 1)
        commune.stock_up()
        until(lambda: stocked(here), seconds=60, what="the node to hold its clips")
        here.station.environ |= clock.environ
        yield here, commune, clock


def restart(here: Village) -> float:
    """Ended politely and started again; when."""
    here.station.retire()
    here.station.start()
    return time.time()


def doubted(here: Village) -> bool:
    with here.database.reading() as s:
        publisher = heartbeats.read(s).get("publisher")
    return publisher is not None and DOUBT in publisher.detail.get("hindrances", ())


def states(here: Village) -> dict[str, str]:
    with here.database.reading() as s:
        return {each.id: str(each.state) for each in s.query(Broadcast)}


def heard_whole(here: Village, broadcast: str) -> bool:
    return any(heard.broadcast == broadcast and heard.whole for heard in gather(here).heard)


def clips(here: Village) -> set[str]:
    return {path.name for path in here.config.clips_dir.glob("*.ogg")}


def health(here: Village) -> dict[str, object]:
    try:
        address = f"https://127.0.0.1:{here.config.web.port}/api/v1/health"
        with urlopen(address, timeout=10, context=here.console_context()) as answer:
            return dict(json.load(answer))
    except HTTPError as error:
        with error:
            return dict(json.load(error))


@pytest.mark.parametrize("ahead_seconds", [7 * HOUR, 2 * 365 * 24 * HOUR], ids=["seven-hours", "two-years"])
def test_a_station_that_starts_ahead_for_a_while_misses_cancels_and_deletes_nothing(
    tmp_path: Path, ahead_seconds: float
) -> None:
    with station_with_its_own_clock(tmp_path) as (here, commune, clock):
        order = commune.air("priority", 50.0)
        clips_before = clips(here)
        clock.set(ahead_seconds)
        restart(here)
        until(lambda: doubted(here), seconds=SEEN_SECONDS, what="the doubt")
        stated = health(here)
        assert (stated["status"], stated["hindrances"]) == ("degraded", [DOUBT])
        time.sleep(16)  # so long a clock was seen to be wrong at the start, before time came over the network
        assert states(here)[order] == "scheduled"
        clock.set(0.0)
        until(lambda: not doubted(here), seconds=SEEN_SECONDS, what="the doubt to end")
        until(lambda: states(here)[order] == "completed", seconds=60, what="the broadcast to sound")
        assert heard_whole(here, order)
        assert clips_before <= clips(here)  # its ready texts may have got theirs meanwhile
        with here.database.reading() as s:
            assert not s.query(Occurrence).filter(Occurrence.state == OccurrenceState.MISSED).count()
            assert not s.query(Clip).filter(Clip.plan_hash.like("gone%")).count()


def test_an_order_given_while_the_clock_is_in_doubt_sounds_at_the_right_time(tmp_path: Path) -> None:
    with station_with_its_own_clock(tmp_path) as (here, commune, clock):
        restart(here)
        until(lambda: stocked(here), seconds=60, what="the node to be there again")
        clock.set(7 * HOUR)
        until(lambda: doubted(here), seconds=SEEN_SECONDS, what="the doubt")
        began_at = datetime.now(UTC)
        order = commune.air("priority", None)
        until(lambda: heard_whole(here, order), seconds=40, what="the order to sound")
        with here.database.reading() as s:
            assert abs(s.get_one(Broadcast, order).start_at - began_at) < timedelta(seconds=15)
