"""The lines of the broadcast log, read from the database bit by bit."""

import pytest
from sqlalchemy import event

from broadcaster.station.broadcasts import broadcasts
from broadcaster.station.database.engine import Database
from broadcaster.station.records import log
from broadcaster.station.records.log import LogFilter
from broadcaster.station.vocabulary.states import BroadcastState
from tests.rig.commune import NOW, Commune, approved

pytestmark = pytest.mark.integration


def order(database: Database, commune: Commune, title: str) -> None:
    announcement = approved(database, commune, title=title)
    with database.session() as s:
        broadcasts.broadcast_now(s, announcement=announcement, by=commune.officer, now_at=NOW)


def test_one_question_gives_all_of_them_however_many_broadcasts_there_are(database: Database, commune: Commune) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *facts: asked.append(facts[2]))
    for title in ("Tiêm phòng", "Họp thôn"):
        order(database, commune, title)
        asked.clear()
        with database.reading() as s:
            found = [
                (broadcast.title, delivery.state.value, node.name)
                for broadcast, delivery, node in log.lines(s, LogFilter(state=BroadcastState.SCHEDULED))
            ]
        assert len([each for each in asked if each.startswith("SELECT")]) == 1
        assert sorted(node for of, _, node in found if of == title) == ["Bản Cuôn", "Lủng Pảng"]
