"""Topic and payload must tell the same story."""

import pytest

from broadcaster.protocol import errors
from broadcaster.protocol.codec import encode
from broadcaster.protocol.mqtt import inbox, topics
from broadcaster.protocol.status import NodeStatus
from tests.unit.protocol import messages

STATUS = NodeStatus(node="lung-pang", connection=1, online=True)


@pytest.mark.parametrize("leaf", sorted(inbox.LEAVES))
def test_each_leaf_carries_its_class(leaf: str) -> None:
    message = messages.one_of(inbox.LEAVES[leaf])
    assert inbox.read(f"loa/1/con-minh/nodes/lung-pang/{leaf}", encode(message), station="con-minh") == message


def test_a_node_cannot_speak_for_another() -> None:
    with pytest.raises(errors.WronglyAddressed):
        inbox.read(topics.status("con-minh", "ang-hin"), encode(STATUS), station="con-minh")


def test_another_station_s_topic_is_refused() -> None:
    with pytest.raises(errors.WronglyAddressed):
        inbox.read(topics.status("dai-duc", "lung-pang"), encode(STATUS), station="con-minh")


@pytest.mark.parametrize("topic", [topics.agenda("con-minh", "a"), topics.chunk("con-minh", "ab" * 32, 0), "x"])
def test_topics_that_carry_no_plain_message_are_refused(topic: str) -> None:
    with pytest.raises(errors.Malformed):
        inbox.read(topic, b"{}", station="con-minh")
