"""What nodes say, as it comes in."""

from datetime import timedelta

import pytest

from broadcaster.delivery.intake.budgets import MESSAGES
from broadcaster.protocol.clock import ClockQuestion, ClockReply
from broadcaster.protocol.codec import decode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.status import NodeStatus
from broadcaster.protocol.values import ClockState
from broadcaster.protocol.wants import WantedChunks, Wants
from broadcaster.station.schema import NodeState
from tests.unit.delivery.intake.intake_bench import NOW, STATION, IntakeBench

pytestmark = pytest.mark.integration  # a real database


def test_a_node_that_says_too_much_is_not_listened_to_and_the_others_are(bench: IntakeBench) -> None:
    for number in range(int(MESSAGES.burst) + 1_000):
        bench.hear_receipts(f"receipt-{number}")
    bench.hear_receipts("receipt-of-another", node="ang-hin")
    bench.work()
    assert "receipt-of-another" in bench.acked()
    assert bench.tally.read()["refused_excess_messages"] == bench.intake.conduct.report()["na-ca"]["excess"]


def test_an_instant_no_database_keeps_is_refused(bench: IntakeBench) -> None:
    for at in (b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00"):
        bench.hear(topics.status(STATION, "na-ca"), b'{"node":"na-ca","connection":1,"online":true,"at":"%s"}' % at)
    bench.work()
    assert bench.tally.read() == {"refused_Malformed": 2}


def test_a_retained_status_is_taken_over_without_being_a_sign_of_life(bench: IntakeBench) -> None:
    said = NodeStatus(node="na-ca", connection=1, online=True, at=NOW - timedelta(hours=5))
    bench.hear(topics.status(STATION, "na-ca"), said, retained=True)
    bench.work()
    with bench.database.database.reading() as s:
        state = s.get_one(NodeState, "na-ca")
        assert state.seen_at is not None
        assert state.seen_at <= NOW - timedelta(hours=5)


def test_a_cleared_retained_message_is_nothing(bench: IntakeBench) -> None:
    bench.hear(topics.status(STATION, "na-ca"), b"", retained=True)
    assert bench.tally.read() == {}


def test_wishes_go_to_the_publisher(bench: IntakeBench) -> None:
    wants = Wants(node="na-ca", chunks=(WantedChunks(sha256="a" * 64, indexes=(1, 2)),))
    bench.hear(topics.wants(STATION, "na-ca"), wants)
    assert bench.wishes == [wants]


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("nonsense", b"{}", "Malformed"),
        (topics.status("elsewhere", "na-ca"), b"{}", "WronglyAddressed"),
        (topics.status(STATION, "na-ca"), b"\xff\xfe", "Malformed"),
        (topics.status(STATION, "na-ca"), b'{"node":"ang-hin","connection":1,"online":true}', "WronglyAddressed"),
        (
            topics.status(STATION, "na-ca"),
            b'{"version":9,"node":"na-ca","connection":1,"online":true}',
            "UnsupportedVersion",
        ),
        (topics.receipts(STATION, "na-ca"), b"x" * 70_000, "Oversized"),
    ],
)
def test_what_is_not_a_message_is_refused_counted_and_forgotten(
    bench: IntakeBench, topic: str, payload: bytes, reason: str
) -> None:
    for _ in range(3):
        bench.hear(topic, payload)
    bench.work()
    assert bench.tally.read() == {f"refused_{reason}": 3}


def test_a_flood_is_logged_once_per_reason(bench: IntakeBench, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(50):
        bench.hear(f"nonsense/{number}", b"{}")
    assert len(caplog.records) == 1


def test_a_clock_in_doubt_is_told_to_who_asks_for_the_time(bench: IntakeBench) -> None:
    bench.intake.clock_state = lambda: ClockState.UNSYNCED
    question = ClockQuestion(node="na-ca", question="q", asked_seconds=1.0)
    bench.hear(topics.clock(STATION, "na-ca"), question)
    reply = decode(ClockReply, bench.published[0][1])
    assert reply.clock is ClockState.UNSYNCED
