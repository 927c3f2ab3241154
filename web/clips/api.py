"""The sound of a clip through the API."""

from flask import Response

from web.api.endpoints import Call, Endpoint
from web.clips.files import M4A, OGG, clip_file
from web.security.access import READING


def ogg(call: Call) -> Response:
    return clip_file(call.path["sha256"], OGG)


def m4a(call: Call) -> Response:
    return clip_file(call.path["sha256"], M4A)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/clips/{sha256}.ogg",
        access=READING,
        summary="Tệp phát (Ogg Opus).",
        act=ogg,
        gives=bytes,
        media=OGG,
    ),
    Endpoint(
        method="GET",
        path="/clips/{sha256}.m4a",
        access=READING,
        summary="Tệp phát (AAC trong M4A), cho máy không phát được Ogg; 503 trong lúc đang được tạo.",
        act=m4a,
        gives=bytes,
        media=M4A,
    ),
)
