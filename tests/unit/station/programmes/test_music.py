"""Music in programmes: only what was released, in its place, and between announcements where nodes hear both."""

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import Cancelled, ClipPlan, Progress, RenderedClip
from broadcaster.station.broadcasts.freezing import PAUSE_BETWEEN
from broadcaster.station.clips import clips, station_clips, tunes
from broadcaster.station.clips.station_clips import StationWords
from broadcaster.station.database.engine import Database
from broadcaster.station.programmes import slots
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.schema import Announcement, Occurrence, StationClip
from broadcaster.station_clip_production import make_station_clip
from tests.rig.commune import CLIP_MS, NOW, Commune, approved, rendered

pytestmark = pytest.mark.integration
START = NOW + timedelta(hours=7)
TODAY = START.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
FILLER_MS = 6_000


class Maker:
    def __init__(self) -> None:
        self.plans: list[ClipPlan] = []

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip:
        self.plans.append(plan)
        return rendered(plan.script.text + str(plan.music), duration_ms=10_000)


def music(s: Session, commune: Commune, kind: str, *, released: bool = True, duration_ms: int = FILLER_MS) -> str:
    tune = tunes.add(s, kind=kind, name=f"Nhạc {kind}", recording_sha256=kind[0] * 64, by=commune.officer, now_at=NOW)
    clip = clips.record(s, rendered(kind, duration_ms=duration_ms), tunes.made_name(tune), NOW)
    tune.clip_sha256 = clip.sha256
    s.flush()
    if released:
        tunes.approve(s, tune=tune, clip_sha256=clip.sha256, by=commune.approver, now_at=NOW)
    return tune.id


def occurrence_of(s: Session, commune: Commune, items: list[Announcement], **more: object) -> Occurrence:
    rule = {"weekdays": list(range(7)), "times": ["17:00"]}
    given = {"name": "Chiều", "rule": rule, "zones": ["con-minh"], **more}
    slot = slots.add_slot(s, by=None, now_at=NOW, **given)  # type: ignore[arg-type]
    for each in items:
        announcement = s.get_one(Announcement, each.id)
        slots.put(s, slot=slot, announcement=announcement, first_on=TODAY, by=commune.officer, now_at=NOW)
    found = Occurrence(slot_id=slot.id, start_at=START)
    s.add(found)
    s.flush()
    s.refresh(found)
    return found


def heard(s: Session, occurrence: Occurrence) -> list[tuple[str, float]]:
    """Titles and seconds from the beginning, of what would play."""
    found = freeze_occurrence(s, occurrence=occurrence, now_at=NOW)
    assert len({each.id for each in found}) == len(found)
    return [
        (each.title, (each.start_at - START).total_seconds()) for each in sorted(found, key=lambda one: one.start_at)
    ]


def test_a_filler_stands_between_announcements_and_moves_what_follows(database: Database, commune: Commune) -> None:
    items = [approved(database, commune, title=title, text=f"{title}.") for title in ("Một", "Hai", "Ba")]
    with database.session() as s:
        date = occurrence_of(s, commune, items, filler_id=music(s, commune, "filler"))
        pause = PAUSE_BETWEEN.total_seconds()
        piece, gap = CLIP_MS / 1000 + pause, FILLER_MS / 1000 + pause
        first = heard(s, date)
        assert first == [
            ("Một", 0),
            ("Nhạc đệm", piece),
            ("Hai", piece + gap),
            ("Nhạc đệm", 2 * piece + gap),
            ("Ba", 2 * (piece + gap)),
        ]
        assert heard(s, date) == first


def test_tunes_alone_begin_and_end_a_programme_without_words(database: Database, commune: Commune) -> None:
    item = approved(database, commune, title="Một")
    with database.session() as s:
        opening, ending = music(s, commune, "opening"), music(s, commune, "ending")
        date = occurrence_of(s, commune, [item], opening_tune_id=opening, ending_tune_id=ending)
        assert [title for title, _ in heard(s, date)] == ["Nhạc hiệu mở đầu", "Một", "Nhạc kết chương trình"]


def test_without_an_announcement_no_tune_sounds(database: Database, commune: Commune) -> None:
    with database.session() as s:
        date = occurrence_of(s, commune, [], opening_tune_id=music(s, commune, "opening"), greet_when_empty=True)
        assert heard(s, date) == []


def test_greeting_and_closing_are_made_with_their_music(database: Database, commune: Commune) -> None:
    item, maker = approved(database, commune, title="Một"), Maker()
    with database.session() as s:
        chosen = {f"{kind}_tune_id": music(s, commune, kind) for kind in ("opening", "ending")}
        chosen["bed_id"] = music(s, commune, "bed")
        date_id = occurrence_of(s, commune, [item], greeting=True, closing=True, **chosen).id
        freeze_occurrence(s, occurrence=s.get_one(Occurrence, date_id), now_at=NOW)
    while make_station_clip(database, maker, worker="test", clock=lambda: NOW):
        pass
    around = {plan.script.text[:7]: (plan.chime, plan.music and plan.music.recordings()) for plan in maker.plans}
    assert sorted(around.values(), key=str) == [
        (None, {"bed": "b" * 64, "after": "e" * 64}),
        (None, {"before": "o" * 64, "bed": "b" * 64}),
    ]
    with database.session() as s:
        titles = [title for title, _ in heard(s, s.get_one(Occurrence, date_id))]
    assert titles == ["Lời chào đầu chương trình", "Một", "Lời kết chương trình"]


def test_music_that_nobody_released_is_not_heard_and_said(database: Database, commune: Commune) -> None:
    items = [approved(database, commune, title=title, text=f"{title}.") for title in ("Một", "Hai")]
    with database.session() as s:
        filler = music(s, commune, "filler", released=False)
        bed = music(s, commune, "bed", released=False)
        date = occurrence_of(s, commune, items, filler_id=filler, bed_id=bed, greeting=True)
        freeze_occurrence(s, occurrence=date, now_at=NOW)
        assert [title for title, _ in heard(s, date)] == ["Một", "Hai"]
        assert all(row.music is None for row in s.query(StationClip).all())
        missing = [Reason("programme.tune_not_approved", name=name) for name in ("Nhạc bed", "Nhạc filler")]
        assert [each for each in (date.reason.facts["why"] if date.reason else []) if each in missing] == missing


def test_a_slot_takes_music_only_where_its_kind_belongs(database: Database, commune: Commune) -> None:
    with database.session() as s:
        bed = music(s, commune, "bed")
        for field, chosen in (("filler_id", bed), ("opening_tune_id", "nobodys")):
            with pytest.raises(Invalid) as refused:
                occurrence_of(s, commune, [], **{field: chosen})
            assert refused.value.field == field


def test_words_without_music_have_the_name_they_always_had(database: Database, commune: Commune) -> None:
    with database.reading() as s:
        plain = station_clips.name_of(s, StationWords("Xin chào.", "routine"))
        again = station_clips.name_of(s, StationWords("Xin chào.", "routine", music=station_clips.Music()))
        other = station_clips.name_of(s, StationWords("Xin chào.", "routine", music=station_clips.Music(bed="a" * 64)))
    assert SimpleNamespace(same=plain == again, different=plain != other) == SimpleNamespace(same=True, different=True)
