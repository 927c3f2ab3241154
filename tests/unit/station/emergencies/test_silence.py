"""Silence for the whole commune."""

import pytest

from broadcaster.errors import LoaError
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import silence as emergencies
from broadcaster.station.rules import stop_all
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def test_silence_lasts_until_two_people_lift_it(database: Database, commune: Commune) -> None:
    with database.session() as s:
        emergencies.silence(s, by=commune.approver, reason="Loa bị chiếm quyền.", now_at=NOW)
    with database.session() as s:
        emergencies.ask_to_lift(s, by=commune.approver, now_at=NOW)
    with pytest.raises(LoaError), database.session() as s:
        emergencies.lift(s, by=commune.approver, now_at=NOW)
    with database.reading() as s:
        assert stop_all.in_force(s) is not None
    with database.session() as s:
        emergencies.lift(s, by=commune.administrator, now_at=NOW)
    with database.reading() as s:
        assert stop_all.in_force(s) is None
