"""Who is called of what, when, and what becomes of each message."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from broadcaster.errors import Conflict, NotFound
from broadcaster.refusals.reasons import Reason
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.database.engine import Database
from broadcaster.station.emergencies import orders
from broadcaster.station.matters import matters
from broadcaster.station.matters.findings import MatterFinding, findings
from broadcaster.station.notices import channels, deputies, events, history, sendings, sharing
from broadcaster.station.notices.channels import NewChannel
from broadcaster.station.notices.sealing import Sealer
from broadcaster.station.notices.sendings import ClaimedSending, SendingTrouble
from broadcaster.station.people import people
from broadcaster.station.schema import (
    Announcement,
    EmergencyOrder,
    Notice,
    NoticeChannel,
    NoticeSending,
    Person,
)
from broadcaster.station.vocabulary.notices import ChannelKind, NoticeKind, SendingState
from tests.rig import commune as rig
from tests.rig.commune import NOW, Commune

SEALER = Sealer(b"k" * 32)
PLACES = dict.fromkeys(ChannelKind, 5)
NO_ANSWER = SendingTrouble(Reason("notice.no_answer"))


def paired(database: Database, person: Person, target: str = "https://ngoai.test/nhan") -> str:
    """A channel of this person that is in use; its id."""
    wanted = NewChannel(kind=ChannelKind.WEBHOOK, typed=target, base_url="http://loa.test/", language="vi")
    with database.session() as s:
        made, _secret = channels.add(s, wanted, by=s.get_one(Person, person.id), sealer=SEALER, now_at=NOW)
        s.flush()
        code = SEALER.open(made.code_sealed or "")
        assert channels.confirm(s, made, code, by=person, sealer=SEALER, now_at=NOW)
        s.execute(update(NoticeSending).where(NoticeSending.channel_id == made.id).values(state=SendingState.SENT))
        return made.id


def second_approver(database: Database) -> Person:
    with database.session() as s:
        return people.add_person(
            s,
            username="phochutich",
            full_name="Lý Thị Mai",
            password="mat-khau-cua-toi",
            roles=[("con-minh", "approver")],
            by=None,
            now_at=NOW,
        )[0]


def submitted(database: Database, commune: Commune, **draft: object) -> Announcement:
    made = rig.write(database, commune.officer, **draft)
    rig.render(database)
    with database.session() as s:
        approvals.submit(s, announcement=made, by=commune.officer, now_at=NOW)
    return made


def called(database: Database, *, now_at: datetime = NOW) -> list[tuple[str, str, int]]:
    """Kind, username and round of every message that waits, after sharing."""
    with database.session() as s:
        sharing.share(s, now_at=now_at)
    with database.reading() as s:
        rows = s.scalars(select(NoticeSending).where(NoticeSending.state == SendingState.WAITING)).unique()
        return sorted((each.notice.kind.value, each.channel.person.username, each.round) for each in rows)


def claim(database: Database, *, now_at: datetime = NOW, busy: Iterable[str] = ()) -> list[ClaimedSending]:
    with database.session() as s:
        return sendings.claim(s, places=PLACES, busy=set(busy), now_at=now_at)


def test_who_may_approve_is_called_and_who_wrote_is_not(database: Database, commune: Commune) -> None:
    for person in (commune.approver, commune.officer, commune.viewer, commune.administrator):
        paired(database, person)
    submitted(database, commune)
    assert called(database) == [("approval_waits", "chutich", 0)]


def test_what_is_refused_with_its_transaction_calls_nobody(database: Database, commune: Commune) -> None:
    made = rig.write(database, commune.officer)
    with database.session() as s, pytest.raises(Conflict):
        approvals.submit(s, announcement=made, by=commune.officer, now_at=NOW)
    with database.reading() as s:
        assert s.scalars(select(Notice)).all() == []


def test_what_is_urgent_is_said_again_after_ten_minutes_and_to_the_deputy(database: Database, commune: Commune) -> None:
    deputy = second_approver(database)
    for person in (commune.approver, deputy):
        paired(database, person)
    with database.session() as s:
        deputies.choose(s, person=s.get_one(Person, commune.approver.id), deputy_id=deputy.id, now_at=NOW)
    submitted(database, commune, broadcast_class="priority")
    assert called(database) == [("approval_waits", "chutich", 0)]
    first = [("approval_waits", "chutich", 0)]
    assert called(database, now_at=NOW + timedelta(minutes=9)) == first
    again = [*first, ("approval_waits", "chutich", 1), ("approval_waits", "phochutich", 1)]
    assert called(database, now_at=NOW + timedelta(minutes=10)) == again
    assert called(database, now_at=NOW + timedelta(minutes=30)) == again


def test_the_deputy_of_somebody_without_a_channel_is_called_at_once(database: Database, commune: Commune) -> None:
    deputy = second_approver(database)
    paired(database, deputy)
    with database.session() as s:
        deputies.choose(s, person=s.get_one(Person, commune.approver.id), deputy_id=deputy.id, now_at=NOW)
    submitted(database, commune, broadcast_class="priority")
    assert called(database) == [("approval_waits", "phochutich", 0)]


def test_two_who_stand_in_for_each_other_are_not_both_left_out(database: Database, commune: Commune) -> None:
    deputy = second_approver(database)
    for person, other in ((commune.approver, deputy), (deputy, commune.approver)):
        paired(database, person)
        with database.session() as s:
            deputies.choose(s, person=s.get_one(Person, person.id), deputy_id=other.id, now_at=NOW)
    submitted(database, commune, broadcast_class="priority")
    assert len(called(database)) == 1


def test_nobody_is_called_again_once_it_is_decided(database: Database, commune: Commune) -> None:
    paired(database, commune.approver)
    made = submitted(database, commune, broadcast_class="priority")
    called(database)
    with database.session() as s:
        current = announcements.get(s, made.id)
        seal = current.content_hash or ""
        approvals.approve(s, announcement=current, content_hash=seal, by=commune.approver, now_at=NOW)
    assert called(database, now_at=NOW + timedelta(minutes=11)) == [("approval_waits", "chutich", 0)]
    assert claim(database) == []
    with database.reading() as s:
        states = set(s.scalars(select(NoticeSending.state).join(Notice).where(Notice.kind == "approval_waits")))
    assert states == {SendingState.LAPSED}


def ordered(database: Database, commune: Commune) -> EmergencyOrder:
    made = rig.approved(database, commune, broadcast_class="emergency", title="Lũ")
    with database.session() as s:
        current = announcements.get(s, made.id)
        wanted = orders.EmergencyRequest(announcement=current, drill=False, heard=current.content_hash or "")
        return orders.ask(s, wanted, by=commune.officer, now_at=NOW)


def test_an_alarm_calls_for_its_second_person_and_says_when_it_sounds(database: Database, commune: Commune) -> None:
    made = ordered(database, commune)
    for person in (commune.approver, commune.officer, commune.viewer):
        paired(database, person)
    assert called(database) == [("second_person", "chutich", 0)]
    with database.session() as s:
        heard = made.content_hash
        orders.confirm(s, order=made, drill=False, heard=heard, by=commune.approver, now_at=NOW)
    assert ("alarm_on_air", "canbo", 0) in called(database)


def test_silent_nodes_call_those_who_look_after_them_once(database: Database, commune: Commune) -> None:
    for person in (commune.officer, commune.viewer, commune.hamlet_head):
        paired(database, person)
    found = [
        MatterFinding("pole_silent", f"node:{node.id}", {"name": node.name, "seen_at": None})
        for node in (commune.strong, commune.weak)
    ]
    with database.session() as s:
        matters.note(s, found, now_at=NOW)
    with database.session() as s:
        matters.note(s, found, now_at=NOW)
    assert called(database) == [("nodes_silent", "canbo", 0), ("nodes_silent", "truongthon", 0)]
    with database.reading() as s:
        assert s.scalars(select(Notice).where(Notice.kind == NoticeKind.NODES_SILENT)).one().title.facts["count"] == 2


def test_each_trouble_on_air_calls_those_who_broadcast_once(database: Database, commune: Commune) -> None:
    paired(database, commune.officer)
    cut = {"title": "Tiếp sóng VOV1", "begin_at": NOW.isoformat(), "slot": "sang", "reason": "relay.stalled"}
    found = [
        MatterFinding("relay_source_silent", "relay-source:vov1", {"name": "VOV1", "reason": "relay.ended"}),
        MatterFinding("relay_cut", "occurrence:1", cut),
        MatterFinding("live_silent", "live:1", {"title": "Tiếp sóng VOV1", "kind": "relay", "since_at": None}),
        MatterFinding("relay_given_up", "live:1", {"title": "Tiếp sóng VOV1", "ended_at": NOW.isoformat()}),
        MatterFinding("relay_failed", "occurrence:2", cut),
    ]
    for each in [*found, *found]:
        with database.session() as s:
            matters.note(s, [each], now_at=NOW)
    assert called(database) == [("trouble_on_air", "canbo", 0)] * len(found)
    with database.reading() as s:
        titles = [each.title for each in s.scalars(select(Notice).where(Notice.kind == NoticeKind.TROUBLE_ON_AIR))]
    words = {each.facts["what"].code for each in titles}
    assert words == {f"on_air.{each}" for each in ("source_silent", "next_source", "silent", "own_programme")}


def test_feedback_calls_those_who_answer_in_that_hamlet(database: Database, commune: Commune) -> None:
    for person in (commune.hamlet_head, commune.viewer):
        paired(database, person)
    with database.session() as s:
        for number in range(300):
            about = Reason("problem.not_heard")
            events.feedback_came(s, feedback_id=f"f{number}", about=about, node=commune.weak, now_at=NOW)
    assert called(database) == [("feedback", "truongthon", 0)]


def test_a_message_is_in_one_hand_until_its_lease_is_over(database: Database, commune: Commune) -> None:
    paired(database, commune.approver)
    submitted(database, commune)
    called(database)
    (first,) = claim(database)
    assert claim(database, now_at=NOW + timedelta(seconds=59)) == []
    (second,) = claim(database, now_at=NOW + timedelta(seconds=60))
    assert second.id == first.id
    with database.session() as s:
        assert not sendings.mark_sent(s, first, now_at=NOW)
        assert sendings.mark_sent(s, second, now_at=NOW)
    assert claim(database, now_at=NOW + timedelta(hours=1)) == []


def test_what_fails_is_tried_later_and_later_and_its_channel_rests(database: Database, commune: Commune) -> None:
    channel_id = paired(database, commune.approver)
    submitted(database, commune)
    called(database)
    now_at = NOW
    for wait in (*sendings.WAITS[:4], sendings.FIRST_REST):
        (claimed,) = claim(database, now_at=now_at)
        with database.session() as s:
            sendings.mark_failed(s, claimed, NO_ANSWER, now_at=now_at)
        assert claim(database, now_at=now_at + wait - timedelta(seconds=1)) == []
        now_at += wait
    with database.reading() as s:
        at_rest = now_at - timedelta(seconds=1)
        assert [each.id for each in channels.resting(s, now_at=at_rest)] == [channel_id]
        kinds = {each.kind for each in findings(s, now_at=at_rest)}
    assert "notice_resting" in kinds
    (claimed,) = claim(database, now_at=now_at)
    with database.session() as s:
        sendings.mark_sent(s, claimed, now_at=now_at)
        assert channels.resting(s, now_at=now_at) == []


def test_who_asks_to_wait_is_not_asked_before(database: Database, commune: Commune) -> None:
    paired(database, commune.approver)
    submitted(database, commune)
    called(database)
    (claimed,) = claim(database)
    busy = SendingTrouble(Reason("notice.asked_to_wait"), wait=timedelta(minutes=2))
    with database.session() as s:
        sendings.mark_failed(s, claimed, busy, now_at=NOW)
    assert claim(database, now_at=NOW + timedelta(seconds=119)) == []
    assert len(claim(database, now_at=NOW + timedelta(seconds=120))) == 1


def test_a_browser_that_is_gone_is_forgotten_with_its_address(database: Database, commune: Commune) -> None:
    channel_id = paired(database, commune.approver)
    submitted(database, commune)
    called(database)
    (claimed,) = claim(database)
    with database.session() as s:
        sendings.mark_failed(s, claimed, SendingTrouble(Reason("notice.browser_gone"), gone=True), now_at=NOW)
    with database.reading() as s:
        assert s.get_one(NoticeChannel, channel_id).target_sealed == ""


def test_what_was_sent_can_be_sent_again_by_its_owner_alone(database: Database, commune: Commune) -> None:
    paired(database, commune.approver)
    submitted(database, commune)
    called(database)
    (claimed,) = claim(database)
    with database.session() as s:
        sendings.mark_sent(s, claimed, now_at=NOW)
    with database.session() as s, pytest.raises(NotFound):
        history.get(s, claimed.id, person=commune.officer)
    with database.session() as s:
        history.send_again(s, history.get(s, claimed.id, person=commune.approver), now_at=NOW)
    assert [each.id for each in claim(database)] == [claimed.id]


def test_what_is_long_past_is_forgotten(database: Database, commune: Commune) -> None:
    paired(database, commune.approver)
    submitted(database, commune)
    called(database)
    with database.session() as s:
        history.forget(s, now_at=NOW + timedelta(days=91))
        assert s.scalars(select(NoticeSending)).unique().all() == []
        assert s.scalars(select(Notice)).all() == []
