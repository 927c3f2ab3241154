"""Streams of every kind over HTTP, decoded: files, old servers, lists, HLS that grows, breaks and begins anew."""

from collections.abc import Iterator

import numpy as np
import pytest

from broadcaster.audio.sound import CLIP_RATE
from broadcaster.relays.troubles import StreamTrouble
from tests.doubles.radio import AAC, MP3, OGG, TRANSPORT, Radio, media, playlist, plays, radio, shoutcast, tune
from tests.doubles.recorders import Recorder
from tests.unit.relays.pulling import heard, reach


@pytest.fixture
def station() -> Iterator[Radio]:
    with radio() as made:
        yield made


def seconds(pcm: np.ndarray) -> float:  # type: ignore[type-arg]
    return len(pcm) / CLIP_RATE


def pitch_hz(pcm: np.ndarray) -> float:  # type: ignore[type-arg]
    return float(np.fft.rfft(pcm.astype(np.float64)).__abs__().argmax() * CLIP_RATE / len(pcm))


@pytest.mark.parametrize(("recorder", "container"), [(MP3, "mp3"), (AAC, "aac"), (OGG, "ogg"), (TRANSPORT, "mpegts")])
def test_every_kind_of_radio_is_decoded_whole(station: Radio, recorder: object, container: str) -> None:
    station.answers["/live"] = plays(tune(2.0, recorder=recorder))  # type: ignore[arg-type]
    pcm, found = heard(station.url("/live"))
    assert seconds(pcm) == pytest.approx(2.0, abs=0.15)
    assert pitch_hz(pcm) == pytest.approx(440, abs=4)
    assert found[0][0] == container


def test_a_list_of_an_old_server_leads_to_its_stream(station: Radio) -> None:
    station.answers["/nghe.m3u"] = plays(b"#EXTM3U\n/live\n", "audio/x-mpegurl")
    station.answers["/live"] = shoutcast(tune(1.0))
    assert seconds(heard(station.url("/nghe.m3u"))[0]) == pytest.approx(1.0, abs=0.15)


def test_hls_is_followed_as_it_grows_each_segment_once_and_in_order(station: Radio) -> None:
    names = [f"{number}.ts" for number in range(6)]
    for number, name in enumerate(names):
        station.answers[f"/live/{name}"] = plays(tune(0.5, recorder=TRANSPORT, pitch_hz=300 + 100 * number))
    station.answers["/live/list.m3u8"] = playlist(
        media(names[:5], first=0, ended=False),
        media(names[2:5], first=2, ended=False),
        media(names[3:6], first=3, ended=True),
    )
    station.answers["/master.m3u8"] = playlist("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=64000\nlive/list.m3u8\n")
    heard(station.url("/master.m3u8"))
    fetched = [path for path in station.asked if path.endswith(".ts")]
    assert fetched == [f"/live/{name}" for name in names[2:6]]


def test_after_a_break_the_sound_may_be_of_another_kind(station: Radio) -> None:
    station.answers |= {
        "/a.ts": plays(tune(1.0, recorder=TRANSPORT)),
        "/b.aac": plays(tune(1.0, recorder=AAC, pitch_hz=880)),
        "/l.m3u8": playlist(media(["a.ts", "#EXT-X-DISCONTINUITY", "b.aac"])),
    }
    pcm, found = heard(station.url("/l.m3u8"))
    assert [container for container, _ in found] == ["mpegts", "aac"]
    assert pitch_hz(pcm[: CLIP_RATE // 2]) == pytest.approx(440, abs=4)
    assert pitch_hz(pcm[-CLIP_RATE // 2 :]) == pytest.approx(880, abs=4)


@pytest.mark.parametrize(
    ("segments", "code"),
    [(["http://127.0.0.9/x.ts"], "relay.leads_elsewhere"), (["file:///etc/passwd"], "relay.leads_nowhere")],
)
def test_no_segment_is_fetched_from_elsewhere(station: Radio, segments: list[str], code: str) -> None:
    station.answers["/l.m3u8"] = playlist(media(segments))
    with pytest.raises(StreamTrouble) as refused:
        heard(station.url("/l.m3u8"))
    assert refused.value.reason.code == code


def test_lists_that_name_each_other_end(station: Radio) -> None:
    station.answers["/a.m3u"] = plays(b"#EXTM3U\n/b.m3u\n")
    station.answers["/b.m3u"] = plays(b"#EXTM3U\n/a.m3u\n")
    with pytest.raises(StreamTrouble) as refused:
        heard(station.url("/a.m3u"))
    assert refused.value.reason.code == "relay.redirects_for_ever"


@pytest.mark.parametrize("content", [b"<html>not found</html>" * 400, b"\0" * 90_000, b""])
def test_what_is_no_sound_is_said(station: Radio, content: bytes) -> None:
    station.answers["/x"] = plays(content, "text/html")
    with pytest.raises(StreamTrouble) as refused:
        heard(station.url("/x"))
    assert refused.value.reason.code == "relay.not_understood"


def test_a_stream_that_turns_into_something_else_ends_and_what_came_before_is_heard(station: Radio) -> None:
    station.answers["/x"] = plays(tune(2.0) + b"<html>xin loi</html>" * 20_000)
    pcm, _ = heard(station.url("/x"))
    assert seconds(pcm) == pytest.approx(2.0, abs=0.3)


def test_a_stream_may_change_its_rate_and_its_channels(station: Radio) -> None:
    stereo = Recorder("mp3", "libmp3lame", rate=32_000, channels=2, bit_rate=64_000)
    station.answers["/x"] = plays(tune(2.0) + stereo.note(2.0, pitch_hz=880))
    pcm, _ = heard(station.url("/x"))
    assert seconds(pcm) == pytest.approx(4.0, abs=0.3)
    assert pitch_hz(pcm[: CLIP_RATE // 2]) == pytest.approx(440, abs=4)
    assert pitch_hz(pcm[-CLIP_RATE // 2 :]) == pytest.approx(880, abs=4)


def test_a_running_stream_that_is_minutes_behind_is_left(station: Radio) -> None:
    said = "#EXT-X-PROGRAM-DATE-TIME:2020-01-01T05:00:00+07:00"
    station.answers |= {"/a.ts": plays(tune(1.0, recorder=TRANSPORT))}
    station.answers["/l.m3u8"] = playlist(media(["a.ts"], ended=False, extra=said))
    with pytest.raises(StreamTrouble) as refused:
        heard(station.url("/l.m3u8"))
    assert refused.value.reason.code == "relay.behind"
    station.answers["/l.m3u8"] = playlist(media(["a.ts"], extra=said))
    assert seconds(heard(station.url("/l.m3u8"))[0]) == pytest.approx(1.0, abs=0.2)


@pytest.mark.long
def test_limits_end_a_stream_that_never_does(station: Radio) -> None:
    station.answers["/x"] = plays(tune(20.0))
    with pytest.raises(StreamTrouble) as refused:
        heard(station.url("/x"), reach(most_bytes=90_000))
    assert refused.value.reason.code == "relay.too_many_bytes"
