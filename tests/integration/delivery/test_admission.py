"""Poles that are added and taken out of service while everything runs."""

import pytest

from broadcaster.delivery.service import Delivery
from tests.integration.delivery.commune import Commune
from tests.integration.delivery.probe import Refused, eventually

pytestmark = pytest.mark.integration


def test_a_revoked_pole_is_cut_off_within_seconds(commune: Commune, delivery: Delivery) -> None:
    with commune.pole("lung-pang", delivery.broker.access.port) as pole:
        commune.revoke("lung-pang")
        assert pole.lost.wait(10)
    with pytest.raises(Refused), commune.pole("lung-pang", delivery.broker.access.port):
        pass


def test_a_new_pole_gets_in_and_gets_its_agenda_without_a_restart(commune: Commune, delivery: Delivery) -> None:
    commune.add_node("na-ca")

    def follows() -> bool:
        try:
            with commune.pole("na-ca", delivery.broker.access.port) as pole:
                pole.follow()
                eventually(lambda: len(pole.agendas()) == 1)
                return True
        except Refused:
            return False

    eventually(follows, seconds=10)
