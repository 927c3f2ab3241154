"""How a request is worded: a provider's templates filled with the script, the voice, the speed and the key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from broadcaster.speech.online.providers import OwnSpeed, Provider


@dataclass(frozen=True, slots=True)
class Wording:
    """url, headers, body: of the request. Nothing but the words, the voice, the speed and the key is in it."""

    url: str
    headers: dict[str, str]
    body: bytes


def worded(provider: Provider, *, text: str, voice: str, speed: str | float, keys: Mapping[str, str]) -> Wording:
    """The request for one piece of the script."""
    values: dict[str, Any] = {**keys, "text": text, "voice": voice, "speed": speed}
    headers = {name: _filled(value, {**values, "text": ""}) for name, value in provider.headers.items()}
    body = b""
    match provider.body.kind:
        case "text":
            body = text.encode()
        case "xml":
            safe = {name: escape(str(value)) for name, value in values.items()}
            safe["voice"] = quoteattr(voice)[1:-1]
            body = _filled(provider.body.value, safe).encode()
        case "json":
            body = json.dumps(_deep(provider.body.value, values), ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json")
    return Wording(_filled(provider.url, dict(keys)), headers, body)


def own_speed(speed: OwnSpeed, rate_percent: int) -> tuple[str | float, int]:
    """What the provider is given, and the percent by which its sound is stretched here for the rest."""
    match speed.kind:
        case "factor":
            asked_speed = min(max(rate_percent / 100, speed.least), speed.most)
            return asked_speed, round(rate_percent / asked_speed)
        case "percent":
            more = min(max(rate_percent - 100, int(speed.least)), int(speed.most))
            return f"{more:+d}%", round(rate_percent * 100 / (100 + more))
        case _:
            # A step's worth is not published exactly: steps are left at normal and the sound is stretched.
            return "0", rate_percent


def _filled(template: str, values: Mapping[str, Any]) -> str:
    for name, value in values.items():
        template = template.replace("{" + name + "}", str(value))
    return template


def _deep(template: Any, values: Mapping[str, Any]) -> Any:
    """A text that is one placeholder alone becomes the value itself, numbers as numbers."""
    if isinstance(template, dict):
        return {name: _deep(each, values) for name, each in template.items()}
    if isinstance(template, str) and template.startswith("{") and template.endswith("}"):
        return values.get(template[1:-1], template)
    return template
