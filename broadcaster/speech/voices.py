"""Who speaks: an engine's voice, where its accent is from, and how fast it talks."""

from dataclasses import dataclass

AUTO = "auto"
"""Engine name that leaves the choice to the station's order of engines."""

OFFLINE = "offline"
"""Engine name that does the same, but leaves out every engine that needs the internet."""

REGIONS = ("north", "centre", "south")


@dataclass(frozen=True, slots=True)
class Voice:
    """A choice of voice; part of the clip's identity."""

    engine: str
    """Engine asked for (``gtts``, ``pack``, ``piper``, ``espeak``), ``auto`` or ``offline``."""
    name: str
    """The engine's own name for the voice; empty lets the engine choose by region."""
    region: str
    """Accent: ``north``, ``centre`` or ``south``."""
    rate_percent: int = 100
    """Speed in percent of the engine's normal speed, 50 to 200."""

    def __post_init__(self) -> None:
        if self.region not in REGIONS:
            raise ValueError(f"region must be one of {REGIONS}, not {self.region!r}")
        if not 50 <= self.rate_percent <= 200:
            raise ValueError(f"rate_percent must be 50 to 200, not {self.rate_percent}")

    def spoken_by(self, engine: str) -> "Voice":
        """The same wish put to ``engine``: a name only means something to the engine it was chosen from."""
        name = self.name if engine == self.engine else ""
        return Voice(engine=engine, name=name, region=self.region, rate_percent=self.rate_percent)
