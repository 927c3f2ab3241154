"""What is live at one station is relayed by another: its list and pieces are read as any source's."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest

from broadcaster.audio.live.opus import OpusEncoder
from broadcaster.audio.live.recording import OggRecording
from broadcaster.audio.sound import CLIP_RATE
from broadcaster.audio.store import store_clip
from broadcaster.clip_plans import RenderedClip
from broadcaster.live import pieces
from broadcaster.protocol.live.packets import FRAME_SAMPLES, RATE
from broadcaster.relays.troubles import StreamTrouble
from broadcaster.station.agendas import live_items
from broadcaster.station.clips import clips
from broadcaster.station.live import choices, closing, sessions
from broadcaster.station.live.closing import Closed
from broadcaster.station.live.sessions import LiveRequest
from broadcaster.station.rows import settings
from tests.doubles.radio import Radio, plays, radio
from tests.rig.commune import rendered
from tests.unit.relays.pulling import heard
from tests.unit.web.commune import Commune, send

pytestmark = pytest.mark.integration
STREAM = "/xa/truc-tiep.m3u8"
PITCH_HZ = 500.0


class Speaking:
    """A session on air, whose recording grows as the test says."""

    def __init__(self, commune: Commune) -> None:
        self.commune = commune
        config = commune.app.extensions["loa"].config
        self.clips_dir: Path = config.clips_dir
        with commune.database.session() as s:
            chime = clips.record(s, rendered("chime", duration_ms=2600), "live-chime", commune.clock())
            settings.write(s, live_items.CHIMES, dict.fromkeys(("routine", "priority", "emergency"), chime.sha256))
            officer = commune._person(s, "canbo")
            wanted = LiveRequest(zones=["lung-pang"], longest_minutes=5)
            self.id = sessions.ask(s, wanted, by=officer, now_at=commune.clock()).id
            closing.heard(s, self.id, delay_ms=800, now_at=commune.clock())
        self.path = config.data_dir / pieces.FOLDER / f"{self.id}.ogg"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("wb")
        self._recording, self._encoder = OggRecording(self._file, rate=RATE, pre_skip=312), OpusEncoder()

    def speak(self, seconds: int) -> None:
        at = (self._recording.frames * FRAME_SAMPLES + np.arange(seconds * RATE)) / RATE
        sound = (8000 * np.sin(2 * np.pi * PITCH_HZ * at)).astype("<i2").tobytes()
        for start in range(0, len(sound), FRAME_SAMPLES * 2):
            self._recording.add(self._encoder.encode(sound[start : start + FRAME_SAMPLES * 2]))

    def end(self) -> None:
        self._recording.end()
        self._file.close()
        stored = store_clip(self.path.read_bytes(), folder=self.clips_dir)
        made = RenderedClip(
            path=stored.path,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
            duration_ms=9_000,
            engine="live",
            fallback_reason=None,
            loudness_lufs=-16.0,
        )
        with self.commune.database.session() as s:
            closed = Closed(sound_ms=9_000, gap_ms=0, ends_ms=12_000, recording=made)
            closing.close(s, self.id, closed, now_at=self.commune.clock())
        self.path.unlink()


@pytest.fixture
def offering(commune: Commune) -> Iterator[Speaking]:
    made = Speaking(commune)
    yield made
    made._file.close()


@pytest.fixture
def station() -> Iterator[Radio]:
    with radio() as made:
        yield made


def offer(commune: Commune, *, on: bool = True) -> None:
    with commune.database.session() as s:
        choices.offer(s, on=on, by=commune._person(s, "quantri"), now_at=commune.clock())


def test_another_station_relays_what_is_live_here_to_its_last_word(
    commune: Commune, offering: Speaking, station: Radio
) -> None:
    offer(commune)
    offering.speak(5)
    browser, asked = commune.app.test_client(), 0

    def answer(request: BaseHTTPRequestHandler) -> None:
        nonlocal asked
        asked += request.path == STREAM
        if request.path == STREAM and asked == 2:
            offering.speak(4)
            offering.end()
        found = browser.get(request.path)
        assert found.status_code == 200
        plays(found.data, found.mimetype)(request)

    class Everywhere(dict[str, object]):
        def get(self, _path: str, _other: object = None) -> object:
            return answer

    station.answers = Everywhere()  # type: ignore[assignment]
    pcm, found = heard(station.url(STREAM))
    assert found == [("ogg", "opus")]
    assert len(pcm) / CLIP_RATE == pytest.approx(9.0, abs=0.1)
    assert np.fft.rfft(pcm.astype(float)).__abs__().argmax() * CLIP_RATE / len(pcm) == pytest.approx(PITCH_HZ, abs=2)


def test_nothing_is_offered_unasked_nor_when_nothing_is_live(
    commune: Commune, offering: Speaking, station: Radio
) -> None:
    browser = commune.app.test_client()
    offering.speak(5)
    addresses = [STREAM, f"/xa/truc-tiep/{offering.id}/dau.ogg", f"/xa/truc-tiep/{offering.id}/0.ogg"]
    assert [browser.get(each).status_code for each in addresses] == [503] * 3
    rules = {"longest_minutes": "15", "offered": "1"}
    assert send(commune.browser("canbo"), "/microphone/rules", rules).status_code == 403
    assert send(commune.browser("quantri"), "/microphone/rules", rules).status_code == 302
    assert [browser.get(each).status_code for each in addresses] == [200] * 3
    assert browser.get(f"/xa/truc-tiep/{offering.id}/9.ogg").status_code == 503
    offering.end()
    commune.clock.move(seconds=31)
    assert [browser.get(each).status_code for each in addresses] == [503] * 3
    with pytest.raises(StreamTrouble):
        heard(station.url(STREAM))
