"""An emergency of the province or the centre, ordered by the commune that took it in."""

from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import order_records as emergency_records
from broadcaster.station.schema import Announcement, Broadcast
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from tests.rig.commune import NOW, Commune, render
from tests.unit.station.emergencies.test_orders import ask, confirm


def from_above(database: Database, commune: Commune, **more: object) -> Announcement:
    """A new emergency text of the province, taken in by the officer; nobody here approved it."""
    with database.session() as s:
        made = announcements.create(
            s,
            AnnouncementFields(
                title="Xả lũ khẩn cấp",
                text="Hồ thủy điện xả lũ, bà con rời bờ suối ngay.",
                zones=["con-minh"],
                broadcast_class="emergency",
                **{"origin": "province", "document_number": "12/CĐ-UBND", **more},
            ),
            by=commune.officer,
            now_at=NOW,
        )
    render(database)
    with database.reading() as s:
        return announcements.get(s, made.id)


def test_an_emergency_of_the_province_sounds_at_once_when_another_than_who_took_it_in_orders_it(
    database: Database, commune: Commune
) -> None:
    order = ask(database, from_above(database, commune), commune.administrator)
    assert order.mode == "relayed"
    with database.reading() as s:
        made = s.get_one(Broadcast, order.broadcast_id)
        assert (made.origin, made.document_number) == ("province", "12/CĐ-UBND")
    with database.session() as s:
        assert [each.id for each in emergency_records.open_orders(s, now_at=NOW)] == [order.id]
        emergency_records.review(s, order=order, words="Đúng công điện.", by=commune.approver, now_at=NOW)
        assert emergency_records.open_orders(s, now_at=NOW) == []


def test_who_took_it_in_cannot_sound_it_alone(database: Database, commune: Commune) -> None:
    order = ask(database, from_above(database, commune), commune.officer)
    assert order.broadcast_id is None
    assert confirm(database, order, commune.approver).title == "Xả lũ khẩn cấp"


def test_without_the_number_of_its_paper_it_is_as_any_other_text(database: Database, commune: Commune) -> None:
    assert ask(database, from_above(database, commune, document_number=""), commune.approver).broadcast_id is None
