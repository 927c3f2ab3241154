"""Playlists as text: HLS (RFC 8216) of either kind, and the plain lists that radio servers hand out. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from broadcaster.relays.troubles import StreamTrouble

MOST_LINES = 20_000
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)')
_PLS_FILE = re.compile(r"^File\d+=(.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of sound.

    sequence: its number in the stream.
    address: as written, relative to the playlist's.
    breaks: nothing before it has to do with it: another codec, another clock.
    start: address of what a decoder needs first (fragmented MP4); empty for none.
    """

    sequence: int
    address: str
    breaks: bool
    start: str


@dataclass(frozen=True, slots=True)
class MediaPlaylist:
    """segments; target_seconds: longest of them; ended: nothing will be added; newest_at: when the last segment was on
    the air, None where the playlist does not say."""

    segments: tuple[Segment, ...]
    target_seconds: float
    ended: bool
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OtherAddress:
    """The list only names another address: a variant of the stream, or the stream itself."""

    address: str


def read(text: str) -> MediaPlaylist | OtherAddress:
    """What a playlist says. Raises StreamTrouble for none of these, and for sound that is encrypted."""
    lines = [line.strip() for line in text.splitlines()[:MOST_LINES]]
    if lines and lines[0].lower() == "[playlist]":
        return _plain([found.group(1) for line in lines if (found := _PLS_FILE.match(line))])
    if any(line.startswith("#EXT-X-STREAM-INF") for line in lines):
        return OtherAddress(_variant(lines))
    if any(line.startswith("#EXT-X-TARGETDURATION") for line in lines):
        return _media(lines)
    return _plain([line for line in lines if line and not line.startswith("#")])


def _plain(found: list[str]) -> OtherAddress:
    if not found or len(found[0]) > 2000:
        raise StreamTrouble("relay.playlist_malformed")
    return OtherAddress(found[0])


def _variant(lines: list[str]) -> str:
    """Sound alone where the stream offers it, else the variant of the fewest bits: a horn needs no more."""
    alone = [_attributes(line) for line in lines if line.startswith("#EXT-X-MEDIA:")]
    sounds = [each for each in alone if each.get("TYPE") == "AUDIO" and each.get("URI")]
    if sounds:
        return min(sounds, key=lambda each: each.get("DEFAULT") != "YES")["URI"]
    offers = []
    for line, following in pairwise(lines):
        if line.startswith("#EXT-X-STREAM-INF") and following and not following.startswith("#"):
            bits = _attributes(line).get("BANDWIDTH", "0")
            offers.append((int(bits) if bits.isdecimal() else 0, following))
    if not offers:
        raise StreamTrouble("relay.playlist_malformed")
    return min(offers)[1]


def _media(lines: list[str]) -> MediaPlaylist:
    sequence, target, breaks, start = 0, 10.0, False, ""
    segments: list[Segment] = []
    newest_at: datetime | None = None
    for line in lines:
        tag, _, value = line.partition(":")
        if tag == "#EXT-X-MEDIA-SEQUENCE":
            sequence = _number(value)
        elif tag == "#EXT-X-TARGETDURATION":
            target = float(max(1, min(60, _number(value))))
        elif tag == "#EXT-X-KEY" and _attributes(value).get("METHOD") != "NONE":
            raise StreamTrouble("relay.encrypted")
        elif tag == "#EXT-X-BYTERANGE":
            raise StreamTrouble("relay.playlist_malformed")
        elif tag == "#EXT-X-DISCONTINUITY":
            breaks = True
        elif tag == "#EXT-X-MAP":
            start = _attributes(value).get("URI", "")
        elif tag == "#EXT-X-PROGRAM-DATE-TIME":
            newest_at = _moment(value)
        elif line and not line.startswith("#"):
            segments.append(Segment(sequence + len(segments), line, breaks, start))
            breaks = False
    return MediaPlaylist(tuple(segments), target, "#EXT-X-ENDLIST" in lines, newest_at)


def _moment(text: str) -> datetime | None:
    """None for what is no instant of some time zone: a clock nobody knows says nothing."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


def _number(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 18:
        raise StreamTrouble("relay.playlist_malformed")
    return int(text)


def _attributes(text: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in _ATTRIBUTE.findall(text)}
