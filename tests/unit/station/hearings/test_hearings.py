"""What the machine listener should hear, and what is known of it."""

from datetime import timedelta

import pytest

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.listener.marks import marks
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.clips import clips
from broadcaster.station.database.engine import Database
from broadcaster.station.hearings import hearings
from broadcaster.station.hearings.hearings import Assignment
from broadcaster.station.schema import Clip, MachineHearing
from tests.rig.commune import NOW, Commune, render, write

pytestmark = pytest.mark.integration


def take(database: Database, *, minutes: int = 0) -> Assignment | None:
    with database.session() as s:
        return hearings.take(s, listener="w", now_at=NOW + timedelta(minutes=minutes))


def draft(database: Database, commune: Commune, text: str = "Họp thôn tối nay.") -> str:
    """Its clip."""
    written = write(database, commune.officer, text=text)
    render(database)
    with database.reading() as s:
        return announcements.get(s, written.id).clip_sha256 or ""


def recorded(database: Database, sha256: str) -> None:
    """Make the clip one of a recording."""
    with database.session() as s:
        s.get_one(Clip, sha256).engine = "upload"


def test_a_draft_is_heard_once_with_the_words_it_says(database: Database, commune: Commune) -> None:
    assert take(database) is None
    sha256 = draft(database, commune)
    found = take(database)
    assert found is not None
    assert found.clip_sha256 == sha256
    assert found.plan is not None
    assert [each.text for each in found.plan.script.sentences] == ["Họp thôn tối nay."]
    assert take(database) is None


def test_a_listener_that_died_is_followed_by_another(database: Database, commune: Commune) -> None:
    sha256 = draft(database, commune)
    assert take(database) is not None
    assert take(database, minutes=60) is None
    again = take(database, minutes=180)
    assert again is not None
    assert again.clip_sha256 == sha256


def test_what_is_decided_is_not_heard_any_more(database: Database, commune: Commune) -> None:
    written = write(database, commune.officer)
    render(database)
    with database.session() as s:
        approvals.submit(s, announcement=written, by=commune.officer, now_at=NOW)
        seal = announcements.get(s, written.id).content_hash or ""
        approvals.approve(s, announcement=written, content_hash=seal, by=commune.approver, now_at=NOW)
    assert take(database) is None


def test_a_recording_is_written_down_also_when_it_is_approved(database: Database, commune: Commune) -> None:
    sha256 = draft(database, commune)
    recorded(database, sha256)
    found = take(database)
    assert found is not None
    assert (found.clip_sha256, found.plan) == (sha256, None)
    with database.session() as s:
        hearings.written(s, sha256, text="mời bà con đi họp", now_at=NOW)
        assert hearings.transcripts(s, [sha256, "other"]) == {sha256: "mời bà con đi họp"}


def test_what_waits_for_approval_stands_before_recordings(database: Database, commune: Commune) -> None:
    recorded(database, draft(database, commune, "Bản ghi."))
    spoken = draft(database, commune, "Bản đọc.")
    first = take(database)
    assert first is not None
    assert first.clip_sha256 == spoken


def test_marks_are_there_once_it_listened_and_a_failure_says_nothing(database: Database, commune: Commune) -> None:
    sha256, other = draft(database, commune), draft(database, commune, "Mất điện.")
    with database.session() as s:
        assert hearings.of(s, sha256) is None
    assert take(database) is not None
    assert take(database) is not None
    with database.session() as s:
        assert hearings.of(s, sha256) is None
        hearings.proven(s, sha256, words=4, mean_nats=2.5, marks=marks(["tối", "nay"], [0.1, 9.0]), now_at=NOW)
        hearings.failed(s, other, error=Reason("hearing.listener_failed"), now_at=NOW)
    with database.reading() as s:
        found = hearings.of(s, sha256)
        assert found is not None
        assert [each["word"] for each in found.marks or ()] == ["nay"]
        assert hearings.of(s, other) is None
        assert hearings.of(s, None) is None
    assert take(database, minutes=600) is None


def test_a_clip_that_was_tidied_away_is_not_heard(database: Database, commune: Commune) -> None:
    sha256 = draft(database, commune)
    with database.session() as s:
        s.get_one(Clip, sha256).plan_hash = (clips.GONE + sha256)[:64]
        assert s.get(MachineHearing, sha256) is None
    assert take(database) is None
