"""Voice packs as one engine: ``pack:<pack>/<speaker>`` asks for one, ``pack`` alone for one of the region."""

import threading
from pathlib import Path

import numpy as np

from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.speech.clauses import packed_clauses
from broadcaster.speech.deadline import Deadline
from broadcaster.speech.engine import Speech
from broadcaster.speech.errors import EngineFailed, EngineUnavailable, VoiceAbsent
from broadcaster.speech.packs.examination import speech_of
from broadcaster.speech.packs.loading import lacking_library, load
from broadcaster.speech.packs.manifest import PackSpeaker
from broadcaster.speech.packs.runtimes.port import PackRuntime
from broadcaster.speech.packs.shelf import InstalledPack, check_files, find, installed
from broadcaster.speech.voices import Voice

_LONGEST_CLAUSE = 300
"""Characters a model is given at once: its memory grows with them."""
_PAUSE_MS = 120
"""Between the pieces of a sentence that is longer."""


class PackEngine:
    """Speaks with the packs of ``voices_dir``; a pack's files are compared with their digests when it is loaded."""

    name = "pack"
    parallel = 1  # the libraries spread one sentence over every core by themselves

    def __init__(self, voices_dir: Path) -> None:
        self._voices_dir = voices_dir
        self._lock = threading.Lock()
        self._loaded: dict[tuple[str, str], PackRuntime] = {}

    def version(self) -> str:
        """Every pack with the digests of its files: a replaced pack is a new version."""
        return "pack-" + ",".join(f"{each.manifest.id}-{each.version}" for each in installed(self._voices_dir))

    def available(self) -> Reason | None:
        packs = installed(self._voices_dir)
        if not packs:
            return Reason("pack.none")
        lacking = [lacking_library(each.manifest.engine) for each in packs]
        return None if None in lacking else lacking[0]

    def synthesize(self, sentence: str, *, voice: Voice, deadline: Deadline) -> Speech:
        pack, speaker = self._chosen(voice)
        with self._lock:
            runtime = self._load(pack)
            pieces: list[Speech] = []
            for clause in packed_clauses(sentence, limit=_LONGEST_CLAUSE):
                if deadline.passed:
                    raise EngineFailed("pack.reading_too_slow", pack=pack.manifest.name)
                pieces.append(_say(runtime, clause, speaker=speaker, rate_percent=voice.rate_percent))
        if not any(each.samples.any() for each in pieces):
            raise EngineFailed("pack.silent", pack=pack.manifest.name)
        return _joined(pieces)

    def _chosen(self, voice: Voice) -> tuple[InstalledPack, PackSpeaker]:
        pack_id, _, speaker_id = voice.name.partition("/")
        if pack_id:
            pack = find(self._voices_dir, pack_id)
            speaker = pack.manifest.speaker(speaker_id, region=voice.region) if pack else None
            if pack is None or speaker is None:
                raise VoiceAbsent("pack.unknown", pack=voice.name)
            return pack, speaker
        packs = [each for each in installed(self._voices_dir) if lacking_library(each.manifest.engine) is None]
        if not packs:
            raise VoiceAbsent("pack.none")
        near = [each for each in packs if any(one.region == voice.region for one in each.manifest.speakers)]
        pack = (near or packs)[0]
        return pack, pack.manifest.speaker("", region=voice.region) or pack.manifest.speakers[0]

    def _load(self, pack: InstalledPack) -> PackRuntime:
        key = (pack.manifest.id, pack.version)
        if key not in self._loaded:
            self._loaded = {}  # one model in memory at a time: a station has 2 GB
            try:
                if reason := lacking_library(pack.manifest.engine):
                    raise VoiceAbsent.of(reason)
                check_files(pack.folder, pack.manifest)
                self._loaded[key] = load(pack)
            except EngineUnavailable:
                raise
            except LoaError as error:
                raise EngineUnavailable.of(error.reason) from error
            except Exception as error:  # libraries raise classes of their own; the next engine speaks
                raise EngineUnavailable("pack.not_loaded", pack=pack.manifest.name) from error
        return self._loaded[key]


def _say(runtime: PackRuntime, clause: str, *, speaker: PackSpeaker, rate_percent: int) -> Speech:
    try:
        return speech_of(runtime.say(clause, speaker=speaker, rate_percent=rate_percent), runtime.sample_rate)
    except Exception as error:  # as above
        raise EngineFailed("pack.unreadable", pack=speaker.name) from error


def _joined(pieces: list[Speech]) -> Speech:
    rate = pieces[0].sample_rate
    pause = np.zeros(rate * _PAUSE_MS // 1000, np.int16)
    laid = [part for piece in pieces for part in (pause, piece.samples)][1:]
    return Speech(np.concatenate(laid), rate)
