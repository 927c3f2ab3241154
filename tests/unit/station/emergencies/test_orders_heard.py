"""Each of the two names what was heard: a text edited between hearing and pressing is refused."""

import pytest

from broadcaster.errors import Conflict, Invalid
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Announcement
from tests.rig.commune import Commune, approved, declare
from tests.unit.station.emergencies.test_orders import ask, confirm, edit

pytestmark = pytest.mark.integration


@pytest.fixture
def storm(database: Database, commune: Commune) -> Announcement:
    return approved(database, commune, broadcast_class="emergency", title="Cảnh báo bão")


def test_a_text_edited_between_hearing_and_ordering_is_refused(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    heard = storm.content_hash
    edit(database, commune, storm)
    with pytest.raises(Conflict, match=r"emergency\.changed_since_heard") as caught:
        ask(database, storm, commune.officer, heard=heard)
    assert caught.value.field == "content_hash"
    assert ask(database, storm, commune.officer).content_hash != heard


def test_a_declaration_of_one_person_carries_what_was_heard_too(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    declare(database, commune)
    heard = storm.content_hash
    edit(database, commune, storm)
    with pytest.raises(Conflict, match=r"emergency\.changed_since_heard"):
        ask(database, storm, commune.officer, heard=heard, reason="Gió mạnh lên.")


def test_who_confirms_must_have_heard_what_was_ordered(
    database: Database, commune: Commune, storm: Announcement
) -> None:
    older = storm.content_hash or ""
    edit(database, commune, storm)
    order = ask(database, storm, commune.officer)
    with pytest.raises(Conflict, match=r"emergency\.changed_since_heard"):
        confirm(database, order, commune.approver, heard=older)
    assert confirm(database, order, commune.approver).content_hash == order.content_hash


def test_neither_word_counts_without_what_was_heard(database: Database, commune: Commune, storm: Announcement) -> None:
    with pytest.raises(Invalid, match=r"emergency\.hash_missing") as caught:
        ask(database, storm, commune.officer, heard="")
    assert caught.value.field == "content_hash"
    order = ask(database, storm, commune.officer)
    with pytest.raises(Invalid, match=r"emergency\.hash_missing"):
        confirm(database, order, commune.approver, heard="")
