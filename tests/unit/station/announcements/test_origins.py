"""Announcements that come from above keep whose they are and the class they were sent in."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from broadcaster.errors import Invalid
from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Announcement, AuditEntry
from broadcaster.station.schema.announcement_fields import AnnouncementFields, fields_of
from broadcaster.station.vocabulary.states import Origin
from tests.rig.commune import NOW, Commune, write

pytestmark = pytest.mark.integration
NUMBER = "174/CĐ-TTg"


def received(database: Database, commune: Commune, **more: object) -> Announcement:
    """A priority announcement of the province, taken in by the officer."""
    wanted = {"origin": "province", "document_number": NUMBER, "broadcast_class": "priority", **more}
    with database.session() as s:
        return announcements.create(
            s,
            AnnouncementFields(title="Công điện", text="Chủ động ứng phó mưa lũ.", zones=["con-minh"], **wanted),
            by=commune.officer,
            now_at=NOW,
        )


def edit(database: Database, commune: Commune, announcement: Announcement, **changed: object) -> Announcement:
    with database.session() as s:
        current = announcements.get(s, announcement.id)
        revision = current.revision
        return announcements.edit(
            s, current, replace(fields_of(current), **changed), revision=revision, by=commune.officer, now_at=NOW
        )


def test_what_the_commune_writes_is_the_communes(database: Database, commune: Commune) -> None:
    own = write(database, commune.officer)
    assert (own.origin, own.sent_class, own.document_number) == (Origin.COMMUNE, None, None)


def test_an_announcement_from_above_keeps_its_sender_number_and_class(database: Database, commune: Commune) -> None:
    made = received(database, commune, document_number=f"  {NUMBER}\n")
    assert (made.origin, made.document_number, made.sent_class) == (Origin.PROVINCE, NUMBER, "priority")
    assert made.created_by_id == commune.officer.id


def test_its_class_is_not_lowered_without_a_reason(database: Database, commune: Commune) -> None:
    made = received(database, commune)
    with pytest.raises(Invalid, match=r"announcement\.class_lowered sent=\(class\.priority\)") as caught:
        edit(database, commune, made, broadcast_class="routine")
    assert caught.value.field == "class_reason"
    lowered = edit(database, commune, made, broadcast_class="routine", class_reason="Xã đã phát tin này hôm qua.")
    assert (lowered.broadcast_class, lowered.sent_class) == ("routine", "priority")
    with database.reading() as s:
        last = s.scalars(select(AuditEntry).order_by(AuditEntry.number.desc()).limit(1)).one()
    assert last.details["class_reason"] == "Xã đã phát tin này hôm qua."
    assert last.details["document"] == NUMBER


def test_its_class_may_rise_and_the_reason_goes_with_what_it_explained(database: Database, commune: Commune) -> None:
    made = received(database, commune)
    edit(database, commune, made, broadcast_class="routine", class_reason="Đã phát.")
    again = edit(database, commune, made, broadcast_class="emergency")
    assert (again.broadcast_class, again.sent_class, again.class_reason) == ("emergency", "priority", None)


def test_it_cannot_be_passed_off_as_the_communes_own(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid, match=r"announcement\.origin_from_above") as caught:
        edit(database, commune, received(database, commune), origin="commune")
    assert caught.value.field == "origin"


def test_it_may_be_said_later_whose_it_is(database: Database, commune: Commune) -> None:
    made = edit(database, commune, write(database, commune.officer), origin="central", document_number="9/TB")
    assert (made.origin, made.sent_class) == (Origin.CENTRAL, "routine")


def test_an_origin_nobody_knows_is_refused(database: Database, commune: Commune) -> None:
    with pytest.raises(Invalid) as caught:
        received(database, commune, origin="district")
    assert caught.value.field == "origin"
