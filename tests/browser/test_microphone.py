"""Somebody speaks into a real browser's microphone, and what they said goes out and is in the recording."""

import threading
import time
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from nacl.signing import SigningKey
from playwright.sync_api import Playwright, expect
from scipy.signal import fftconvolve

from broadcaster.audio.settings import AudioSettings
from broadcaster.live.on_air import Surroundings
from broadcaster.live.pieces import Piece
from broadcaster.live.runner import LiveRunner
from broadcaster.live.sound_reader import KINDS, SoundReader
from broadcaster.protocol.live.packets import FRAME_MS, LivePacket, unpack
from broadcaster.protocol.live.packets import RATE as RATE_OF_SESSIONS
from broadcaster.station.live import sessions
from broadcaster.station.vocabulary.states import LiveState
from speaker_node.sound.live.frames import LiveFrames
from speaker_node.sound.live.stream import LiveStream, LiveTotals
from tests.browser.rig.chromium import PATIENCE_MS, Chromium
from tests.browser.rig.person import Person
from tests.browser.rig.stage import Stage, now

KEY = SigningKey(bytes(range(32)))
RATE = 48_000
PITCH_HZ = 700


def spoken(path: Path) -> np.ndarray:
    """Six seconds of bursts in no regular order, as a file the browser takes for its microphone; their envelope."""
    random = np.random.default_rng(7)
    steps = np.repeat(random.integers(0, 2, 60), RATE // 10)
    sound = np.sin(2 * np.pi * PITCH_HZ * np.arange(len(steps)) / RATE) * steps * 12_000
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes(sound.astype("<i2").tobytes())
    return steps[:: RATE // 100].astype(float)


@pytest.fixture
def sent(stage: Stage) -> Iterator[list[LivePacket]]:
    """A station that sends microphones, into this list."""
    packets: list[LivePacket] = []

    def publish(topic: str, payload: bytes) -> None:
        packets.append(unpack(payload, station="con-minh", session=topic.split("/")[4], key=KEY.verify_key))

    config = stage.app.extensions["loa"].config
    around = Surroundings(
        database=stage.database,
        data_dir=config.data_dir.absolute(),
        clips_dir=config.clips_dir,
        station="con-minh",
        key=KEY,
        publish=publish,
        clock=now,
    )
    runner, stop = LiveRunner(around, AudioSettings()), threading.Event()
    runner.prepare()
    thread = threading.Thread(target=runner.run, args=(stop,), name="live")
    thread.start()
    yield packets
    stop.set()
    thread.join()


@pytest.fixture
def speaker(playwright: Playwright, stage: Stage, tmp_path: Path) -> Iterator[Person]:
    """An officer whose microphone hears a file."""
    spoken(tmp_path / "voice.wav")
    browser = Chromium(
        playwright,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={tmp_path / 'voice.wav'}",
    )
    person = Person(browser, stage, "canbo", permissions=["microphone"])
    yield person
    person.leave()
    browser.close()


LOSING = """(() => {
  const real = window.fetch;
  window.posted = [];
  window.fetch = (address, ...more) => {
    const piece = new URL(address, location.href);
    if (!piece.pathname.endsWith("/pieces")) return real(address, ...more);
    window.posted.push(piece.searchParams.get("seq"));
    return window.posted.length <= 3 ? Promise.reject(new TypeError("lost")) : real(address, ...more);
  };
})()"""
"""The first three posts of the page do not arrive, as if the link were gone for about a second."""


def likeness(heard: np.ndarray, rate: int, pattern: np.ndarray) -> float:
    """Of the envelope of what was recorded to the pattern, which may begin anywhere in it and goes round."""
    step = rate // 100
    levels = np.abs(heard[: len(heard) // step * step].reshape(-1, step)).max(axis=1)
    levels, endless = levels - levels.mean(), np.tile(pattern, 4) - pattern.mean()
    products = fftconvolve(endless, levels[::-1], mode="valid")
    return float(products.max() / (np.linalg.norm(levels) * np.linalg.norm(endless[: len(levels)])))


def test_what_is_said_into_the_browser_goes_out_and_is_recorded(
    stage: Stage, sent: list[LivePacket], speaker: Person, tmp_path: Path
) -> None:
    page = speaker.page
    page.add_init_script(LOSING)
    speaker.go("/microphone")
    page.locator("label", has_text="Lủng Pảng").first.click()
    page.locator("#live-start").click()
    expect(page.locator("#live-say")).to_contain_text("ĐANG PHÁT")
    until = time.monotonic() + PATIENCE_MS / 1000
    while sum(len(packet.frames) for packet in sent) < 200 and time.monotonic() < until:
        page.wait_for_timeout(100)
    expect(page.locator("#live-listeners")).to_contain_text("Lủng Pảng")
    assert page.evaluate("window.posted.slice(0, 4)") == ["0"] * 4, "what was lost is sent again until it is answered"
    page.locator("#live-stop").click()
    expect(page.locator("#live-say")).to_contain_text("Đã kết thúc")
    while time.monotonic() < until:
        with stage.database.reading() as s:
            row = sessions.latest(s, most=1)
        if row and row[0].state is LiveState.ENDED and row[0].recording_sha256:
            break
        time.sleep(0.2)
    clips_dir = stage.app.extensions["loa"].config.clips_dir
    heard, rate = soundfile.read(clips_dir / f"{row[0].recording_sha256}.ogg")
    assert len(heard) >= 3 * rate
    pattern = spoken(tmp_path / "again.wav")
    assert likeness(heard, rate, pattern) > 0.6
    assert likeness(at_a_node(sent), RATE_OF_SESSIONS, pattern) > 0.6
    assert speaker.errors == []


def at_a_node(sent: list[LivePacket]) -> np.ndarray:
    """What a node plays of these packets, from the first word on."""
    frames, totals = LiveFrames("session"), LiveTotals()
    for number, packet in enumerate(sent):
        at_ms = packet.base_ms + packet.first * FRAME_MS
        frames.take(packet, late_ms=0, now_ms=at_ms - 500, monotonic=number * 0.4)
    blocks = []
    with LiveStream([], frames, totals, most_samples=120 * RATE_OF_SESSIONS) as stream:
        while block := stream.read(480):
            blocks.append(block)
    assert totals.heard_ms >= 3000
    begin = max(packet.base_ms for packet in sent) * RATE_OF_SESSIONS // 1000
    return np.frombuffer(b"".join(blocks), "<i2")[begin:].astype(float)


RECORD = """async ([hidden, wanted]) => {
  for (const name of hidden) Object.defineProperty(window, name, { value: undefined, configurable: true });
  const capture = await window.LoaCapture.open(document.getElementById("live-form").dataset.worklet, () => {});
  const found = [], from = performance.now();
  await capture.begin((piece) => found.push({ ...piece, body: Array.from(piece.body) }));
  while (found.length < wanted && performance.now() - from < 30000) await new Promise((done) => setTimeout(done, 50));
  capture.close();
  return found;
}"""
PIECES = 6


BEST_FIRST = (("opus", []), ("slice", ["AudioEncoder"]), ("pcm", ["AudioEncoder", "MediaRecorder"]))
"""Each kind of piece, and what a browser lacks that makes it."""


def test_each_kind_of_piece_a_browser_can_make_is_the_voice(speaker: Person) -> None:
    """By its pitch alone: on a machine that stutters its rhythm is not what the file says."""
    for kind, hidden in BEST_FIRST:
        speaker.go("/microphone")
        made = speaker.page.evaluate(RECORD, [hidden, PIECES])
        assert {each["kind"] for each in made} == {kind}
        heard = np.frombuffer(samples(made), "<i2").astype(float)
        assert len(heard) >= RATE_OF_SESSIONS, kind
        assert abs(np.fft.rfft(heard).__abs__().argmax() * RATE_OF_SESSIONS / len(heard) - PITCH_HZ) < 10, kind


def samples(made: list[dict[str, Any]]) -> bytes:
    """What the process that reads a browser's pieces makes of these. Slices are decoded by a thread of its own there:
    an empty one asks for what it has made meanwhile."""
    reader = SoundReader()
    try:
        pieces = [
            Piece(seq, each["atMs"], KINDS[each["kind"]], round(each["rate"]), bytes(each["body"]))
            for seq, each in enumerate(made)
        ]
        read = [reader.samples(each) for each in pieces]
        until = time.monotonic() + 20
        while sum(map(len, read)) < 3 * RATE_OF_SESSIONS and time.monotonic() < until:
            read.append(reader.samples(replace(pieces[-1], body=b"")))
        return b"".join(read)
    finally:
        reader.close()
