"""The process that pulls one stream: started as a file by the interpreter, never imported by the station.

It gets an order as JSON and writes messages to its standard output, each a letter, four bytes of length, and content:
``I`` what was found (JSON), ``P`` mono PCM16 at the clip's rate, ``E`` why it ended (JSON), always the last.
"""

import ctypes
import json
import os
import resource
import struct
import sys
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

MEMORY_BYTES = 1_500_000_000
"""Address space, most of which libraries only reserve."""
READABLE = (
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/run/systemd/resolve",
)
CERTIFICATES = ("/etc/ssl", "/etc/ca-certificates", "/etc/pki")


def main() -> int:
    """Pull until the stream ends, the order's time is over, or nobody reads any more."""
    order = json.loads(sys.argv[1])
    sys.path.insert(0, order["root"])
    sys.argv[1:] = []
    _confine(order["root"], order["folder"])
    from broadcaster.refusals.reasons import encode
    from broadcaster.relays.troubles import StreamTrouble

    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        _pull(order, out)
        reason = StreamTrouble("relay.ended").reason
    except StreamTrouble as trouble:
        reason = trouble.reason
    except BrokenPipeError:
        return 0
    except Exception as error:  # noqa: BLE001 (the outermost frame: libraries raise anything at a hostile stream)
        reason = StreamTrouble("relay.crashed", error=type(error).__name__).reason
    with suppress(BrokenPipeError):
        _say(out, b"E", encode(reason).encode())
    return 0


def _pull(order: dict[str, Any], out: Any) -> None:
    from broadcaster.relays import streams
    from broadcaster.relays.decoding import decode
    from broadcaster.relays.fetching import FetchLimits, FetchReach

    reach = FetchReach(
        limits=FetchLimits(time.monotonic() + order["seconds"], order["most_bytes"]),
        private_networks=order["private_networks"],
        hosts=order["playlist_hosts"],
    )
    pace = streams.PlaylistPace(most_behind=timedelta(seconds=order["behind_seconds"]))
    for row in streams.rows(order["address"], reach, pace):
        decode(
            row,
            lambda pcm: _say(out, b"P", pcm.tobytes()),
            lambda container, codec: _say(out, b"I", json.dumps({"container": container, "codec": codec}).encode()),
        )


def _say(out: Any, kind: bytes, content: bytes) -> None:
    left = memoryview(kind + struct.pack(">I", len(content)) + content)
    while left:
        left = left[out.write(left) :]


def _confine(root: str, folder: str) -> None:
    """No more memory and processor than the work needs, and no file but code, names of hosts and authorities."""
    from broadcaster.strangers import files

    os.nice(5)
    os.umask(0o077)
    for kind, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_FSIZE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(38, 1, 0, 0, 0)
        files.restrict(libc, root=root, folder=folder, readable=(*READABLE, *CERTIFICATES))


if __name__ == "__main__":
    sys.exit(main())
