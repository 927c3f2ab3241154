"""The process without keys that makes samples of what a browser sent: started as a file, never imported by the house.

Piece by piece over its pipes: ``kind:u8 rate:u32 length:u32`` and the bytes come in, ``length:u32`` and samples go out.
"""

import json
import queue
import struct
import sys
import threading
from typing import BinaryIO

HEAD = struct.Struct(">BII")
LENGTH = struct.Struct(">I")
OPUS, PCM, SLICE = 1, 2, 3
RATE = 24_000


class Slices:
    """A stream in slices, decoded by a thread of its own, which waits for the next where one ends."""

    def __init__(self) -> None:
        self._in: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._rest = b""
        self._out: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def take(self, body: bytes) -> bytes:
        self._in.put(body)
        found = []
        try:
            found.append(self._out.get(timeout=0.1))
            while True:
                found.append(self._out.get_nowait())
        except queue.Empty:
            return b"".join(found)

    def read(self, size: int) -> bytes:
        """For PyAV."""
        while not self._rest:
            self._rest = self._in.get()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _run(self) -> None:
        import av

        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        with av.open(self, "r", options={"probesize": "2048", "analyzeduration": "0"}) as container:
            for frame in container.decode(audio=0):
                for ready in resampler.resample(frame):
                    self._out.put(ready.to_ndarray().tobytes())


class PieceDecoder:
    """Whatever kind the pieces are of."""

    def __init__(self) -> None:
        from broadcaster.audio.live.opus import OpusDecoder

        self._opus = OpusDecoder()
        self._slices: Slices | None = None

    def samples(self, kind: int, rate: int, body: bytes) -> bytes:
        if kind == OPUS:
            return b"".join(self._opus.decode(packet) for packet in _packets(body))
        if kind == PCM:
            return _at_rate(body, rate)
        self._slices = self._slices or Slices()
        return self._slices.take(body)


def _packets(body: bytes) -> list[bytes]:
    found, at = [], 0
    while at + 2 <= len(body):
        end = at + 2 + int.from_bytes(body[at : at + 2], "big")
        found.append(body[at + 2 : end])
        at = end
    return found


def _at_rate(body: bytes, rate: int) -> bytes:
    """Averaged over what one sample stands for, then laid straight between."""
    import numpy as np

    samples = np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.float32)
    if rate == RATE or not len(samples):
        return samples.astype("<i2").tobytes()
    width = max(1, round(rate / RATE))
    smooth = np.convolve(samples, np.ones(width, np.float32) / width, mode="same")
    places = np.arange(round(len(samples) * RATE / rate)) * rate / RATE
    return bytes(np.interp(places, np.arange(len(samples)), smooth).astype("<i2").tobytes())


def _whole(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        sys.exit(0)
    return found


def main() -> None:
    """Serve until the pipe is closed."""
    order = json.loads(sys.argv[1])
    sys.path.insert(0, order["root"])
    from broadcaster.strangers.bounds import Bounds
    from broadcaster.strangers.confinement import confine

    decoder = PieceDecoder()
    import av
    import numpy as np

    _ = (av, np)  # loaded before files are out of reach
    confine(Bounds(processor_seconds=3600), root=order["root"], folder=order["folder"])
    while True:
        kind, rate, size = HEAD.unpack(_whole(sys.stdin.buffer, HEAD.size))
        body = _whole(sys.stdin.buffer, size)
        try:
            samples = decoder.samples(kind, rate, body)
        except (ValueError, ArithmeticError):
            samples = b""
        sys.stdout.buffer.write(LENGTH.pack(len(samples)) + samples)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
