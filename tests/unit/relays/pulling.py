"""Pulling in this process, without waiting: what the process of its own does, for tests of its parts."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from broadcaster.audio.recording.mono import Pcm
from broadcaster.relays import streams
from broadcaster.relays.decoding import decode
from broadcaster.relays.fetching import FetchLimits, FetchReach
from broadcaster.relays.streams import PlaylistPace

HERE = ("127.0.0.0/8",)


def reach(
    *,
    private_networks: Sequence[str] = HERE,
    hosts: Sequence[str] = (),
    seconds: float = 30,
    most_bytes: int = 10_000_000,
    resolve: Callable[[str, int], Sequence[str]] | None = None,
) -> FetchReach:
    limits = FetchLimits(time.monotonic() + seconds, most_bytes)
    given = {"resolve": resolve} if resolve else {}
    return FetchReach(limits=limits, private_networks=private_networks, hosts=hosts, **given)  # type: ignore[arg-type]


def heard(url: str, within: FetchReach | None = None) -> tuple[Pcm, list[tuple[str, str]]]:
    """All the sound at an address, and the containers and codecs it came in."""
    pcm: list[Pcm] = []
    found: list[tuple[str, str]] = []
    for row in streams.rows(url, within or reach(), PlaylistPace(sleep=lambda _seconds: None)):
        decode(row, pcm.append, lambda container, codec: found.append((container, codec)))
    return (np.concatenate(pcm) if pcm else np.zeros(0, np.int16)), found
