"""The book of a new station fills itself while the station runs."""

import threading

import pytest

from broadcaster.errors import Unavailable
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import phrasebook
from broadcaster.station.upkeep.ready_texts import ReadyTextsThread
from tests.rig.commune import NOW, Commune

pytestmark = pytest.mark.integration


def test_the_texts_are_there_after_one_look(database: Database, commune: Commune) -> None:
    assert ReadyTextsThread(database, lambda: NOW).look()
    with database.reading() as s:
        assert len(phrasebook.book(s)) == len(phrasebook.shipped())


def test_a_database_that_does_not_answer_is_asked_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object, **__: object) -> bool:
        raise Unavailable("database.busy")

    monkeypatch.setattr(phrasebook, "ship", locked)
    assert not ReadyTextsThread(database, lambda: NOW).look()


def test_it_ends_when_told(database: Database) -> None:
    stop = threading.Event()
    stop.set()
    ReadyTextsThread(database, lambda: NOW).run(stop)
