"""QR codes as pictures: in the page, as a drawing, as a picture a phone can keep."""

import io
from functools import lru_cache

import segno
from flask import Response

from broadcaster.payments import vietqr
from broadcaster.payments.levy import Levy

QUIET = 4
"""Empty squares around a code, as many as the standard asks for."""


@lru_cache(maxsize=256)
def of_levy(levy: Levy) -> segno.QRCode:
    return segno.make_qr(vietqr.payload(levy), error="m")


@lru_cache(maxsize=256)
def of_address(address: str) -> segno.QRCode:
    """Redundant enough for a sheet that hangs in the rain."""
    return segno.make_qr(address, error="q")


def of_secret(secret: str) -> segno.QRCode:
    """Remembered nowhere."""
    return segno.make_qr(secret, error="m")


def inline(code: segno.QRCode) -> str:
    """Markup for the middle of a page; black on white in the dark, too, or readers fail."""
    return code.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)


def picture(code: segno.QRCode, *, kind: str, cache: str) -> Response:
    """A file to look at or to keep. kind: svg or png."""
    file = io.BytesIO()
    code.save(file, kind=kind, border=QUIET, scale=8, dark="#000", light="#fff")
    mimetype = {"svg": "image/svg+xml", "png": "image/png"}[kind]
    return Response(file.getvalue(), mimetype=mimetype, headers={"Cache-Control": cache})
