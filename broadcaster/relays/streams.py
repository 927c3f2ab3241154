"""What lies at an address as rows of bytes, one row for each container: a stream, a file, or the segments of HLS."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from broadcaster.relays import addresses, playlists
from broadcaster.relays.fetching import FetchReach, Opened, opened, text_of, whole
from broadcaster.relays.playlists import MediaPlaylist, Segment
from broadcaster.relays.troubles import StreamTrouble

PLAYLIST_BYTES = 1_000_000
FROM_LIVE_EDGE = 3
"""Segments of a running stream that are taken at first, as players do."""
MOST_NAMED = 4
"""So often one playlist may name another."""
_PLAYLIST_KINDS = (
    "application/vnd.apple.mpegurl",
    "application/x-mpegurl",
    "audio/x-mpegurl",
    "audio/mpegurl",
    "audio/x-scpls",
    "application/pls+xml",
)
_BEGINNINGS = (b"#EXTM3U", b"[playlist]", b"[Playlist]")

Row = Iterator[bytes]


@dataclass(frozen=True, slots=True)
class PlaylistPace:
    """sleep: how time passes between two looks at a playlist that grows; clock: what its segments' own time is held
    against; most_behind: how old its newest may be."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    most_behind: timedelta = timedelta(minutes=3)


def rows(url: str, reach: FetchReach, waiting: PlaylistPace | None = None) -> Iterator[Row]:
    """Every container at the address, one after the other. Raises StreamTrouble."""
    for _ in range(MOST_NAMED):
        with opened(url, reach) as answer:
            first = answer.read(PLAYLIST_BYTES)
            if not _is_playlist(answer, first):
                yield _plain(answer, first)
                return
            text, url = first.decode("utf-8", "replace") + whole(answer, most_bytes=PLAYLIST_BYTES), answer.url
        found = playlists.read(text)
        if isinstance(found, MediaPlaylist):
            yield from _Segments(url, reach, waiting or PlaylistPace()).rows(found)
            return
        url = addresses.led_to(url, found.address, hosts=reach.hosts)
    raise StreamTrouble("relay.redirects_for_ever", host=addresses.host_of(url))


def _is_playlist(answer: Opened, first: bytes) -> bool:
    return answer.kind in _PLAYLIST_KINDS or first.lstrip(b"\xef\xbb\xbf").startswith(_BEGINNINGS)


def _plain(answer: Opened, first: bytes) -> Row:
    yield first
    while block := answer.read():
        yield block


class _Segments:
    """A running HLS stream: its playlist is read again and again, each segment taken once and in order."""

    def __init__(self, url: str, reach: FetchReach, waiting: PlaylistPace) -> None:
        self._url = url
        self._reach = reach
        self._waiting = waiting
        self._next: Segment | None = None

    def rows(self, first: MediaPlaylist) -> Iterator[Row]:
        """One row up to each break."""
        coming = self._coming(first)
        self._next = next(coming, None)
        while self._next is not None:
            yield self._row(self._next, coming)

    def _row(self, segment: Segment, coming: Iterator[Segment]) -> Row:
        if segment.start:
            yield from self._bytes(segment.start)
        current: Segment | None = segment
        while current is not None:
            yield from self._bytes(current.address)
            self._next = current = next(coming, None)
            if current is not None and (current.breaks or current.start != segment.start):
                return

    def _coming(self, playlist: MediaPlaylist) -> Iterator[Segment]:
        last = -1
        if not playlist.ended and len(playlist.segments) > FROM_LIVE_EDGE:
            last = playlist.segments[-FROM_LIVE_EDGE - 1].sequence
        while True:
            self._require_fresh(playlist)
            if playlist.segments and playlist.segments[-1].sequence < last - len(playlist.segments):
                last = -1  # the server began anew
            for segment in playlist.segments:
                if segment.sequence > last:
                    last = segment.sequence
                    yield segment
            if playlist.ended:
                return
            self._waiting.sleep(min(3.0, playlist.target_seconds / 2))
            playlist = self._again()

    def _require_fresh(self, playlist: MediaPlaylist) -> None:
        """Raises StreamTrouble when a running stream says itself that it is minutes behind: it hangs somewhere."""
        if playlist.ended or playlist.newest_at is None:
            return
        behind = self._waiting.clock() - playlist.newest_at
        if behind > self._waiting.most_behind:
            raise StreamTrouble("relay.behind", minutes=round(behind / timedelta(minutes=1)))

    def _again(self) -> MediaPlaylist:
        text, self._url = text_of(self._url, self._reach, most_bytes=PLAYLIST_BYTES)
        found = playlists.read(text)
        if not isinstance(found, MediaPlaylist):
            raise StreamTrouble("relay.playlist_malformed")
        return found

    def _bytes(self, address: str) -> Row:
        where = addresses.led_to(self._url, address, hosts=self._reach.hosts)
        with opened(where, self._reach) as answer:
            while block := answer.read():
                yield block
