"""Complaints of radio automation: a stream ends early, is silent, stalls, never begins; the next one is heard."""

from broadcaster.relays.relaying import BYTES_A_SECOND, Relayed
from broadcaster.relays.settings import RelaySettings
from tests.unit.relays.scripted import Air

A, B = "http://a.vn/1", "http://b.vn/2"


def relayed(air: Air, *addresses: str, until: float = 60.0, holds_silence: bool = True) -> tuple[Relayed, float]:
    """What came of relaying for so many seconds of sound, and how many there were."""
    relay = Relayed(addresses, air.pull, RelaySettings(), air.clock, holds_silence=holds_silence)
    blocks, taken = relay.blocks(), 0
    for block in blocks:
        taken += len(block)
        if taken >= until * BYTES_A_SECOND:
            break
    blocks.close()
    assert air.opened == air.closed
    assert taken == relay.given_bytes
    return relay, taken / BYTES_A_SECOND


def reasons(relay: Relayed) -> list[tuple[str, float, str]]:
    return [(each.address, each.after_seconds, each.reason.code) for each in relay.switches]


def test_one_good_stream_is_opened_once_and_let_go_at_the_end() -> None:
    air = Air({A: [[("sound", 600)]]})
    relay, seconds = relayed(air, A, B)
    assert (seconds, relay.switches, air.opened) == (60.0, [], [A])


def test_a_stream_that_ends_early_is_followed_by_the_next() -> None:
    air = Air({A: [[("sound", 20), ("over", 0)]], B: [[("sound", 600)]]})
    relay, seconds = relayed(air, A, B)
    assert seconds == 60.0
    assert reasons(relay) == [(A, 20.0, "relay.ended")]


def test_a_stream_that_stalls_is_left_after_five_seconds() -> None:
    air = Air({A: [[("sound", 10), ("stall", 100)]], B: [[("sound", 600)]]})
    relay, seconds = relayed(air, A, B)
    assert (seconds, reasons(relay)) == (60.0, [(A, 10.0, "relay.stalled")])
    assert air.now == 1000 + 60 + 5


def test_a_silent_stream_is_left_and_its_silence_is_not_recorded() -> None:
    air = Air({A: [[("sound", 10), ("silence", 100)]], B: [[("sound", 600)]]})
    relay, seconds = relayed(air, A, B)
    assert (seconds, reasons(relay)) == (60.0, [(A, 10.0, "relay.silent")])


def test_a_pause_that_ends_is_part_of_the_sound() -> None:
    air = Air({A: [[("sound", 10), ("silence", 8), ("sound", 600)]]})
    relay, seconds = relayed(air, A)
    assert (seconds >= 60.0, relay.switches) == (True, [])


def test_what_is_heard_live_keeps_its_pauses() -> None:
    air = Air({A: [[("sound", 10), ("silence", 8), ("sound", 600)]]})
    assert relayed(air, A, until=14.0, holds_silence=False)[1] == 14.0
    assert air.now == 1014.0


def test_silence_that_comes_all_at_once_is_noticed_too() -> None:
    air = Air({A: [[("sound", 6), ("stall", 1)]], B: [[("sound", 600)]]})
    air.scripts = {**air.scripts, A: [[("silence", 30)]]}
    assert reasons(relayed(air, A, B)[0]) == [(A, 0.0, "relay.silent")]


def test_a_stream_that_never_begins_is_left_for_the_next() -> None:
    air = Air({A: [[("stall", 100)]], B: [[("sound", 600)]]})
    assert reasons(relayed(air, A, B)[0]) == [(A, 0.0, "relay.stalled")]
    assert air.now == 1000 + 12 + 60


def test_the_first_is_asked_again_when_the_second_ends() -> None:
    air = Air({A: [[("sound", 10), ("over", 0)], [("sound", 600)]], B: [[("sound", 10), ("over", 0)]]})
    relay, seconds = relayed(air, A, B)
    assert (seconds, air.opened) == (60.0, [A, B, A])
    assert [address for address, _, _ in reasons(relay)] == [A, B]


def test_when_none_gives_any_sound_it_ends_and_each_was_asked_twice() -> None:
    air = Air({A: [[("over", 0)]], B: [[("stall", 100)]]})
    relay, seconds = relayed(air, A, B)
    assert (seconds, air.opened, relay.address) == (0.0, [A, B, A, B], "")


def test_a_stream_that_comes_and_goes_is_worth_asking_as_long_as_it_is_heard() -> None:
    air = Air({A: [[("sound", 8), ("over", 0)]]})
    assert relayed(air, A)[1] == 60.0
    air = Air({A: [[("sound", 2), ("over", 0)]]})
    relay, seconds = relayed(air, A)
    assert (seconds, len(relay.switches)) == (4.0, 2)
