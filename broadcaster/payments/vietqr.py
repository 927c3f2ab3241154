"""The text inside a VietQR code: EMVCo's merchant-presented QR code with NAPAS's account transfer in it.

Source: NAPAS, *Technical Specifications on QR Switching, Part IV: QR Code Format*, version 1.5.2 (January 2021).
Objects are two digits of id, two of length, then the value. A code without amount may be paid many times (``11``), one
with amount is for one payment (``12``); tag 38 holds bank and account, tag 62 the purpose, tag 63 the checksum.
"""

import binascii
import re

from broadcaster.payments.levy import Levy

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"
_OBJECT = re.compile(r"\d{4}")


def payload(levy: Levy) -> str:
    """What the code says. ``levy`` must have been checked."""
    bank = _object("00", levy.bank_bin) + _object("01", levy.account)
    to = _object("00", NAPAS) + _object("01", bank) + _object("02", TO_ACCOUNT)
    said = _object("00", "01") + _object("01", "11" if levy.amount_vnd is None else "12") + _object("38", to)
    said += _object("53", DONG)
    if levy.amount_vnd is not None:
        said += _object("54", str(levy.amount_vnd))
    said += _object("58", "VN")
    if levy.purpose:
        said += _object("62", _object("08", levy.purpose))
    said += "6304"
    return said + checksum(said)


def checksum(said: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 1021, from FFFF) of everything up to and with ``6304``; four hex digits."""
    return f"{binascii.crc_hqx(said.encode('ascii'), 0xFFFF):04X}"


def objects(said: str) -> dict[str, str]:
    """The objects of a payload or of one of its templates, by id. Raises ValueError when it is cut or malformed."""
    found, rest = {}, said
    while rest:
        if not _OBJECT.match(rest) or len(rest) < 4 + int(rest[2:4]):
            raise ValueError(f"no object at {rest[:8]!r}")
        length = int(rest[2:4])
        found[rest[:2]], rest = rest[4 : 4 + length], rest[4 + length :]
    return found


def _object(number: str, value: str) -> str:
    if not 1 <= len(value) <= 99:
        raise ValueError(f"object {number} cannot hold {len(value)} characters")
    return f"{number}{len(value):02}{value}"
