"""Which voice an announcement asks for, as it is written down: ``engine[:name][@region]``, such as ``auto@south``."""

from sqlalchemy.orm import Session

from broadcaster.errors import Invalid
from broadcaster.speech import AUTO, REGIONS, Voice
from broadcaster.speech import settings as speech_settings
from broadcaster.station.rows import settings

ENGINES = (AUTO, *speech_settings.ENGINES)
REGION = "voice.region"
"""The setting that holds the accent of announcements that do not choose one."""


def check(written: str) -> None:
    """Raises Invalid for an engine or a region there is not."""
    engine, _, region = _parts(written)
    if engine not in ENGINES or ("@" in written and region not in REGIONS):
        raise Invalid("voice.unknown", field="voice", voice=written[:40])


def voice_of(s: Session, written: str = AUTO, *, rate_percent: int = 100) -> Voice:
    """The voice that was asked for; the station's own accent where none was."""
    engine, name, region = _parts(written)
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


def _parts(written: str) -> tuple[str, str, str]:
    who, _, region = written.partition("@")
    engine, _, name = who.partition(":")
    return engine, name, region
