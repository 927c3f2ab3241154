"""Settings of the sound; the station's configuration composes them."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

HornSetting = Literal["mild", "loud", "strong", "off"]
"""How hard a sound is worked on for horns; ``loud`` is mild, and louder: what emergencies use."""
LOUD: tuple[HornSetting, ...] = ("loud", "strong")
"""Settings whose loudness is ``strong_loudness_lufs``."""
Lufs = Annotated[float, Meta(ge=-30, le=-8)]
Milliseconds = Annotated[int, Meta(ge=0, le=10_000)]


@dataclass(frozen=True, kw_only=True)
class AudioSettings:
    """How sound becomes a clip.

    bitrate_bps: Opus bits per second; 24,000 is the most that keeps a minute under 200 kB.
    encoder_complexity: Opus encoder effort, 0 (fastest) to 10.
    m4a_bitrate_bps: AAC bits per second of the copy for phones that play no Ogg.
    loudness_lufs: loudness of a clip (ITU-R BS.1770) with mild or no horn processing.
    strong_loudness_lufs: loudness of a clip with loud or strong horn processing.
    lead_silence_ms: silence before anything sounds.
    chime_gap_ms: silence between chime and first word.
    repeat_gap_ms: silence between two readings of the same text.
    longest_clip_minutes: longest clip that may be made or uploaded.
    largest_upload_megabytes: largest file that may be uploaded.
    """

    bitrate_bps: Annotated[int, Meta(ge=16_000, le=24_000)] = 20_000
    encoder_complexity: Annotated[int, Meta(ge=0, le=10)] = 8
    m4a_bitrate_bps: Annotated[int, Meta(ge=24_000, le=96_000)] = 40_000
    loudness_lufs: Lufs = -16.0
    strong_loudness_lufs: Lufs = -14.0
    lead_silence_ms: Milliseconds = 400
    chime_gap_ms: Milliseconds = 700
    repeat_gap_ms: Milliseconds = 1500
    longest_clip_minutes: Annotated[int, Meta(ge=1, le=120)] = 45
    largest_upload_megabytes: Annotated[int, Meta(ge=1, le=500)] = 60
