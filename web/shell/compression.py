"""Small pages for weak links: text is sent compressed to whoever can read it."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST = 600
"""Bytes below which compressing costs more than it saves."""

TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


def init_app(app: Flask) -> None:
    app.after_request(compress)


def compress(response: Response) -> Response:
    if not _worth_it(response):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < SMALLEST:
        return response
    packed = _packed_once(body) if request.endpoint == "static" else gzip.compress(body, 5)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(packed))
    response.vary.add("Accept-Encoding")
    return response


def _worth_it(response: Response) -> bool:
    return (
        response.status_code == 200
        and (not response.is_streamed or request.endpoint == "static")
        and "Content-Encoding" not in response.headers
        and response.content_type.startswith(TEXT)
        and request.accept_encodings["gzip"] > 0
    )


@lru_cache(maxsize=64)
def _packed_once(body: bytes) -> bytes:
    return gzip.compress(body, 9)
