"""Nodes that are added and taken out of service while everything runs."""

import pytest

from broadcaster.delivery.service import DeliveryService
from tests.integration.delivery.commune import Commune
from tests.integration.delivery.probe import Refused, eventually

pytestmark = pytest.mark.integration


def test_a_revoked_node_is_cut_off_within_seconds(commune: Commune, delivery: DeliveryService) -> None:
    with commune.virtual_node("lung-pang", delivery.broker.access.port) as virtual_node:
        commune.revoke("lung-pang")
        assert virtual_node.lost.wait(60)
    with pytest.raises(Refused), commune.virtual_node("lung-pang", delivery.broker.access.port):
        pass


def test_a_new_node_gets_in_and_gets_its_agenda_without_a_restart(commune: Commune, delivery: DeliveryService) -> None:
    commune.add_node("na-ca")

    def follows() -> bool:
        try:
            with commune.virtual_node("na-ca", delivery.broker.access.port) as virtual_node:
                virtual_node.follow()
                eventually(lambda: len(virtual_node.agendas()) == 1)
                return True
        except Refused:
            return False

    eventually(follows, seconds=10)
