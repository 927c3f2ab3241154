"""One recording of a file: its tracks of sound, and the one that is heard."""

from dataclasses import dataclass

import numpy as np

from broadcaster.audio.recording import tracks
from broadcaster.audio.recording.mono import Mixer, Pcm
from broadcaster.audio.recording.stated import stated_ms
from broadcaster.audio.recording.window import Content, Stretch
from broadcaster.strangers.bounds import Refused

INAUDIBLE = 33
"""Peak of 16 bits below which sound counts as silent (−60 dB)."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a recording lies; container: FFmpeg's name of its kind when that is known beforehand."""

    content: Content
    stretch: Stretch
    container: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """container, codec, stated_ms, track_count: as in ``Found``; pcm: the sound; damage: of the track that is heard."""

    container: str
    codec: str
    stated_ms: int | None
    track_count: int
    pcm: bytearray
    damage: tracks.Damage


@dataclass(slots=True)
class Collected:
    """PCM, no more of it than ``room`` samples. Raises ``Refused("too_long")``."""

    room: int
    pcm: bytearray

    def add(self, pcm: Pcm) -> None:
        self.pcm += pcm.tobytes()
        if len(self.pcm) > 2 * self.room:
            raise Refused("too_long")


def taken(source: Source, *, room: int) -> Taken:
    """The first track with something to hear, or the first of all where none has, of at most ``room`` samples.

    Raises ``Refused``, or what PyAV raises at a file it does not understand.
    """
    with tracks.opened(source.content, source.stretch, source.container) as file:
        name, count, streams = file.format.name, len(file.streams.audio), tracks.in_order(file)
        codecs = [stream.codec_context.name for stream in streams]
    if not codecs:
        raise Refused("codec" if count else "no_sound", container=name)
    stated = stated_ms(source.content, source.stretch)
    heard = _heard(source, number=0, room=room)
    for number in range(1, len(codecs)):
        if peak(heard[0]) < INAUDIBLE:
            other = _heard(source, number=number, room=room)
            heard = other if peak(other[0]) >= INAUDIBLE else heard
    return Taken(name, codecs[0], stated, len(codecs), *heard)


def peak(pcm: bytearray) -> int:
    samples = np.frombuffer(pcm, np.int16)
    return max(int(samples.max()), -int(samples.min())) if len(samples) else 0


def _heard(source: Source, *, number: int, room: int) -> tuple[bytearray, tracks.Damage]:
    """One track: all its channels, or one alone where the mix of all would lose what it has."""
    mixer, pcm, damage = _decoded(source, number=number, room=room, channel=None)
    if mixer.lost_in_mix is not None:
        _, pcm, damage = _decoded(source, number=number, room=room, channel=mixer.lost_in_mix)
    return pcm, damage


def _decoded(source: Source, *, number: int, room: int, channel: int | None) -> tuple[Mixer, bytearray, tracks.Damage]:
    collected, damage = Collected(room, bytearray()), tracks.Damage()
    mixer = Mixer(collected.add, channel=channel)
    with tracks.opened(source.content, source.stretch, source.container) as file:
        for frame in tracks.frames(file, tracks.in_order(file)[number], damage):
            mixer.take(frame)
    mixer.finish()
    return mixer, collected.pcm, damage
