"""A browser's pieces to samples, in a process without keys, files or network that lasts as long as the session."""

import json
import logging
import os
import select
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from broadcaster.live.pieces import Piece, PieceKind

log = logging.getLogger(__name__)
_CHILD = Path(__file__).with_name("sound_child.py")
_ROOT = Path(__file__).parents[2]
_HEAD, _LENGTH = struct.Struct(">BII"), struct.Struct(">I")
PATIENCE_SECONDS = 5.0
"""For one piece, the first takes the longest; whatever needs more is hostile, and begins anew."""
MOST_ANSWER = 24_000 * 2 * 10
_PASSED = ("PATH", "LD_LIBRARY_PATH")


class SoundReader:
    """``samples`` of one piece after the other; starts its process by itself, and again when it died."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="loa-live-")
        self._process: subprocess.Popen[bytes] | None = None
        self._started()

    def samples(self, piece: Piece) -> bytes:
        """Mono, 16 bit, 24,000 a second; empty for what is no sound, or, of a slice, not yet."""
        process = self._started()
        assert process.stdin
        try:
            process.stdin.write(_HEAD.pack(piece.kind, piece.rate, len(piece.body)) + piece.body)
            process.stdin.flush()
            until = time.monotonic() + PATIENCE_SECONDS
            size = _LENGTH.unpack(self._read(process, _LENGTH.size, until))[0]
            return self._read(process, min(size, MOST_ANSWER), until)
        except (OSError, struct.error) as error:
            log.warning("a piece of live sound could not be read: %s", error)
            self._end()
            return b""

    def close(self) -> None:
        self._end()
        self._folder.cleanup()

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._process is None or self._process.poll() is not None:
            order = json.dumps({"root": str(_ROOT), "folder": self._folder.name})
            passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
            one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own file
                [sys.executable, "-I", "-B", str(_CHILD), order],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=passed | one | {"LANG": "C.UTF-8", "HOME": self._folder.name, "TMPDIR": self._folder.name},
                cwd=self._folder.name,
                start_new_session=True,
            )
        return self._process

    def _read(self, process: "subprocess.Popen[bytes]", size: int, until: float) -> bytes:
        """Raises OSError when it does not come in time."""
        assert process.stdout
        found = b""
        while len(found) < size:
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))
            block = os.read(process.stdout.fileno(), size - len(found)) if ready else b""
            if not block:
                raise OSError("no answer")
            found += block
        return found

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()


KINDS = {"opus": PieceKind.OPUS, "pcm": PieceKind.PCM, "slice": PieceKind.SLICE}
"""By the word a browser names them with."""
