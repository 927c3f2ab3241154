"""Bodies about voices."""

from web.api.bodies import Answer, Request


class KnownVoice(Answer, frozen=True, kw_only=True):
    """One voice of the station.

    voice: how an announcement asks for it; label: as people know it. sex: female, male or empty.
    usd_per_million: published price of a million characters; null where it is free or by contract.
    trouble: why it cannot speak now, or null.
    """

    voice: str
    label: str
    engine: str
    region: str
    sex: str
    online: bool
    usd_per_million: float | None
    trouble: str | None


class VoiceChoices(Request, Answer, frozen=True, kw_only=True):
    """Who speaks where an announcement leaves it open: by class, and by the id of a hamlet.

    emergency: a voice of the machine; one that needs the internet is refused.
    """

    routine: str
    priority: str
    emergency: str
    hamlets: dict[str, str]


class StationVoices(Answer, frozen=True, kw_only=True):
    """voices: all there are; choices: what the commune chose; order: engines as they are tried otherwise."""

    voices: list[KnownVoice]
    choices: VoiceChoices
    order: list[str]


class VoiceKey(Request, frozen=True, kw_only=True):
    """key: of the provider, with app_id or region where it wants one; all empty forgets it. Never given back."""

    key: str = ""
    app_id: str = ""
    region: str = ""
