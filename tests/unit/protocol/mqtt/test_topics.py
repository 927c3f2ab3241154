"""The topic tree is built and parsed in one place, and both agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadcaster.protocol import errors
from broadcaster.protocol.mqtt import topics

NAMES = st.from_regex(r"^[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)
LEAVES = {
    "agenda": topics.agenda,
    "wants": topics.wants,
    "status": topics.status,
    "receipts": topics.receipts,
    "acks": topics.acks,
    "clock": topics.clock,
    "clock/reply": topics.clock_reply,
}


@given(station=NAMES, node=NAMES, leaf=st.sampled_from(sorted(LEAVES)))
@pytest.mark.long
def test_a_node_s_topic_parses_back(station: str, node: str, leaf: str) -> None:
    assert topics.parse(LEAVES[leaf](station, node)) == topics.NodeTopic(station, node, leaf)


@given(station=NAMES, index=st.integers(0, 999_999))
@pytest.mark.long
def test_a_chunk_s_topic_parses_back(station: str, index: int) -> None:
    assert topics.parse(topics.chunk(station, "ab" * 32, index)) == topics.ChunkTopic(station, "ab" * 32, index)


@given(station=NAMES, seq=st.integers(0, 999_999))
@pytest.mark.long
def test_a_live_packet_s_topic_parses_back(station: str, seq: int) -> None:
    assert topics.parse(topics.live(station, "session-1", seq)) == topics.LiveTopic(station, "session-1", seq)


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "loa/1/con-minh",
        "loa/2/con-minh/nodes/a/agenda",
        "loa/1/con-minh/nodes/a/password",
        "loa/1/con-minh/nodes/A/agenda",
        "loa/1/con-minh/nodes/+/agenda",
        "loa/1/con-minh/nodes/a/agenda/",
        "loa/1/con-minh/nodes/a/agenda\n",
        "loa/1/con-minh/clips/abc/0",
        f"loa/1/con-minh/clips/{'ab' * 32}/-1",
        f"loa/1/con-minh/clips/{'ab' * 32}/01",
        "loa/1/con-minh/live/short/1",
        "loa/1/con-minh/live/session-1/-1",
        "loa/1/con-minh/live/session-1/+",
        f"loa/1/con-minh/clips/{'ab' * 32}/1000000",
    ],
)
def test_a_topic_outside_the_tree_is_refused(topic: str) -> None:
    with pytest.raises(errors.Malformed):
        topics.parse(topic)
