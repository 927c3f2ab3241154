"""Settings of the voices; the station's configuration composes them."""

from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from msgspec import Meta

Seconds = Annotated[float, Meta(gt=0)]
EngineName = Literal["gtts", "fpt", "viettel", "vbee", "google", "azure", "pack", "piper", "espeak"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
"""Every voice engine there is; those with a key of the operator's between."""


@dataclass(frozen=True, kw_only=True)
class SpeechSettings:
    """How words become sound.

    engines: tried in this order; one says the whole clip. Others are used where an announcement asks for them.
    region: accent when an announcement does not choose, where the engine has it.
    rate_percent: speed when an announcement does not choose, in percent of the engine's normal speed.
    gtts_endpoint: scheme and host of the online voice.
    gtts_connect_seconds: longest wait for a name and a connection.
    gtts_read_seconds: longest silence on an open connection.
    gtts_budget_seconds: longest time a whole clip may take online.
    online_connect_seconds, online_read_seconds: the same two limits for providers with a key.
    online_characters_a_month: most characters each of these providers is sent in a month; 0 is no limit.
    pack_budget_seconds: longest time a whole clip may take with a voice pack.
    piper_voice: name of the added Piper voice to use; empty takes the first one there is.
    piper_budget_seconds: longest time a whole clip may take with Piper.
    espeak_budget_seconds: longest time a whole clip may take with espeak-ng.
    breaker_failures: failed clips in a row after which an engine is left alone.
    breaker_rest_seconds: how long it is left alone first; doubled each time, up to an hour.
    proof_hearing: have the machine listener, where it is installed, hear what waits and write down recordings.
    cache_megabytes: largest size of the sentences kept on disk.
    """

    engines: tuple[EngineName, ...] = ("gtts", "pack", "piper", "espeak")
    region: Literal["north", "centre", "south"] = "north"
    rate_percent: Annotated[int, Meta(ge=50, le=200)] = 100
    gtts_endpoint: str = "https://translate.google.com"
    gtts_connect_seconds: Seconds = 2.5
    gtts_read_seconds: Seconds = 8.0
    gtts_budget_seconds: Seconds = 60.0
    online_connect_seconds: Seconds = 5.0
    online_read_seconds: Seconds = 15.0
    online_characters_a_month: Annotated[int, Meta(ge=0)] = 300_000
    pack_budget_seconds: Seconds = 600.0
    piper_voice: str = ""
    piper_budget_seconds: Seconds = 600.0
    espeak_budget_seconds: Seconds = 300.0
    breaker_failures: Annotated[int, Meta(ge=1, le=20)] = 2
    breaker_rest_seconds: Seconds = 120.0
    proof_hearing: bool = True
    cache_megabytes: Annotated[int, Meta(ge=1, le=10_000)] = 300
