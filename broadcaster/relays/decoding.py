"""Rows of bytes decoded to mono PCM16 at the clip's rate; the only file of this room that knows PyAV."""

from collections.abc import Callable, Iterator

import av
from av.container import InputContainer

from broadcaster.audio.recording.mono import Mixer, Pcm
from broadcaster.relays.troubles import StreamTrouble

FORMATS = "mp3,aac,loas,ogg,flac,mpegts,mov,mp4,m4a,matroska,webm,wav,ac3,eac3"
"""Containers that radio is sent in. Never a playlist or a description of a stream: those lead to other machines."""
_OPTIONS = {
    "format_whitelist": FORMATS,
    "protocol_whitelist": "pipe",
    "probesize": "65536",
    "analyzeduration": "1500000",
}
_MOST_BROKEN = 500
"""So many packets in a row that nobody understands end a row: the stream changed into something else."""


class _Readable:
    """A row of bytes as FFmpeg wants to read it. It cannot seek."""

    def __init__(self, row: Iterator[bytes]) -> None:
        self._row = row
        self._left = b""

    def read(self, size: int) -> bytes:
        while not self._left:
            block = next(self._row, None)
            if block is None:
                return b""
            self._left = block
        given, self._left = self._left[:size], self._left[size:]
        return given


def decode(row: Iterator[bytes], sink: Callable[[Pcm], None], found: Callable[[str, str], None]) -> None:
    """All the sound of one row to ``sink``; container and codec to ``found``, before any sound.

    Raises StreamTrouble for what is no sound, and whatever the row raises.
    """
    try:
        with av.open(_Readable(row), "r", options=_OPTIONS, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise StreamTrouble("relay.no_sound_in_it")
            stream = container.streams.audio[0]
            found(container.format.name, stream.codec_context.name)
            mixer = Mixer(sink)
            for frame in _frames(container, stream):
                mixer.take(frame)
            mixer.finish()
    except (av.error.FFmpegError, ValueError) as error:
        raise StreamTrouble("relay.not_understood") from error


def _frames(container: InputContainer, stream: av.AudioStream) -> Iterator[av.AudioFrame]:
    broken = 0
    for packet in container.demux(stream):
        try:
            frames = [frame for frame in packet.decode() if isinstance(frame, av.AudioFrame)]
        except av.error.FFmpegError as error:
            broken += 1
            if broken > _MOST_BROKEN:
                raise StreamTrouble("relay.not_understood") from error
            continue
        broken = 0 if frames else broken
        yield from frames
