"""What residents say is taken in within bounds, joined, answered, counted and forgotten: on both databases."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from broadcaster.errors import Conflict, Invalid, LoaError, NotAllowed, NotFound, Unavailable
from broadcaster.station.database.engine import Database
from broadcaster.station.feedback import complaints, inbox, sending
from broadcaster.station.feedback.sending import ResidentMessage, checked
from broadcaster.station.feedback.steps import FeedbackStep, steps
from broadcaster.station.matters.findings import findings
from broadcaster.station.records import feedback as figures
from broadcaster.station.schema import Announcement, Feedback, Node
from broadcaster.station.upkeep import tidying
from broadcaster.station.vocabulary.states import AnnouncementState, FeedbackState, NodeProblem, VoiceState
from tests.rig.commune import NOW, Commune

SILENT = ResidentMessage(problem="not_heard", text="Từ hôm qua không nghe gì.", phone="0912 345 678", sender="a" * 32)


def said(database: Database, node: Node, message: ResidentMessage = SILENT, *, after_seconds: float = 0) -> str:
    """The id of a message taken in."""
    with database.session() as s:
        return sending.receive(s, node, checked(message), now_at=NOW + timedelta(seconds=after_seconds)).id


def test_a_message_is_found_by_its_code_however_it_was_copied(database: Database, commune: Commune) -> None:
    feedback_id = said(database, commune.strong)
    with database.reading() as s:
        code = inbox.get(s, feedback_id).code
        assert inbox.of_code(s, f" {code[:5].lower()}-{code[5:]} ").id == feedback_id
        for wrong in ("", "AAAAAAAAAA", "'; DROP TABLE feedback; --", "9" * 4000):
            with pytest.raises(NotFound, match=r"feedback\.code_unknown"):
                inbox.of_code(s, wrong)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(SILENT, problem="dance"), "feedback.problem_not_chosen"),
        (replace(SILENT, text="a" * 501), "feedback.text_too_long"),
        (replace(SILENT, problem="other", text=" \u202e\u200b "), "feedback.nothing_said"),
        (replace(SILENT, phone="gọi tôi nhé"), "feedback.phone_malformed"),
        (replace(SILENT, phone="1" * 39), "feedback.phone_malformed"),
    ],
)
def test_what_is_no_message_is_refused_with_its_field(wrong: ResidentMessage, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(wrong)
    assert refused.value.code == code
    assert refused.value.field


def test_hostile_letters_do_not_reach_those_who_read() -> None:
    text = "Loa\x00 hỏng\u202egnol\ud800 <script>alert(1)</script>\r\n\r\nrồi"
    assert checked(replace(SILENT, text=text)).text == "Loa hỏnggnol <script>alert(1)</script> rồi"


def test_the_same_said_again_is_joined_and_answered_once(database: Database, commune: Commune) -> None:
    first = said(database, commune.strong)
    again = said(database, commune.strong, replace(SILENT, text=SILENT.text.upper(), phone="", sender="b" * 32))
    other = said(database, commune.weak)
    with database.session() as s:
        rows = inbox.listing(s, by=commune.officer).items
        assert {each.id for each in rows} == {first, other}
        assert inbox.times(s, rows) == {first: 2, other: 1}
        inbox.answer(s, inbox.get(s, first), text="Đã sửa.", by=commune.officer, now_at=NOW)
    with database.session() as s:
        joined = inbox.get(s, again)
        assert joined.code != inbox.get(s, first).code
        assert inbox.first_of(s, joined).answer == "Đã sửa."
        with pytest.raises(Conflict, match=r"feedback\.joined"):
            inbox.take(s, joined, by=commune.officer, now_at=NOW)
    assert said(database, commune.strong) not in (first, again)
    with database.reading() as s:
        assert len(inbox.listing(s, by=commune.officer, state="new").items) == 2, "what is answered joins no more"


def test_an_hour_takes_so_many_of_a_node_and_so_many_voices(database: Database, commune: Commune) -> None:
    with database.session() as s:
        for number in range(sending.MOST_OF_A_NODE):
            message = replace(SILENT, text=f"Lần {number}", has_voice=number < sending.MOST_VOICES_WAITING)
            sending.receive(s, commune.strong, checked(message), now_at=NOW)
    with pytest.raises(Unavailable, match=r"feedback\.node_crowded"):
        said(database, commune.strong)
    with pytest.raises(Unavailable, match=r"feedback\.voices_crowded"):
        said(database, commune.weak, replace(SILENT, has_voice=True))
    said(database, commune.weak)
    said(database, commune.strong, after_seconds=3601)


def test_it_goes_from_new_to_answered_by_those_who_see_to_the_node(database: Database, commune: Commune) -> None:
    mine, others = said(database, commune.weak), said(database, commune.strong)
    head = commune.hamlet_head
    with database.session() as s:
        assert [each.id for each in inbox.listing(s, by=head).items] == [mine]
        assert inbox.listing(s, by=commune.viewer).items == []
        row = inbox.get(s, mine)
        assert steps(s, row, commune.viewer) == frozenset()
        assert steps(s, row, head) == {FeedbackStep.TAKE, FeedbackStep.ANSWER}
        with pytest.raises(NotAllowed):
            inbox.take(s, inbox.get(s, others), by=head, now_at=NOW)
        inbox.take(s, row, by=head, now_at=NOW)
        with pytest.raises(Conflict):
            inbox.take(s, row, by=commune.officer, now_at=NOW)
        inbox.put_back(s, row, by=head, now_at=NOW)
        assert row.state is FeedbackState.NEW
        assert row.taken_by_id is None
        with pytest.raises(Invalid):
            inbox.answer(s, row, text=" \n ", by=head, now_at=NOW)
        with pytest.raises(Conflict, match=r"feedback\.not_answered"):
            inbox.draft(s, row, by=head, now_at=NOW)
        inbox.answer(s, row, text="Thợ sửa  chiều nay.\n\nMời bà con chờ.", by=head, now_at=NOW)
        assert row.answer == "Thợ sửa chiều nay.\nMời bà con chờ."


def test_an_answer_becomes_a_draft_that_nobody_approved(database: Database, commune: Commune) -> None:
    feedback_id = said(database, commune.weak)
    with database.session() as s:
        row = inbox.get(s, feedback_id)
        inbox.answer(s, row, text="Loa Lủng Pảng đã sửa xong.", by=commune.hamlet_head, now_at=NOW)
        made = inbox.draft(s, row, by=commune.hamlet_head, now_at=NOW).id
    with database.session() as s:
        announcement = s.get_one(Announcement, made)
        assert announcement.state is AnnouncementState.DRAFT
        assert announcement.text == "Loa Lủng Pảng đã sửa xong."
        assert [zone.id for zone in announcement.zones] == ["lung-pang"]
        with pytest.raises(Conflict, match=r"feedback\.drafted"):
            inbox.draft(s, inbox.get(s, feedback_id), by=commune.hamlet_head, now_at=NOW)


def test_several_residents_who_hear_nothing_become_a_matter_until_they_are_answered(
    database: Database, commune: Commune
) -> None:
    def found() -> list[tuple[str, object]]:
        with database.reading() as s:
            return [
                (each.subject, each.details["residents"])
                for each in findings(s, now_at=NOW)
                if each.kind == "residents_complain"
            ]

    first = said(database, commune.strong)
    said(database, commune.strong)
    said(database, commune.strong, replace(SILENT, problem="too_loud", sender="c" * 32))
    assert found() == [], "one resident, however often, is not several"
    said(database, commune.strong, replace(SILENT, problem="broken", text="Rè quá", sender="b" * 32))
    assert found() == [(f"node:{commune.strong.id}", 2)]
    with database.reading() as s:
        assert complaints.complaints(s, now_at=NOW, node_id=commune.weak.id) == []
        assert complaints.complaints(s, now_at=NOW + timedelta(days=4)) == []
    with database.session() as s:
        inbox.answer(s, inbox.get(s, first), text="Đã sửa.", by=commune.officer, now_at=NOW)
    assert found() == []


def test_after_ninety_days_telephone_voice_and_sender_are_forgotten(
    database: Database, commune: Commune, tmp_path: Path
) -> None:
    old, young = said(database, commune.strong), said(database, commune.weak, after_seconds=86_400)
    with database.session() as s:
        inbox.get(s, old).voice = VoiceState.READY
        inbox.answer(s, inbox.get(s, old), text="Đã sửa.", by=commune.officer, now_at=NOW)
    for name in (f"{old}.ogg", f"{old}.m4a", "tmpabc.part", f"{young}.ogg"):
        (tmp_path / name).write_bytes(b"sound")
    with database.session() as s:
        inbox.get(s, young).voice = VoiceState.READY
        later = NOW + timedelta(days=90, hours=1)
        assert tidying.tidy_feedback(s, folder=tmp_path, now_at=later, now_seconds=tmp_path.stat().st_mtime + 9e3) == 1
        assert tidying.tidy_feedback(s, folder=tmp_path, now_at=later, now_seconds=tmp_path.stat().st_mtime + 9e3) == 0
    with database.reading() as s:
        row = inbox.get(s, old)
        assert (row.phone, row.sender, row.voice) == ("", "", VoiceState.FORGOTTEN)
        assert (row.text, row.answer) == (SILENT.text, "Đã sửa.")
        assert inbox.get(s, young).phone == SILENT.phone
    assert [path.name for path in tmp_path.iterdir()] == [f"{young}.ogg"]


def test_the_month_counts_what_came_and_how_soon_it_was_answered(database: Database, commune: Commune) -> None:
    first = said(database, commune.strong)
    said(database, commune.strong, replace(SILENT, sender="b" * 32))
    said(database, commune.weak, replace(SILENT, problem="too_loud"))
    with database.session() as s:
        when = NOW + timedelta(hours=3)
        inbox.answer(s, inbox.get(s, first), text="Đã sửa.", by=commune.officer, now_at=when)
    span = {"from_at": NOW - timedelta(days=1), "until_at": NOW + timedelta(days=1)}
    with database.reading() as s:
        month = figures.month(s, **span)
        lines = {line.problem: (line.received, line.answered) for line in month.problems}
        assert lines[NodeProblem.NOT_HEARD] == (2, 2), "what was joined has its answer too"
        assert lines[NodeProblem.TOO_LOUD] == (1, 0)
        assert (month.received, month.answered, month.answer_hours) == (3, 2, 3)
        assert figures.month(s, **span, units={"lung-pang"}).received == 1


def test_nothing_is_said_of_a_node_out_of_service(database: Database, commune: Commune) -> None:
    with database.session() as s:
        s.get_one(Node, commune.weak.id).revoked_at = NOW
    with database.reading() as s:
        for name in (commune.weak.id, "nobodys"):
            with pytest.raises(LoaError, match=r"feedback\.node_unknown"):
                sending.node_of(s, name)
        assert s.query(Feedback).count() == 0
