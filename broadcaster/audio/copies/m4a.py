"""A clip once more as AAC in M4A, kept beside it: iPhones before iOS 18.4 play no Ogg.

The file is named as the clip is, by the clip's own sha256; it is made from the clip and can always be made again.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import soundfile

from broadcaster.audio.copies.place import beside
from broadcaster.audio.sound import CLIP_RATE, samples_of
from broadcaster.audio.store import explained, made_durable

_BLOCK_MS = 1_000


def keep_beside(clip: Path, *, bitrate_bps: int, give_way: Callable[[], None] = lambda: None) -> Path:
    """Make the M4A of ``clip`` and keep it, whole or not at all.

    ``give_way`` is called after every second of sound and may wait, or raise to stop the work. Raises
    ``soundfile.LibsndfileError`` when the clip is no sound, ``DiskFull`` or ``ClipNotStored`` when the disk refuses.
    """
    path = beside(clip)
    part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        _encode(clip, part, bitrate_bps=bitrate_bps, give_way=give_way)
        made_durable(part, path)
    except OSError as error:
        raise explained(error) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return path


def _encode(clip: Path, part: Path, *, bitrate_bps: int, give_way: Callable[[], None]) -> None:
    import av  # 16 MB, which a station at rest has no use for

    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with soundfile.SoundFile(clip) as source, av.open(part, "w", format="ipod", options=options) as container:
        stream = container.add_stream("aac", rate=CLIP_RATE)
        stream.layout = "mono"
        stream.bit_rate = bitrate_bps
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        at = 0
        for block in source.blocks(samples_of(_BLOCK_MS), dtype="float32"):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block)[None, :], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = CLIP_RATE, at
            at += len(block)
            container.mux(stream.encode(frame))
            give_way()
        container.mux(stream.encode(None))
