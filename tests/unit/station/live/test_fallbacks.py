"""What nodes play while nothing comes: made by the station beforehand, in every live item, held by every node."""

import pytest

from broadcaster.rendering import Cancelled, ClipPlan, Progress, RenderedClip
from broadcaster.station.agendas import content, live_items
from broadcaster.station.clips import clips, tunes
from broadcaster.station.database.engine import Database
from broadcaster.station.live import fallbacks, sessions
from broadcaster.station.live.sessions import LiveRequest
from broadcaster.station.programmes.programmes import freeze_occurrence
from broadcaster.station.relays.live_relays import MOST_FILLERS
from broadcaster.station.rows import settings
from broadcaster.station_clip_production import make_station_clip
from tests.rig.commune import NOW, Commune, rendered
from tests.unit.station.relays.relaying import approved, chosen, date_of, slot, source

pytestmark = pytest.mark.integration


class Maker:
    """said: every text that was to be made a clip."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def render(self, plan: ClipPlan, *, progress: Progress, cancelled: Cancelled) -> RenderedClip:
        self.said.append(plan.script.text)
        return rendered(plan.script.text, duration_ms=4_000)


@pytest.fixture(autouse=True)
def made(database: Database, commune: Commune) -> Maker:
    maker = Maker()
    with database.session() as s:
        chime = clips.record(s, rendered("chime", duration_ms=2600), "live-chime", NOW)
        settings.write(s, live_items.CHIMES, dict.fromkeys(("routine", "priority", "emergency"), chime.sha256))
        fallbacks.bring_up_to_date(s, now_at=NOW)
    while make_station_clip(database, maker, worker="test", clock=lambda: NOW):
        pass
    with database.session() as s:
        fallbacks.bring_up_to_date(s, now_at=NOW)
    return maker


def test_a_microphone_that_falls_silent_is_excused_by_the_stations_own_voice(
    database: Database, commune: Commune, made: Maker
) -> None:
    assert len(made.said) == 2
    with database.session() as s:
        sessions.ask(s, LiveRequest(zones=["con-minh"]), by=commune.officer, now_at=NOW)
        sentence = settings.read(s, live_items.FALLBACK, "")
        agenda = content.for_node(s, node=commune.weak, now_at=NOW)
    (item,) = agenda.items
    assert item.source is not None
    assert item.source.fallback == (sentence,)
    assert {sentence, *item.parts} <= {each.sha256 for each in agenda.clips}


def test_a_relay_says_so_and_then_plays_the_slots_filler(database: Database, commune: Commune) -> None:
    with database.session() as s:
        tune = tunes.add(s, kind="filler", name="Đệm", recording_sha256="f" * 64, by=commune.officer, now_at=NOW)
        music = clips.record(s, rendered("filler", duration_ms=6_000), tunes.made_name(tune), NOW)
        tune.clip_sha256 = music.sha256
        s.flush()
        tunes.approve(s, tune=tune, clip_sha256=music.sha256, by=commune.approver, now_at=NOW)
        relaying = slot(s, filler_id=tune.id)
        chosen(s, commune, relaying, source(s, commune).id, way="live")
        approved(s, commune, relaying)
        freeze_occurrence(s, occurrence=date_of(s, relaying), now_at=NOW)
        sentence = settings.read(s, live_items.RELAY_FALLBACK, "")
        agenda = content.for_node(s, node=commune.strong, now_at=NOW)
    (item,) = agenda.items
    assert item.source is not None
    assert item.source.fallback == (sentence, *[music.sha256] * MOST_FILLERS)
    assert set(item.source.fallback) <= {each.sha256 for each in agenda.clips}
