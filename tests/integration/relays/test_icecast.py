"""A real Icecast server: its stream is pulled, levelled, and the next one heard when its source goes off the air."""

import threading
import time
from pathlib import Path

import pytest

from broadcaster.live.relay_feed import RelayFeed
from broadcaster.relays.process import Order, pulled
from broadcaster.relays.relaying import BYTES_A_SECOND, Relayed
from broadcaster.relays.settings import RelaySettings
from broadcaster.relays.watching import level_dbfs
from tests.doubles.radio import tune
from tests.integration.relays.icecast import NEEDS_ICECAST, icecast, sending

pytestmark = [pytest.mark.integration, NEEDS_ICECAST]
SETTINGS = RelaySettings(private_networks=("127.0.0.0/8",), stall_seconds=60)
"""A machine at work with other tests takes its time to start a process."""
MP3_BYTES_A_SECOND = 8_000


def test_a_source_that_goes_off_the_air_is_followed_by_the_next_mount(tmp_path: Path) -> None:
    sound = tune(12.0)
    with (
        icecast(tmp_path) as port,
        sending(port, "/vov1", sound, bytes_a_second=MP3_BYTES_A_SECOND) as off_air,
        sending(port, "/vov2", sound, bytes_a_second=MP3_BYTES_A_SECOND),
    ):
        first, second = f"http://127.0.0.1:{port}/vov1", f"http://127.0.0.1:{port}/vov2"
        relay = Relayed(
            [first, second], lambda address: pulled(Order(address, 120, 20_000_000), SETTINGS), SETTINGS, time.monotonic
        )
        blocks = relay.blocks()
        for block in blocks:
            if block and relay.address == first:
                off_air.set()
            if block and relay.address == second and relay.given_bytes > BYTES_A_SECOND:
                break
        blocks.close()
    assert [(each.address, each.reason.code) for each in relay.switches] == [(first, "relay.ended")]


def test_a_relay_on_air_is_fed_in_real_time_and_goes_on_with_the_next_mount(tmp_path: Path) -> None:
    sound = tune(12.0)
    with (
        icecast(tmp_path) as port,
        sending(port, "/vov1", sound, bytes_a_second=MP3_BYTES_A_SECOND) as off_air,
        sending(port, "/vov2", sound, bytes_a_second=MP3_BYTES_A_SECOND),
    ):
        mounts = [f"http://127.0.0.1:{port}/vov{number}" for number in (1, 2)]
        relayed = Relayed(
            mounts, lambda address: pulled(Order(address, 120, 20_000_000), SETTINGS), SETTINGS, time.monotonic
        )
        feed = RelayFeed(relayed, lufs=-16.0)
        feed.start()
        try:
            first = _taken(feed, seconds=2.0)
            off_air.set()
            while not feed.switches:
                assert _taken(feed, seconds=0.4) is not None
            second = _taken(feed, seconds=2.0)
        finally:
            feed.close()
    assert level_dbfs(first) > -30
    assert level_dbfs(second) > -30
    assert feed.switches[0].address == mounts[0]
    assert not [each for each in threading.enumerate() if each.name == "relay-feed"]


def _taken(feed: RelayFeed, *, seconds: float) -> bytes:
    """So much sound, waited for."""
    wanted, found, until = round(seconds * BYTES_A_SECOND), b"", time.monotonic() + 90
    while len(found) < wanted:
        assert time.monotonic() < until, "no sound came"
        found += feed.take(wanted - len(found))
        time.sleep(0.02)
    return found
