"""A voice in words: who it is, where it is from, what it costs, and who speaks when it cannot."""

from collections.abc import Iterable

from broadcaster.speech import AUTO, OFFLINE
from broadcaster.station.clips import voices
from broadcaster.station.rows.voice_states import KnownVoice, KnownVoices
from web.shell.words import word
from web.translations.languages import gettext as _
from web.translations.languages import later as _l

SEX = {"female": _l("giọng nữ"), "male": _l("giọng nam")}
REGION = {"north": _l("miền Bắc"), "centre": _l("miền Trung"), "south": _l("miền Nam")}
GENERAL = (AUTO, OFFLINE, "auto@centre", "auto@south")
"""What may be asked for whatever voices there are."""


def label(voice: KnownVoice) -> str:
    """In a list: name, sex, region, whose, and what it needs."""
    facts = [
        voice.name,
        str(SEX[voice.sex]) if voice.sex in SEX else "",
        str(REGION.get(voice.region, "")),
        voice.provider,
        _("cần Internet") if voice.online else _("không cần Internet"),
    ]
    return " · ".join(fact for fact in facts if fact)


def options(state: KnownVoices, *, chosen: str = AUTO, offline_only: bool = False) -> list[tuple[str, str]]:
    """For a list to choose from; what is chosen stands in it, even when it is gone."""
    general = [each for each in GENERAL if not (offline_only and voices.needs_internet(each))]
    found = [(each, str(word("voice", each).label)) for each in general]
    found += [(each.written, _option(each)) for each in state.voices if not (offline_only and each.online)]
    if not state.voices:
        found += [(each, str(word("voice", each).label)) for each in ("gtts", "piper", "espeak") if not offline_only]
    if chosen not in {written for written, _label in found}:
        found.append((chosen, name(state, chosen)))
    return found


def name(state: KnownVoices, written: str) -> str:
    """The voice that is asked for, as people know it."""
    known = state.find(written)
    if known is not None:
        return label(known)
    engine, own_name, region = voices.parts(written)
    if not own_name:
        return str(word("voice", written if written in GENERAL else engine).label) + _of(region, written)
    return f"{own_name} ({word('voice', engine).label})"


def price(voice: KnownVoice) -> str:
    if not voice.online:
        return _("không mất tiền")
    if voice.engine == "gtts":
        return _("không mất tiền, không ai bảo đảm")
    if voice.usd_per_million is None:
        return _("theo hợp đồng với %(provider)s", provider=voice.provider)
    return _("khoảng %(price)g USD một triệu ký tự", price=voice.usd_per_million)


def fallback(state: KnownVoices, written: str) -> str:
    """Who says the whole clip when the voice that is asked for cannot, in the order of the station."""
    engine, _name, _region = voices.parts(written)
    offline = engine == OFFLINE
    order = [each for each in state.order if each != engine and not (offline and each in voices.NEEDS_INTERNET)]
    ready = [each for each in order if _speaks(state, each)]
    return ", ".join(str(word("voice", each).label) for each in ready[:3])


def stick_options(state: KnownVoices) -> list[tuple[str, str]]:
    """Packs on sticks, by path."""
    return [("", _("Không")), *((path, path) for path in state.sticks)]


def _speaks(state: KnownVoices, engine: str) -> bool:
    of_it = [each for each in state.voices if each.engine == engine]
    return any(each.trouble is None for each in of_it)


def _option(voice: KnownVoice) -> str:
    return label(voice) if voice.trouble is None else _("%(voice)s – đang không đọc được", voice=label(voice))


def _of(region: str, written: str) -> str:
    return f", {REGION[region]}" if region in REGION and written not in GENERAL else ""


def hamlet_options(state: KnownVoices, chosen: str) -> Iterable[tuple[str, str]]:
    """The same, with the way back to no choice of its own first."""
    return [("", _("Như cả xã")), *options(state, chosen=chosen or AUTO)[1:]]
