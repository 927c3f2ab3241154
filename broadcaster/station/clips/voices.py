"""Which voice an announcement asks for, as it is written down: ``engine[:name][@region]``, such as ``auto@south``."""

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.speech import AUTO, OFFLINE, REGIONS, Voice
from broadcaster.speech import settings as speech_settings
from broadcaster.station.rows import settings

ENGINES = (AUTO, OFFLINE, *speech_settings.ENGINES)
NEEDS_INTERNET = frozenset(("gtts", "fpt", "viettel", "vbee", "google", "azure"))
LONGEST = 80
"""Characters of one that is written down."""
REGION = "voice.region"
"""The setting that holds the accent of announcements that do not choose one."""


def check(written: str, *, field: str = "voice") -> None:
    """Raises Invalid for an engine or a region there is not."""
    engine, _, region = parts(written)
    if engine not in ENGINES or ("@" in written and region not in REGIONS) or len(written) > LONGEST:
        raise Invalid("voice.unknown", field=field, voice=written[:40])


def needs_internet(written: str) -> bool:
    """Whether it cannot speak while the line is down; ``auto`` may try an online voice first, and so it counts."""
    engine, _, _ = parts(written)
    return engine == AUTO or engine in NEEDS_INTERNET


def voice_of(s: Session, written: str = AUTO, *, rate_percent: int = 100) -> Voice:
    """The voice that was asked for; the station's own accent where none was."""
    engine, name, region = parts(written)
    return Voice(
        engine=engine,
        name=name,
        region=region or str(settings.read(s, REGION, REGIONS[0])),
        rate_percent=rate_percent,
    )


def settle_region(s: Session, region: str) -> None:
    """The configuration's accent, for everything that is planned from now on."""
    if settings.read(s, REGION, REGIONS[0]) != region:
        settings.write(s, REGION, region)


def parts(written: str) -> tuple[str, str, str]:
    """Engine, its own name of the voice, region; empty where nothing is written."""
    who, _, region = written.partition("@")
    engine, _, name = who.partition(":")
    return engine, name, region
