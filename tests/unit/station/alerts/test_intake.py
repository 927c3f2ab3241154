"""Warnings come in: what is prepared of them, what is only noted, what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.errors import Conflict, Invalid, NotAllowed
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.alerts import intake, proposals, sources
from broadcaster.station.announcements import announcements
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.schema import AlertSource, Announcement, Broadcast, Node, ReceivedAlert
from broadcaster.station.vocabulary.states import AlertOutcome, AnnouncementState
from tests.rig.alerts.warnings import AREA, INFO, Signer, document
from tests.rig.commune import Commune, render

pytestmark = pytest.mark.integration
SERVICE, STRANGER = Signer(), Signer("Người lạ")
AT = datetime(2026, 11, 30, 13, 5, tzinfo=UTC)
"""Five minutes after the warning was sent."""
UNKNOWN = "kttv@example.org,X-9,2026-11-30T19:00:00+07:00"
ITSELF = "kttv@example.org,VN-2026-1130-01,2026-11-30T20:00:00+07:00"


@pytest.fixture
def source(database: Database, commune: Commune) -> AlertSource:
    with database.session() as s:
        for node, latitude, longitude in ((commune.strong, 22.1, 105.9), (commune.weak, 22.5, 106.5)):
            current = s.get_one(Node, node.id)
            current.latitude, current.longitude = latitude, longitude
        made, _ = sources.add(s, name="Đài KTTV", certificate=SERVICE.pem, by=commune.administrator, now_at=AT)
        return made


def take(database: Database, source: AlertSource, given: bytes, *, now_at: datetime = AT) -> ReceivedAlert:
    with database.session() as s:
        return intake.take(s, source=sources.get(s, source.id), document=given, now_at=now_at)


def signed(database: Database, source: AlertSource, *, now_at: datetime = AT, **more: str) -> ReceivedAlert:
    return take(database, source, SERVICE.sign(document(**more)), now_at=now_at)


def announcement(database: Database, row: ReceivedAlert) -> Announcement:
    assert row.announcement_id
    with database.reading() as s:
        return announcements.get(s, row.announcement_id)


def carry_on(database: Database, now_at: datetime = AT) -> None:
    with database.session() as s:
        proposals.carry_on(s, now_at=now_at)


def again(database: Database, row: ReceivedAlert) -> ReceivedAlert:
    with database.reading() as s:
        return s.get_one(ReceivedAlert, row.id)


def by_two(database: Database, commune: Commune, row: ReceivedAlert) -> Broadcast:
    """Both people order what was prepared."""
    with database.session() as s:
        current = announcements.get(s, row.announcement_id or "")
        heard = current.content_hash or ""
        follows = s.get(Broadcast, row.follows_id) if row.follows_id else None
        wanted = EmergencyRequest(announcement=current, drill=row.drill, heard=heard, follows=follows)
        order = orders.ask(s, wanted, by=commune.officer, now_at=AT)
        orders.confirm(s, order=order, drill=row.drill, heard=heard, by=commune.approver, now_at=AT)
        return s.get_one(Broadcast, order.broadcast_id)


def test_a_signed_warning_is_a_prepared_order_in_its_hamlet_with_class_and_words(
    database: Database, source: AlertSource
) -> None:
    area = AREA.replace("Xã Côn Minh, tỉnh Thái Nguyên", "Vùng ven suối")
    row = signed(database, source, area=area)
    assert (row.outcome, row.zones, row.reason) == (AlertOutcome.PREPARED, ["ban-cuon"], None)
    made = announcement(database, row)
    assert made.broadcast_class is BroadcastClass.EMERGENCY
    assert made.state is AnnouncementState.DRAFT
    assert [zone.id for zone in made.zones] == ["ban-cuon"]
    assert made.text.startswith("CẢNH BÁO LŨ QUÉT. Mưa rất to")
    assert "http" not in made.text
    assert not made.drill


def test_nothing_sounds_before_two_people_say_so(database: Database, commune: Commune, source: AlertSource) -> None:
    row = signed(database, source)
    render(database)
    carry_on(database)
    with database.reading() as s:
        assert s.query(Broadcast).count() == 0
    broadcast = by_two(database, commune, row)
    assert {each.node_id for each in broadcast.deliveries} == {"ban-cuon", "lung-pang"}, "the commune is named"
    carry_on(database)
    assert again(database, row).outcome is AlertOutcome.ORDERED


def test_an_exercise_is_a_drill(database: Database, source: AlertSource) -> None:
    made = announcement(database, signed(database, source, status="Exercise"))
    assert made.drill
    assert made.text.startswith("Đây là diễn tập.")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"status": "Test"}, "alert.not_for_people"),
        ({"status": "Draft"}, "alert.not_for_people"),
        ({"scope": "Public", "status": "System"}, "alert.not_for_people"),
        ({"area": AREA.replace("22.", "12.").replace("Xã Côn Minh, tỉnh Thái Nguyên", "Đắk Lắk")}, "alert.elsewhere"),
        ({"infos": INFO.format(area=AREA).replace("2026-12-01T05", "2026-11-30T20")}, "alert.expired"),
        ({"infos": INFO.format(area=AREA).replace("Immediate", "Past")}, "alert.past"),
        ({"message_type": "Cancel", "references": UNKNOWN}, "alert.nothing_to_end"),
    ],
)  # fmt: skip
def test_what_asks_for_nothing_is_noted_with_its_reason(
    database: Database, source: AlertSource, more: dict[str, str], code: str
) -> None:
    row = signed(database, source, **more)  # type: ignore[arg-type]
    assert row.outcome is AlertOutcome.IGNORED
    assert row.reason
    assert row.reason.code == code
    assert row.announcement_id is None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (document(), "cap.unsigned"),
        (STRANGER.sign(document()), "cap.signature_wrong"),
        (b"<alert/>", "cap.not_an_alert"),
        (SERVICE.sign(document(sent="2026-11-30T23:00:00+07:00")), "alert.from_future"),
    ],
)
def test_what_cannot_be_trusted_is_refused_with_its_reason(
    database: Database, source: AlertSource, given: bytes, code: str
) -> None:
    if code == "cap.not_an_alert":
        given = SERVICE.sign(document()).replace(b"cap:1.2", b"cap:1.1")
        code = "cap.signature_wrong"
    row = take(database, source, given)
    assert row.outcome is AlertOutcome.REFUSED
    assert row.reason
    assert row.reason.code == code


def test_the_same_message_is_taken_once_and_another_of_its_name_is_refused(
    database: Database, source: AlertSource
) -> None:
    given = SERVICE.sign(document())
    assert take(database, source, given).id == take(database, source, given).id
    other = signed(database, source, infos=INFO.format(area=AREA).replace("ven suối", "nhà"))
    assert other.reason
    assert other.reason.code == "alert.identifier_used"


def test_an_update_replaces_what_was_only_prepared(database: Database, source: AlertSource) -> None:
    first = signed(database, source)
    second = signed(database, source, identifier="VN-2", message_type="Update", references=ITSELF)
    assert again(database, first).outcome is AlertOutcome.REPLACED
    assert announcement(database, first).state is AnnouncementState.WITHDRAWN
    assert second.outcome is AlertOutcome.PREPARED
    assert second.follows_id is None


def test_nobody_speaks_about_the_messages_of_another_source(
    database: Database, commune: Commune, source: AlertSource
) -> None:
    first = signed(database, source)
    with database.session() as s:
        other, _ = sources.add(s, name="Huyện", certificate=STRANGER.pem, by=commune.administrator, now_at=AT)
    cancel = document(identifier="X", message_type="Cancel", references=ITSELF)
    row = take(database, other, STRANGER.sign(cancel))
    assert row.reason
    assert row.reason.code == "alert.nothing_to_end"
    assert again(database, first).outcome is AlertOutcome.PREPARED


def test_an_update_of_what_sounds_corrects_it_and_a_cancel_proposes_the_all_clear(
    database: Database, commune: Commune, source: AlertSource
) -> None:
    first = signed(database, source)
    render(database)
    broadcast = by_two(database, commune, first)
    second = signed(database, source, identifier="VN-2", message_type="Update", references=ITSELF)
    assert second.follows_id == broadcast.id
    cancel = signed(database, source, identifier="VN-3", message_type="Cancel", references=ITSELF)
    made = announcement(database, cancel)
    assert (cancel.outcome, made.phrase) == (AlertOutcome.PREPARED, "all_clear")
    assert cancel.follows_id == broadcast.id
    assert {zone.id for zone in made.zones} == set(first.zones)
    render(database)
    ended = by_two(database, commune, cancel)
    assert ended.state.value in ("scheduled", "on_air")


def test_a_cancel_of_what_was_only_prepared_withdraws_it(database: Database, source: AlertSource) -> None:
    first = signed(database, source)
    signed(database, source, identifier="VN-3", message_type="Cancel", references=ITSELF)
    assert announcement(database, first).state is AnnouncementState.WITHDRAWN


def test_what_nobody_ordered_in_time_is_withdrawn(database: Database, source: AlertSource) -> None:
    row = signed(database, source)
    carry_on(database, AT + timedelta(hours=12))
    assert again(database, row).outcome is AlertOutcome.EXPIRED
    assert announcement(database, row).state is AnnouncementState.WITHDRAWN


def test_a_lesser_warning_goes_to_the_approvers_once_it_can_be_heard(database: Database, source: AlertSource) -> None:
    row = signed(database, source, infos=INFO.format(area=AREA).replace("Extreme", "Moderate"))
    carry_on(database)
    assert announcement(database, row).state is AnnouncementState.DRAFT
    render(database)
    carry_on(database)
    made = announcement(database, row)
    assert (made.broadcast_class, made.state) == (BroadcastClass.PRIORITY, AnnouncementState.PENDING_APPROVAL)


def test_a_warning_in_another_language_waits_for_people_and_says_so(database: Database, source: AlertSource) -> None:
    row = signed(database, source, infos=INFO.format(area=AREA).replace("vi-VN", "en-US"))
    assert row.outcome is AlertOutcome.PREPARED
    assert row.reason
    assert row.reason.code == "alert.not_vietnamese"


def test_a_place_nobody_can_draw_means_the_whole_commune(database: Database, source: AlertSource) -> None:
    row = signed(database, source, area="<area><areaDesc>các tỉnh miền núi phía Bắc</areaDesc></area>")
    assert row.zones == ["con-minh"]


def test_a_source_needs_an_administrator_and_a_certificate(database: Database, commune: Commune) -> None:
    with database.session() as s, pytest.raises(NotAllowed):
        sources.add(s, name="Đài", certificate=SERVICE.pem, by=commune.approver, now_at=AT)
    with database.session() as s, pytest.raises(Invalid, match=r"cap\.certificate_malformed"):
        sources.add(s, name="Đài", certificate="xin chào", by=commune.administrator, now_at=AT)
    with database.session() as s, pytest.raises(Invalid, match=r"alert\.url_malformed"):
        sources.add(s, name="Đài", certificate=SERVICE.pem, url="file:///etc", by=commune.administrator, now_at=AT)


def test_from_a_closed_source_nothing_is_taken(database: Database, commune: Commune, source: AlertSource) -> None:
    with database.session() as s:
        sources.close(s, source=sources.get(s, source.id), by=commune.administrator, now_at=AT)
    with pytest.raises(Conflict, match=r"alert\.source_closed"):
        signed(database, source)


def test_refused_messages_do_not_fill_the_disk(
    database: Database, source: AlertSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_REFUSED", 5)
    for number in range(8):
        take(database, source, f"rác {number}".encode(), now_at=AT + timedelta(seconds=number))
    with database.reading() as s:
        assert s.query(ReceivedAlert).count() == 5


def test_old_names_and_codes_of_the_commune_are_known(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        known = {place.id: place for place in intake.places(s)}
    assert "hảo nghĩa" in known["con-minh"].names
    assert known["ban-cuon"].within == {"con-minh"}
