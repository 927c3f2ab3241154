"""The station's look at its voices: what there is, whether a key is still good, and packs that somebody brought."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from broadcaster.config import Config
from broadcaster.errors import LoaError
from broadcaster.refusals.reasons import Reason
from broadcaster.speech import Voice
from broadcaster.speech.catalogue import CatalogueVoice, catalogue
from broadcaster.speech.factory import account_of
from broadcaster.speech.online.providers import providers
from broadcaster.speech.packs import incoming
from broadcaster.speech.packs.adding import add_pack
from broadcaster.speech.packs.archive import ENDINGS
from broadcaster.speech.packs.trial import Trial, in_own_process
from broadcaster.station.clips import voice_changes, voices
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import voice_states
from broadcaster.station.rows.voice_states import KnownVoice, KnownVoices, TakenIn

LOOK_SECONDS = 15.0
ASK_SECONDS = 3 * 3600.0
"""How often a provider whose voice is in use is asked for a few words, so that an expired key is found by day."""
WORDS = "Xin chào bà con."


STICKS = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt/*")
_LAST = 6

log = logging.getLogger(__name__)


class Speaker(Protocol):
    """What is asked of the voices; ``speech.chain.SpeechChain`` is the real one."""

    def why_not(self, engine_name: str) -> Reason | None: ...
    def try_voice(self, voice: Voice, words: str) -> Reason | None: ...


class VoiceKeeper:
    """Looks every few seconds; writes only what changed."""

    def __init__(
        self,
        database: Database,
        config: Config,
        speaker: Speaker,
        clock: Callable[[], datetime],
        *,
        trial: Trial | None = None,
        sticks: Iterable[str] = STICKS,
    ) -> None:
        self._database = database
        self._config = config
        self._speaker = speaker
        self._clock = clock
        self._trial = trial or in_own_process()
        self._sticks = tuple(sticks)
        self._asked_at_seconds: dict[str, float] = {}
        self._answers: dict[str, Reason | None] = {}
        self._last: list[TakenIn] = []

    def run(self, stop: threading.Event) -> None:
        """Until the station stops. What fails is logged and looked at again."""
        while not stop.is_set():
            try:
                self.look()
            except (LoaError, OSError) as error:
                log.warning("the voices could not be looked at: %s", error)
            stop.wait(LOOK_SECONDS)

    def look(self) -> None:
        """Take in what was brought, ask what is to be asked, and say what there is."""
        self._take_in()
        with self._database.reading() as s:
            used, known = voice_changes.in_use(s), voice_states.read(s)
        self._ask(used)
        state = self._state(known)
        if state != known:
            with self._database.session() as s:
                voice_states.write(s, state, self._clock())

    def _take_in(self) -> None:
        folder = self._config.data_dir / "voices" / incoming.FOLDER
        for file in sorted(folder.glob("[!.]*")) if folder.is_dir() else []:
            refused = self._added(file)
            name = file.name.partition("--")[2] or file.name
            self._last = [TakenIn(name=name, at=self._clock(), refused=refused), *self._last][:_LAST]
            file.unlink(missing_ok=True)

    def _added(self, file: Path) -> Reason | None:
        try:
            pack = add_pack(file, voices_dir=self._config.data_dir / "voices", trial=self._trial)
        except LoaError as error:
            log.warning("the voice pack %s was refused: %s", file.name, error)
            return error.reason
        except OSError as error:
            return Reason("pack.archive_unusable", file=file.name, cause=error.strerror)
        log.info("the voice pack %s was taken in", pack.manifest.id)
        return None

    def _ask(self, used: set[str]) -> None:
        """A few words of each provider in use, now and then; what they cost is counted like any others."""
        for written in sorted(used):
            engine, name, region = voices.parts(written)
            if engine not in providers() or self._is_known(engine):
                continue
            self._asked_at_seconds[engine] = time.monotonic()
            self._answers[engine] = self._speaker.try_voice(Voice(engine, name, region or "north"), WORDS)

    def _is_known(self, engine: str) -> bool:
        asked_at_seconds = self._asked_at_seconds.get(engine)
        return asked_at_seconds is not None and time.monotonic() - asked_at_seconds < ASK_SECONDS

    def _state(self, known: KnownVoices) -> KnownVoices:
        account = account_of(self._config.speech, self._config.data_dir)
        return KnownVoices(
            voices=tuple(self._known_voice(each) for each in catalogue(self._config.data_dir)),
            order=self._config.speech.engines,
            sticks=self._packs_on_sticks(),
            spent={name: account.spending.spent(name) for name in providers()},
            most=account.spending.most,
            last=tuple(self._last) or known.last,
        )

    def _known_voice(self, voice: CatalogueVoice) -> KnownVoice:
        trouble = voice.trouble
        if trouble is None and voice.engine in providers():
            trouble = _lasting(self._answers.get(voice.engine)) or _lasting(self._speaker.why_not(voice.engine))
        return KnownVoice(**asdict(replace(voice, trouble=None)) | {"trouble": trouble})

    def _packs_on_sticks(self) -> tuple[str, ...]:
        folders = [folder for pattern in self._sticks for folder in Path("/").glob(pattern.lstrip("/"))]
        found = [file for folder in folders if folder.is_dir() for file in _readable(folder)]
        return tuple(str(file) for file in sorted(set(found))[:20])


def _readable(folder: Path) -> list[Path]:
    try:
        return [file for file in folder.iterdir() if file.name.endswith(ENDINGS) and file.is_file()]
    except OSError:
        return []


def _lasting(reason: Reason | None) -> Reason | None:
    """What will not pass by itself; a line that is down for an hour says nothing against a key."""
    lasting = ("key_refused", "limit_reached", "month_spent", "provider_refused", "no_key", "key_", "unknown")
    code = reason.code.removeprefix("online_voice.") if reason is not None else ""
    return reason if code.startswith(lasting) else None
