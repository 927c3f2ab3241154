"""Who comes in, and who comes in no more."""

import pytest

from broadcaster.delivery.broker.access import STATION_USER
from broadcaster.delivery.broker.credentials import Credential
from broadcaster.delivery.broker.port import Broker
from broadcaster.station.nodes.credentials import hash_password
from tests.integration.delivery.broker.brokers import CREDENTIALS, TREE, node, station
from tests.integration.delivery.probe import Probe, Refused, eventually

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("username", "password"),
    [("", ""), ("lung-pang", ""), ("lung-pang", "wrong"), ("nobody", "wrong"), (STATION_USER, "wrong")],
)
def test_nobody_connects_without_the_right_credential(broker: Broker, username: str, password: str) -> None:
    with pytest.raises(Refused), Probe(broker.access.port, username, password):
        pass


def test_a_revoked_node_is_cut_off_at_once_and_does_not_come_back(broker: Broker) -> None:
    with node(broker, "lung-pang") as virtual_node, node(broker, "ang-hin") as other, station(broker) as ours:
        broker.apply([each for each in CREDENTIALS if each.username != "lung-pang"])
        assert virtual_node.lost.wait(60)
        with pytest.raises(Refused), node(broker, "lung-pang"):
            pass
        other.subscribe(f"{TREE}/nodes/ang-hin/agenda")
        ours.publish(f"{TREE}/nodes/ang-hin/agenda", b"still here")
        eventually(lambda: other.payloads(f"{TREE}/nodes/ang-hin/agenda") == [b"still here"])


def test_a_node_with_a_new_password_is_cut_off_and_comes_back_only_with_it(broker: Broker) -> None:
    fresh = Credential(username="lung-pang", password_hash=hash_password("quite-another-password"))
    others = [each for each in CREDENTIALS if each.username != "lung-pang"]
    with node(broker, "lung-pang") as virtual_node, node(broker, "ang-hin") as other:
        broker.apply([fresh, *others])
        assert virtual_node.lost.wait(60)
        assert not other.lost.wait(0.5)
    with pytest.raises(Refused), node(broker, "lung-pang"):
        pass

    eventually(lambda: _admitted(broker, "lung-pang", "quite-another-password"))


def test_a_new_node_is_admitted_without_a_restart(broker: Broker) -> None:
    broker.apply([*CREDENTIALS, Credential(username="na-ca", password_hash=hash_password("password-of-na-ca"))])

    eventually(lambda: _admitted(broker, "na-ca", "password-of-na-ca"))


def _admitted(broker: Broker, username: str, password: str) -> bool:
    try:
        with Probe(broker.access.port, username, password):
            return True
    except Refused:
        return False
