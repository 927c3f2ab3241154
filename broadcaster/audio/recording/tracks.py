"""Containers opened with PyAV, and their tracks of sound decoded to the end of the data."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import av
from av.container import InputContainer

from broadcaster.audio.recording.window import Content, Stretch, Window

FORMATS = (
    "wav,w64,aiff,caf,au,mp3,aac,loas,amr,amrnb,amrwb,ogg,flac,matroska,webm,mov,mp4,m4a,3gp,asf,asf_o,avi,flv,live_flv,"
    "mpeg,mpegts,ac3,eac3,dts,dtshd,ape,tta,tak,wv,mpc,mpc8,rm,ivr,qcp,dss,voc,sox,nistsphere,ircam,pvf,avr,dsf,iff,shn,oma,"
    "xwma,wtv,mxf,nut,act,sbc,qoa,osq,rka,wve,paf,epaf,mmf,vqf,dv,mlp,truehd,nsv,wsd,iamf,mtaf,laf,hcom,smjpeg"
)
"""Containers of recordings. Never a playlist or a description of a stream: those lead to other files and machines."""

_OPTIONS = {"format_whitelist": FORMATS, "protocol_whitelist": "pipe", "probesize": "10000000"}
_MOST_STUMBLES = 1_000
"""How often the container may fail before the rest is given up."""


@dataclass(slots=True)
class Damage:
    """packets: how many were there; broken: how many of them could not be decoded."""

    packets: int = 0
    broken: int = 0


@contextmanager
def opened(content: Content, stretch: Stretch, kind: str | None = None) -> Iterator[InputContainer]:
    """The container in ``stretch``, of a ``kind`` that is known or to be found out.

    Raises ``av.error.FFmpegError`` or ``ValueError`` when nobody knows it.
    """
    with av.open(Window(content, stretch), "r", kind, options=_OPTIONS, metadata_errors="ignore") as container:
        yield container


def in_order(container: InputContainer) -> list[av.AudioStream]:
    """The tracks of sound that can be decoded, the one meant to be played first."""
    streams = [stream for stream in container.streams.audio if stream.codec_context is not None]
    return sorted(streams, key=lambda stream: (not stream.disposition & av.stream.Disposition.default, stream.index))


def frames(container: InputContainer, stream: av.AudioStream, damage: Damage) -> Iterator[av.AudioFrame]:
    """Every frame of the track; what cannot be decoded is counted and passed over."""
    for packet in _packets(container, stream, damage):
        damage.packets += 1
        try:
            yield from (frame for frame in packet.decode() if isinstance(frame, av.AudioFrame))
        except av.error.FFmpegError:
            damage.broken += 1


def _packets(
    container: InputContainer, stream: av.AudioStream, damage: Damage
) -> "Iterator[av.Packet[av.AudioStream]]":
    """Every packet, going on behind places at which the container stumbles."""
    for _ in range(_MOST_STUMBLES):
        try:
            yield from container.demux(stream)
            return
        except av.error.FFmpegError:
            damage.broken += 1
