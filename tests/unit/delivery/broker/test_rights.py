"""Who may read and write which topic."""

import pytest

from broadcaster.delivery.broker.access import STATION_USER
from broadcaster.delivery.broker.rights import may_read, may_write, mosquitto_acl

TREE = "loa/1/con-minh"


@pytest.mark.parametrize(
    ("user", "topic", "reads", "writes"),
    [
        ("na-ca", f"{TREE}/nodes/na-ca/agenda", True, False),
        ("na-ca", f"{TREE}/nodes/na-ca/acks", True, False),
        ("na-ca", f"{TREE}/nodes/na-ca/clock/reply", True, False),
        ("na-ca", f"{TREE}/nodes/na-ca/status", False, True),
        ("na-ca", f"{TREE}/nodes/na-ca/receipts", False, True),
        ("na-ca", f"{TREE}/nodes/na-ca/wants", False, True),
        ("na-ca", f"{TREE}/nodes/na-ca/clock", False, True),
        ("na-ca", f"{TREE}/clips/{'a' * 64}/0", True, False),
        ("na-ca", f"{TREE}/live/session-1/+", True, False),
        ("na-ca", f"{TREE}/live/session-1/7", True, False),
        ("na-ca", f"{TREE}/sensors/na-ca", True, True),
        ("na-ca", f"{TREE}/sensors/suoi_1", True, False),
        ("suoi_1", f"{TREE}/sensors/suoi_1", True, True),
        ("suoi_1", f"{TREE}/sensors/suoi_2", True, False),
        ("suoi_1", f"{TREE}/sensors/suoi_1/more", True, False),
        ("suoi_1", f"{TREE}/nodes/na-ca/status", False, False),
        ("na-ca", "loa/1/elsewhere/live/session-1/+", False, False),
        ("na-ca", f"{TREE}/nodes/na-ca2/status", False, False),
        ("na-ca", f"{TREE}/nodes/ang-hin/agenda", False, False),
        ("na-ca", f"{TREE}/nodes/+/agenda", False, False),
        ("na-ca", f"{TREE}/#", False, False),
        ("na-ca", "loa/1/elsewhere/clips/x/0", False, False),
        (STATION_USER, f"{TREE}/nodes/na-ca/agenda", True, True),
        (STATION_USER, f"{TREE}/nodes/+/status", True, True),
        (STATION_USER, "loa/1/elsewhere/nodes/na-ca/agenda", False, False),
    ],
)
def test_a_node_has_its_own_topics_and_the_station_its_own_tree(
    user: str, topic: str, reads: bool, writes: bool
) -> None:
    assert may_read("con-minh", user, topic) is reads
    assert may_write("con-minh", user, topic) is writes


def test_the_same_table_makes_mosquittos_rules() -> None:
    assert mosquitto_acl("con-minh").splitlines() == [
        "user @station",
        "topic readwrite loa/1/con-minh/#",
        "",
        "pattern read loa/1/con-minh/nodes/%u/agenda",
        "pattern read loa/1/con-minh/nodes/%u/acks",
        "pattern read loa/1/con-minh/nodes/%u/clock/reply",
        "pattern write loa/1/con-minh/nodes/%u/wants",
        "pattern write loa/1/con-minh/nodes/%u/status",
        "pattern write loa/1/con-minh/nodes/%u/receipts",
        "pattern write loa/1/con-minh/nodes/%u/clock",
        "pattern write loa/1/con-minh/sensors/%u",
        "pattern read loa/1/con-minh/clips/#",
        "pattern read loa/1/con-minh/live/#",
        "pattern read loa/1/con-minh/sensors/#",
    ]
