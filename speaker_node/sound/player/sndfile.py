"""libsndfile through ctypes. The ``soundfile`` package imports numpy, which alone is a third of a node's memory."""

import ctypes
import ctypes.util
import importlib.util
from ctypes import POINTER, c_char_p, c_int, c_int64, c_short, c_void_p
from functools import cache
from pathlib import Path

from broadcaster.protocol.reasons import ReasonCode
from speaker_node.errors import SoundFault

READ = 0x10
FROM_START = 0
SET_CLIPPING = 0x10C0


class Info(ctypes.Structure):
    """``SF_INFO`` of sndfile.h."""

    _fields_ = (
        ("frames", c_int64),
        ("samplerate", c_int),
        ("channels", c_int),
        ("format", c_int),
        ("sections", c_int),
        ("seekable", c_int),
    )


@cache
def library() -> ctypes.CDLL:
    """The system's libsndfile, else the one inside the soundfile wheel. Raises SoundFault when there is neither."""
    path = ctypes.util.find_library("sndfile") or _bundled()
    if path is None:
        raise SoundFault(ReasonCode.SOUND_LIBRARY_MISSING, library="libsndfile", package="libsndfile1")
    loaded = ctypes.CDLL(path)
    loaded.sf_open.restype = c_void_p
    loaded.sf_open.argtypes = [c_char_p, c_int, POINTER(Info)]
    loaded.sf_readf_short.restype = c_int64
    loaded.sf_readf_short.argtypes = [c_void_p, POINTER(c_short), c_int64]
    loaded.sf_seek.restype = c_int64
    loaded.sf_seek.argtypes = [c_void_p, c_int64, c_int]
    loaded.sf_close.argtypes = [c_void_p]
    loaded.sf_command.argtypes = [c_void_p, c_int, c_void_p, c_int]
    loaded.sf_error.argtypes = [c_void_p]
    return loaded


def _bundled() -> str | None:
    spec = importlib.util.find_spec("_soundfile_data")
    folders = spec.submodule_search_locations if spec else None
    found = [path for folder in folders or () for path in sorted(Path(folder).glob("libsndfile*.so*"))]
    return str(found[0]) if found else None
