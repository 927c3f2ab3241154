"""Words of gauges: what they measure, and what a rule over one does."""

from enum import StrEnum


class GaugeMeasure(StrEnum):
    """Kind of measure."""

    WATER_LEVEL = "water_level"
    RAIN = "rain"
    FLOW = "flow"
    WIND = "wind"
    OTHER = "other"


class GaugeAction(StrEnum):
    """What happens at a crossing; each does what stands before it, too. SPEAK sounds only as two people allowed."""

    NOTIFY = "notify"
    PREPARE = "prepare"
    SPEAK = "speak"
