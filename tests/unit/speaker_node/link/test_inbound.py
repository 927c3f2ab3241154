"""Every message becomes an event or a refusal that names its reason; nothing raises."""

from hypothesis import given
from hypothesis import strategies as st

from broadcaster.protocol.clock import ClockReply
from broadcaster.protocol.codec import encode
from broadcaster.protocol.mqtt import topics
from broadcaster.protocol.receipts import Acks
from broadcaster.protocol.signing import LIMIT_BYTES
from speaker_node.events import AcksArrived, AgendaArrived, ChunkArrived, ClockAnswered, Event, MessageRefused
from speaker_node.link.inbound import event_from

SHA = "ab" * 32
REPLY = ClockReply(node="loa-1", question="q", asked_seconds=1.0, received_seconds=2.0, replied_seconds=3.0)


def _from(topic: str, payload: bytes) -> Event | None:
    return event_from(topic, payload, station="xa", arrived_seconds=7.0)


def test_each_topic_of_a_node_gives_its_event() -> None:
    acks = Acks(node="loa-1", receipts=("receipt-1",))
    assert _from(topics.agenda("xa", "loa-1"), b"a.b.c") == AgendaArrived(b"a.b.c")
    assert _from(topics.chunk("xa", SHA, 3), b"raw") == ChunkArrived(SHA, 3, b"raw")
    assert _from(topics.acks("xa", "loa-1"), encode(acks)) == AcksArrived(("receipt-1",))
    assert _from(topics.clock_reply("xa", "loa-1"), encode(REPLY)) == ClockAnswered(REPLY, 7.0)


def test_an_emptied_topic_is_no_event() -> None:
    assert _from(topics.agenda("xa", "loa-1"), b"") is None
    assert _from(topics.chunk("xa", SHA, 3), b"") is None


def test_an_endless_agenda_is_cut_where_verification_will_refuse_it() -> None:
    event = _from(topics.agenda("xa", "loa-1"), bytes(LIMIT_BYTES * 2))
    assert isinstance(event, AgendaArrived)
    assert len(event.token) == LIMIT_BYTES + 1


def test_a_message_for_another_node_or_station_is_refused_by_name() -> None:
    for topic in (topics.acks("xa", "loa-2"), topics.acks("khac", "loa-1")):
        event = _from(topic, encode(Acks(node="loa-1", receipts=("receipt-1",))))
        assert isinstance(event, MessageRefused)
        assert event.reason.startswith("WronglyAddressed")


@given(st.text(max_size=80), st.binary(max_size=200))
def test_garbage_is_refused_and_never_raises(topic: str, payload: bytes) -> None:
    event = _from(topic, payload)
    assert isinstance(event, MessageRefused) or payload == b""


@given(st.binary(min_size=1, max_size=200))
def test_garbage_on_a_known_topic_never_raises(payload: bytes) -> None:
    for topic in (topics.acks("xa", "loa-1"), topics.clock_reply("xa", "loa-1")):
        assert isinstance(_from(topic, payload), MessageRefused)
