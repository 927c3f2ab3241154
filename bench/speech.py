"""From words to a finished clip, how fast?  ``python -m bench.speech [TEXT_FILE…]``

240 words of announcements, espeak-ng, one core. The baseline is the same sound through libsndfile's own Opus encoder,
in the same run: machines are shared and absolute times drift, so quote the ratios.
"""

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import soundfile
from pystoi import stoi

from broadcaster.audio.encode import opus
from broadcaster.audio.sound import CLIP_RATE, Sound
from broadcaster.rendering import ClipPlan, Renderer
from broadcaster.speech import SpeechSettings, Voice
from broadcaster.speech.factory import build_chain
from broadcaster.text import normalize

TEXTS = ("06-dich-ta-lon.txt", "02-bao-khan-cap.txt", "01-cat-dien.txt")
WORDS = 240
RUNS = 5


def text_of(paths: list[Path]) -> str:
    lines = [line for path in paths for line in path.read_text().splitlines()]
    chosen: list[str] = []
    while lines and len(" ".join(chosen).split()) < WORDS:
        chosen.append(lines.pop(0))
    return "\n".join(chosen)


def plan_of(text: str) -> ClipPlan:
    return ClipPlan(
        script=normalize(text), voice=Voice("espeak", "", "north"), broadcast_class="routine", chime="routine"
    )


def renderer_in(folder: Path) -> Renderer:
    settings = SpeechSettings(engines=("espeak",))
    chain = build_chain(settings, cache_dir=folder / "sentences", voices_dir=folder / "voices")
    return Renderer(chain=chain, clips_dir=folder / "clips")


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cold(text: str) -> tuple[float, Sound]:
    """Seconds from text to clip with nothing known, and the sound."""
    with tempfile.TemporaryDirectory() as folder:
        renderer = renderer_in(Path(folder))
        seconds = timed(lambda: renderer.render(plan_of(text)))
        return seconds, renderer.perform(plan_of(text))[0]


def edited(text: str) -> float:
    """Seconds to the new clip when one sentence of a known text has changed."""
    with tempfile.TemporaryDirectory() as folder:
        renderer = renderer_in(Path(folder))
        renderer.render(plan_of(text))
        return timed(lambda: renderer.render(plan_of(text.replace(". ", ". Bà con chú ý. ", 1))))


def fresh_process(text: str) -> float:
    """Seconds of ``loa say`` from nothing: interpreter, imports, an empty cache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "LOA_DATA_DIR": folder, "LOA_SPEECH__ENGINES": "[espeak]"}
        command = [sys.executable, "-m", "loa", "say", "-", "-o", f"{folder}/clip.ogg", "--chime", "routine"]
        return timed(
            lambda: subprocess.run(
                command, input=text, text=True, check=True, capture_output=True, env=environment, timeout=120
            )
        )


def libsndfile_opus(sound: Sound) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, sound.to_pcm16(), CLIP_RATE, format="OGG", subtype="OPUS", compression_level=0.95)
    return file.getvalue()


ENCODERS: dict[str, Callable[[Sound], bytes]] = {
    "baseline: libsndfile, quality 0.95": libsndfile_opus,
    **{
        f"libopus 20 kbit/s, complexity {complexity}": lambda sound, c=complexity: opus(sound, complexity=c)  # type: ignore[misc]
        for complexity in (0, 5, 8, 10)
    },
    "libopus 24 kbit/s, complexity 8": lambda sound: opus(sound, bitrate_bps=24_000),
}


def print_whole(text: str) -> Sound:
    sound = cold(text)[1]
    seconds = sound.duration_ms / 1000
    print(f"{len(text.split())} words, {len(plan_of(text).script.sentences)} sentences, {seconds:.0f} s of sound\n")
    rows = {
        "text → clip, nothing known (≥ 25)": [cold(text)[0] for _ in range(RUNS)],
        "text → clip, one sentence edited (≥ 40)": [edited(text) for _ in range(RUNS)],
        "loa say, a process from nothing": [fresh_process(text) for _ in range(3)],
        "baseline: libsndfile's encoder alone": [timed(lambda: libsndfile_opus(sound)) for _ in range(3)],
    }
    print(f"{'one core':42s} × real time (median, slowest)")
    for name, times in rows.items():
        print(f"{name:42s} {seconds / statistics.median(times):8.1f} {seconds / max(times):8.1f}")
    return sound


def print_encoders(sound: Sound) -> None:
    print(f"\n{'encoder (peak check included)':42s} × real time   kB/minute   ESTOI against the original")
    for name, encode in ENCODERS.items():
        seconds = timed(lambda encode=encode: encode(sound))  # type: ignore[misc]
        content = encode(sound)
        decoded, _ = soundfile.read(io.BytesIO(content))
        estoi = stoi(sound.samples, decoded[: len(sound.samples)], CLIP_RATE, extended=True)
        minutes = sound.duration_ms / 60_000
        print(f"{name:42s} {minutes * 60 / seconds:11.1f} {len(content) / 1000 / minutes:11.0f} {estoi:11.3f}")


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    folder = Path("tests/data/announcements")
    text = text_of([Path(path) for path in sys.argv[1:]] or [folder / name for name in TEXTS])
    sound = print_whole(text)
    print_encoders(replace(sound, samples=sound.samples[: 40 * CLIP_RATE]))


if __name__ == "__main__":
    main()
