"""Music of the commune's own: made once, released by a second person, chosen where its kind belongs."""

from datetime import timedelta

import pytest

from broadcaster.errors import Conflict, Invalid, LoaError, NotAllowed
from broadcaster.refusals.reasons import Reason
from broadcaster.rendering import RenderedClip, TunePlan
from broadcaster.station.clips import tunes
from broadcaster.station.database.engine import Database
from broadcaster.station.schema import Tune
from broadcaster.station.vocabulary.states import TuneKind
from broadcaster.station_clip_production import make_tune
from tests.rig.commune import NOW, Commune, rendered

pytestmark = pytest.mark.integration


class Maker:
    def __init__(self, error: LoaError | None = None) -> None:
        self.plans: list[TunePlan] = []
        self.error = error

    def render_tune(self, plan: TunePlan) -> RenderedClip:
        self.plans.append(plan)
        if self.error:
            raise self.error
        return rendered(plan.recording, duration_ms=8_000)


def uploaded(database: Database, commune: Commune, *, kind: str = "opening", seed: str = "a") -> str:
    with database.session() as s:
        return tunes.add(s, kind=kind, name="Nhạc hiệu", recording_sha256=seed * 64, by=commune.officer, now_at=NOW).id


def make(database: Database, maker: Maker, *, after: timedelta = timedelta()) -> bool:
    return make_tune(database, maker, worker="test", clock=lambda: NOW + after)


def look(database: Database, tune_id: str) -> Tune:
    with database.reading() as s:
        return tunes.get(s, tune_id)


def test_a_tune_is_made_once_and_waits_for_a_second_person(database: Database, commune: Commune) -> None:
    tune_id, maker = uploaded(database, commune), Maker()
    assert make(database, maker)
    assert not make(database, maker)
    assert (maker.plans[0].recording, maker.plans[0].most_seconds) == ("a" * 64, 90)
    made = look(database, tune_id)
    assert made.clip_sha256
    with database.session() as s:
        assert [each.id for each in tunes.waiting_for_approval(s)] == [tune_id]
        assert tunes.usable(s, [tune_id, None]) == {}
        tunes.approve(s, tune=made_in(s, tune_id), clip_sha256=made.clip_sha256, by=commune.approver, now_at=NOW)
        assert set(tunes.usable(s, [tune_id])) == {tune_id}
        assert tunes.waiting_for_approval(s) == []


def made_in(s: object, tune_id: str) -> Tune:
    return tunes.get(s, tune_id)  # type: ignore[arg-type]


def test_nobody_approves_what_they_uploaded_did_not_hear_or_may_not_release(
    database: Database, commune: Commune
) -> None:
    tune_id = uploaded(database, commune)
    with database.session() as s:
        with pytest.raises(Conflict):
            tunes.approve(s, tune=made_in(s, tune_id), clip_sha256="", by=commune.approver, now_at=NOW)
        own = tunes.add(s, kind="bed", name="Nền", recording_sha256="b" * 64, by=commune.approver, now_at=NOW)
        own_id = own.id
    make(database, Maker())
    make(database, Maker())
    with database.session() as s:
        for each, person in ((tune_id, commune.officer), (own_id, commune.approver), (tune_id, commune.administrator)):
            tune = made_in(s, each)
            with pytest.raises(NotAllowed):
                tunes.approve(s, tune=tune, clip_sha256=tune.clip_sha256 or "", by=person, now_at=NOW)
        with pytest.raises(Conflict):
            tunes.approve(s, tune=made_in(s, tune_id), clip_sha256="c" * 64, by=commune.approver, now_at=NOW)


def test_a_file_of_no_use_is_said_once_and_not_tried_again(database: Database, commune: Commune) -> None:
    tune_id, maker = uploaded(database, commune), Maker(Invalid("tune.too_long", most_seconds=90))
    assert make(database, maker)
    assert not make(database, maker, after=timedelta(hours=1))
    assert look(database, tune_id).error == Reason("tune.too_long", most_seconds=90)


def test_what_the_disk_refused_is_tried_again(database: Database, commune: Commune) -> None:
    tune_id = uploaded(database, commune)
    assert make(database, Maker(LoaError("clip.disk_full")))
    assert not make(database, Maker())
    assert make(database, Maker(), after=timedelta(minutes=6))
    assert look(database, tune_id).clip_sha256


def test_a_removed_tune_is_neither_chosen_nor_approved(database: Database, commune: Commune) -> None:
    tune_id = uploaded(database, commune)
    make(database, Maker())
    with database.session() as s:
        tune = made_in(s, tune_id)
        with pytest.raises(Invalid):
            tunes.check_choice(s, tune_id, TuneKind.BED, field="bed_id")
        assert tunes.check_choice(s, tune_id, TuneKind.OPENING, field="opening_tune_id") == tune_id
        tunes.remove(s, tune=tune, by=commune.officer, now_at=NOW)
        with pytest.raises(Invalid):
            tunes.check_choice(s, tune_id, TuneKind.OPENING, field="opening_tune_id")
        with pytest.raises(Conflict):
            tunes.approve(s, tune=tune, clip_sha256=tune.clip_sha256 or "", by=commune.approver, now_at=NOW)
        with pytest.raises(Invalid):
            tunes.add(s, kind="jingle", name="x", recording_sha256="d" * 64, by=commune.officer, now_at=NOW)
