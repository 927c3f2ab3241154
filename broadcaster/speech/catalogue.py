"""Every voice this machine can be asked for, with what its publisher says of it and what keeps it from speaking."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from broadcaster.refusals.reasons import Reason
from broadcaster.speech.engines.voice_files import voice_files
from broadcaster.speech.online.keys import FOLDER, KeyRing
from broadcaster.speech.online.providers import providers
from broadcaster.speech.packs import shelf
from broadcaster.speech.packs.loading import lacking_library
from broadcaster.speech.voices import REGIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueVoice:
    """As ``station.rows.voice_states.KnownVoice``."""

    written: str
    engine: str
    name: str
    region: str
    sex: str = ""
    online: bool = False
    provider: str = ""
    usd_per_million: float | None = None
    limits: str = ""
    real_time_factor: float | None = None
    trouble: Reason | None = None


def catalogue(data_dir: Path) -> Iterator[CatalogueVoice]:
    """Packs first, then Piper files, providers with a key, and what is always there."""
    yield from _packs(data_dir / "voices")
    for file in voice_files(data_dir / "voices"):
        yield CatalogueVoice(written=f"piper:{file.name}", engine="piper", name=file.name, region="north")
    yield from _online(KeyRing(data_dir / FOLDER))
    yield CatalogueVoice(
        written="gtts", engine="gtts", name="Google Translate", region="north", online=True, sex="female"
    )
    for region in REGIONS:
        yield CatalogueVoice(written=f"espeak@{region}", engine="espeak", name="eSpeak", region=region)


def _packs(voices_dir: Path) -> Iterator[CatalogueVoice]:
    for pack in shelf.installed(voices_dir):
        for speaker in pack.manifest.speakers:
            yield CatalogueVoice(
                written=f"pack:{pack.manifest.id}/{speaker.id}",
                engine="pack",
                name=speaker.name,
                region=speaker.region,
                sex=speaker.sex,
                provider=pack.manifest.name,
                limits=f"{pack.manifest.licence.name}: {pack.manifest.licence.limits}",
                real_time_factor=pack.examined.real_time_factor,
                trouble=lacking_library(pack.manifest.engine),
            )


def _online(keys: KeyRing) -> Iterator[CatalogueVoice]:
    for provider in providers().values():
        trouble = keys.missing(provider)
        if trouble is not None and trouble.code == "online_voice.no_key":
            continue
        for voice in provider.voices:
            yield CatalogueVoice(
                written=f"{provider.name}:{voice.code}",
                engine=provider.name,
                name=voice.name,
                region=voice.region,
                sex=voice.sex,
                online=True,
                provider=provider.title,
                usd_per_million=provider.usd_per_million,
                trouble=trouble,
            )
