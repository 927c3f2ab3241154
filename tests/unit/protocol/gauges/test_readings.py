"""What a gauge may say, what a rule may be, and the ids of broadcasts that begin at nodes."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from broadcaster.protocol.codec import decode
from broadcaster.protocol.errors import Malformed, ProtocolError, WronglyAddressed
from broadcaster.protocol.gauges import born
from broadcaster.protocol.gauges.readings import Readings
from broadcaster.protocol.gauges.rules import GaugeRule, SpokenRule
from broadcaster.protocol.mqtt import inbox, topics
from broadcaster.protocol.values import BroadcastClass

AT = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)
SOUND = b'{"gauge":"suoi_1","readings":[{"at":"2026-11-30T13:00:00Z","value":2.5}]}'
RULE = GaugeRule(gauge="suoi_1", sender="suoi_1", limit=3.0, ends=2.0)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", '"2.5"', "null", "true", "[]", ""])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(Malformed):
        decode(Readings, SOUND.replace(b"2.5", value.encode()))


@pytest.mark.parametrize(
    "change",
    [
        (b"2026-11-30T13:00:00Z", b"2026-11-30T13:00:00"),
        (b"suoi_1", b"suoi-1"),
        (b"suoi_1", b"../x_1"),
        (b'[{"at"', b'[0,{"at"'),
    ],
)
def test_what_is_no_reading_is_refused(change: tuple[bytes, bytes]) -> None:
    with pytest.raises(ProtocolError):
        decode(Readings, SOUND.replace(*change))


def test_nothing_and_too_much_are_refused() -> None:
    one = b'{"at":"2026-11-30T13:00:00Z","value":2.5}'
    for some in (b"", b",".join([one] * 501)):
        with pytest.raises(ProtocolError):
            decode(Readings, b'{"gauge":"suoi_1","readings":[' + some + b"]}")


def test_a_gauge_speaks_for_itself_alone() -> None:
    assert inbox.read_sensor(topics.sensor("con-minh", "suoi_1"), SOUND, station="con-minh")[0] == "suoi_1"
    assert inbox.read_sensor(topics.sensor("con-minh", "na-ca"), SOUND, station="con-minh")[0] == "na-ca"
    for topic in (topics.sensor("con-minh", "suoi_2"), topics.sensor("dai-duc", "suoi_1")):
        with pytest.raises(WronglyAddressed):
            inbox.read_sensor(topic, SOUND, station="con-minh")
    with pytest.raises(Malformed):
        inbox.read_sensor(topics.status("con-minh", "na-ca"), SOUND, station="con-minh")


@pytest.mark.parametrize(
    "change", [{"ends": 3.0}, {"ends": 4.0}, {"ends": 2.0, "falling": True}, {"limit": float("nan")}]
)
def test_a_rule_ends_on_the_other_side_of_its_limit(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="limit"):
        replace(RULE, **change)


def test_the_id_of_a_broadcast_that_begins_at_a_node_says_what_allowed_it_and_when() -> None:
    spoken = SpokenRule(
        allowance="ab" * 7, rule=RULE, parts=("cd" * 32,), duration_ms=9000, expires_at=AT + timedelta(days=9)
    )
    made = born.item(spoken, born.Birth(spoken.allowance, AT))
    assert born.birth_of(made.broadcast) == born.Birth(spoken.allowance, AT)
    assert (made.start_at, made.expires_at) == (AT, AT + timedelta(minutes=30, seconds=9))
    assert (made.broadcast_class, made.live, made.drill) == (BroadcastClass.EMERGENCY, True, False)


@pytest.mark.parametrize("name", ["broadcast-1", "gauge-1-2", f"gauge-{'ab' * 7}-0", f"gauge-{'ab' * 7}-99999999999"])
def test_other_ids_are_other_broadcasts(name: str) -> None:
    assert born.birth_of(name) is None
