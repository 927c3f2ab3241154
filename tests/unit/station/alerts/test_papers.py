"""A warning pasted as a paper becomes a prepared order, as a signed message does; it never sounds by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from broadcaster.errors import Invalid, NotAllowed
from broadcaster.protocol.values import BroadcastClass
from broadcaster.station.alerts import allowances, papers, proposals
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders
from broadcaster.station.emergencies.guards import EmergencyRequest
from broadcaster.station.schema import Announcement, Broadcast, Person, ReceivedAlert
from broadcaster.station.units import units
from broadcaster.station.vocabulary.states import AlertOutcome, AnnouncementState, Origin
from broadcaster.text.papers import announcement as said_of
from broadcaster.text.papers import read_paper
from broadcaster.text.warnings import warning_in
from tests.rig.commune import Commune, render

pytestmark = pytest.mark.integration
AT = datetime(2026, 9, 10, 3, 0, tzinfo=UTC)
"""Ten in the morning in Vietnam."""
STORM = """ĐÀI KHÍ TƯỢNG THỦY VĂN KHU VỰC VIỆT BẮC
TIN BÃO KHẨN CẤP (CƠN BÃO SỐ 9)
Bão số 9 đang tiến vào đất liền.
Cấp độ rủi ro thiên tai: cấp 4.
Tin phát lúc 9h00 ngày 10/9/2026. Tin tiếp theo lúc 15h00 cùng ngày.
"""
RAIN = """TIN CẢNH BÁO MƯA LỚN
Từ trưa nay, các bản Bản Cuôn, Nà Lìu có mưa to.
Cấp độ rủi ro thiên tai do mưa lớn: cấp 2.
Tin phát lúc 9h00 ngày 10/9/2026. Trong 12 giờ tới còn mưa.
"""
LAST = "TIN CUỐI CÙNG VỀ CƠN BÃO SỐ 9\nBão số 9 đã tan. Bà con có thể về nhà.\nTin phát lúc 9h30 ngày 10/9/2026."


def pasted(text: str) -> papers.PastedWarning:
    paper = read_paper(text, today=AT.date())
    warning = warning_in(paper, today=AT.date())
    assert warning is not None
    return papers.PastedWarning(paper, warning, said_of(paper))


def take(database: Database, text: str, by: Person, *, now_at: datetime = AT) -> ReceivedAlert:
    with database.session() as s:
        return papers.take(s, pasted(text), by=by, now_at=now_at)


def announcement(database: Database, row: ReceivedAlert) -> Announcement:
    with database.reading() as s:
        return announcements.get(s, row.announcement_id or "")


def again(database: Database, row: ReceivedAlert) -> ReceivedAlert:
    with database.reading() as s:
        return s.get_one(ReceivedAlert, row.id)


def ordered(database: Database, commune: Commune, row: ReceivedAlert, *, seen: bool = True) -> Broadcast:
    """seen: whether the station looked at it since."""
    render(database)
    with database.session() as s:
        current = announcements.get(s, row.announcement_id or "")
        heard = current.content_hash or ""
        follows = s.get(Broadcast, row.follows_id) if row.follows_id else None
        wanted = EmergencyRequest(announcement=current, drill=row.drill, heard=heard, follows=follows)
        order = orders.ask(s, wanted, by=commune.officer, now_at=AT)
        orders.confirm(s, order=order, drill=row.drill, heard=heard, by=commune.approver, now_at=AT)
    with database.session() as s:
        if seen:
            proposals.carry_on(s, now_at=AT)
        chosen = [each for each in s.query(Broadcast) if each.announcement_id == row.announcement_id]
        return chosen[0]


def test_a_storm_is_prepared_as_an_emergency_for_the_whole_commune(database: Database, commune: Commune) -> None:
    row = take(database, STORM, commune.officer)
    written = announcement(database, row)
    assert row.outcome is AlertOutcome.PREPARED
    assert written.broadcast_class is BroadcastClass.EMERGENCY
    assert [zone.id for zone in written.zones] == ["con-minh"]
    assert written.text.startswith("TIN BÃO KHẨN CẤP (CƠN BÃO SỐ 9)\nBão số 9 đang tiến vào đất liền.")
    assert written.valid_until_at == datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
    assert written.created_by_id == commune.officer.id
    assert row.source.name == papers.NAME
    assert written.origin is Origin.PAPER


def test_nobody_can_let_it_sound_by_itself(database: Database, commune: Commune) -> None:
    row = take(database, STORM, commune.officer)
    render(database)
    with database.session() as s:
        proposals.carry_on(s, now_at=AT)
        assert allowances.in_force(s, again(database, row).source, drill=False) is None
        assert s.query(Broadcast).count() == 0
    assert again(database, row).outcome is AlertOutcome.PREPARED


def test_a_lesser_one_goes_to_the_approvers_for_the_hamlets_it_names(database: Database, commune: Commune) -> None:
    row = take(database, RAIN, commune.approver)
    render(database)
    with database.session() as s:
        proposals.carry_on(s, now_at=AT)
    written = announcement(database, row)
    assert written.broadcast_class is BroadcastClass.PRIORITY
    assert [zone.id for zone in written.zones] == ["ban-cuon"]
    assert written.state is AnnouncementState.PENDING_APPROVAL
    with database.session() as s:
        current = announcements.get(s, written.id)
        heard = current.content_hash or ""
        with pytest.raises(NotAllowed):  # whoever pasted it wrote it
            approvals.approve(s, announcement=current, content_hash=heard, by=commune.approver, now_at=AT)


def test_the_next_warning_of_the_same_storm_replaces_what_waits(database: Database, commune: Commune) -> None:
    first = take(database, STORM, commune.officer)
    other = take(database, RAIN, commune.officer)
    second = take(database, STORM.replace("đang tiến vào", "đã đổ bộ lên"), commune.officer)
    assert again(database, first).outcome is AlertOutcome.REPLACED
    assert announcement(database, first).state is AnnouncementState.WITHDRAWN
    assert again(database, other).outcome is AlertOutcome.PREPARED
    assert again(database, second).outcome is AlertOutcome.PREPARED


def test_the_next_warning_corrects_what_sounds_and_the_last_one_proposes_its_end(
    database: Database, commune: Commune
) -> None:
    sounded = ordered(database, commune, take(database, STORM, commune.officer))
    second = take(database, STORM.replace("đang tiến vào", "đã đổ bộ lên"), commune.officer)
    last = take(database, LAST, commune.officer)
    assert second.follows_id == sounded.id
    assert last.follows_id == sounded.id
    assert again(database, second).outcome is AlertOutcome.REPLACED
    assert "Bà con có thể về nhà." in announcement(database, last).text
    assert announcement(database, last).phrase == "all_clear"


def test_a_last_warning_of_what_never_sounded_withdraws_what_waits(database: Database, commune: Commune) -> None:
    first = take(database, STORM, commune.officer)
    last = take(database, LAST, commune.officer)
    assert again(database, first).outcome is AlertOutcome.REPLACED
    assert (last.outcome, last.reason and last.reason.code) == (AlertOutcome.IGNORED, "alert.nothing_to_end")


def test_the_same_paper_pressed_twice_is_one_order(database: Database, commune: Commune) -> None:
    assert take(database, STORM, commune.officer).id == take(database, STORM, commune.approver).id


def test_what_is_over_or_of_tomorrow_is_prepared_by_nobody(database: Database, commune: Commune) -> None:
    late = take(database, STORM, commune.officer, now_at=AT + timedelta(hours=6))
    assert (late.outcome, late.reason and late.reason.code) == (AlertOutcome.IGNORED, "alert.expired")
    with pytest.raises(Invalid, match=r"alert\.from_future"):
        take(database, STORM, commune.officer, now_at=AT - timedelta(hours=3))


def test_a_drill_is_prepared_as_a_drill(database: Database, commune: Commune) -> None:
    row = take(database, STORM.replace("(CƠN BÃO SỐ 9)", "(DIỄN TẬP)"), commune.officer)
    written = announcement(database, row)
    assert (row.drill, written.drill) == (True, True)
    assert written.text.startswith("Đây là diễn tập. ")


@pytest.mark.parametrize("who", ["hamlet_head", "viewer", "administrator"])
def test_only_who_may_write_for_the_commune_prepares_it(database: Database, commune: Commune, who: str) -> None:
    with pytest.raises(NotAllowed):
        take(database, STORM, getattr(commune, who))


def test_what_a_press_would_prepare_is_shown_before_it(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        shown = papers.propose(s, pasted(STORM), by=commune.officer, now_at=AT)
        assert papers.propose(s, pasted(STORM), by=commune.hamlet_head, now_at=AT) is None
    assert shown is not None
    assert (shown.broadcast_class, shown.follows, shown.final) == (BroadcastClass.EMERGENCY, False, False)
    assert [zone.id for zone in shown.zones] == ["con-minh"]
    take(database, STORM, commune.officer)
    with database.reading() as s:
        after = papers.propose(s, pasted(LAST), by=commune.officer, now_at=AT)
    assert after is not None
    assert after.follows


def test_words_that_only_look_like_a_hamlet_are_none_and_an_address_is_its_hamlet(
    database: Database, commune: Commune
) -> None:
    with database.session() as s:
        units.add_unit(s, name="Trung Tâm", kind="hamlet", parent_id="con-minh", now_at=AT)
    nobody = "TIN LŨ\nTheo Trung tâm Dự báo Khí tượng, nước lên.\nCấp độ rủi ro thiên tai: cấp 3."
    assert take(database, nobody, commune.officer).zones == ["con-minh"]
    address = RAIN.replace("các bản Bản Cuôn, Nà Lìu", "thôn Bản Cuôn, xã Côn Minh")
    assert take(database, address, commune.officer).zones == ["ban-cuon"]


def test_an_hour_without_a_day_that_is_still_to_come_was_yesterday_s(database: Database, commune: Commune) -> None:
    row = take(database, "TIN LŨ\nNước lên.\nTin phát lúc 22h15.", commune.officer)
    assert (row.outcome, row.sent_at) == (AlertOutcome.PREPARED, datetime(2026, 9, 9, 15, 15, tzinfo=UTC))


def test_an_order_given_a_moment_ago_stays_ordered(database: Database, commune: Commune) -> None:
    first = take(database, STORM, commune.officer)
    ordered(database, commune, first, seen=False)
    take(database, STORM.replace("đang tiến vào", "đã đổ bộ lên"), commune.officer)
    assert again(database, first).outcome is AlertOutcome.ORDERED
