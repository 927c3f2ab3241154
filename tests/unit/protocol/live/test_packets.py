"""A packet of live sound says the same to every node, and nothing to anybody else."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from broadcaster.protocol import errors
from broadcaster.protocol.live.packets import LIMIT_BYTES, LivePacket, pack, unpack

KEY = SigningKey(bytes(range(32)))
WHERE = {"station": "con-minh", "session": "session-1"}
PACKET = LivePacket(seq=3, base_ms=4200, first=60, sent_ms=1_790_000_000_000, frames=(b"abc", b"", b"d" * 60))
NUMBERS = st.integers(0, 2**31)


def packed(packet: LivePacket = PACKET) -> bytes:
    return pack(packet, **WHERE, key=KEY)


@given(NUMBERS, NUMBERS, NUMBERS, st.lists(st.binary(max_size=120), max_size=50), st.booleans())
@pytest.mark.long
def test_a_packet_arrives_as_it_was_sent(seq: int, base_ms: int, first: int, frames: list[bytes], last: bool) -> None:
    packet = LivePacket(seq=seq, base_ms=base_ms, first=first, sent_ms=7, frames=tuple(frames), last=last)
    assert unpack(packed(packet), **WHERE, key=KEY.verify_key) == packet


@pytest.mark.parametrize("where", [{**WHERE, "station": "bac-kan"}, {**WHERE, "session": "session-2"}])
def test_a_packet_of_another_station_or_session_is_unsigned(where: dict[str, str]) -> None:
    with pytest.raises(errors.Unsigned):
        unpack(packed(), **where, key=KEY.verify_key)


def test_a_packet_of_another_key_is_unsigned() -> None:
    with pytest.raises(errors.Unsigned):
        unpack(packed(), **WHERE, key=SigningKey(bytes(32)).verify_key)


@given(st.integers(0, len(packed()) - 1))
def test_a_flipped_bit_anywhere_makes_it_unsigned(place: int) -> None:
    raw = bytearray(packed())
    raw[place] ^= 1
    with pytest.raises(errors.Unsigned):
        unpack(bytes(raw), **WHERE, key=KEY.verify_key)


@given(st.binary(max_size=300))
def test_what_is_no_packet_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(errors.ProtocolError):
        unpack(raw, **WHERE, key=KEY.verify_key)


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_signed_packet_that_promises_more_than_it_holds_is_malformed(cut: int) -> None:
    body = packed()[:-64][:-cut]
    signed = body + KEY.sign(b"loa-live\ncon-minh\nsession-1\n" + body).signature
    with pytest.raises(errors.Malformed):
        unpack(signed, **WHERE, key=KEY.verify_key)


def test_what_is_too_long_is_neither_sent_nor_read() -> None:
    with pytest.raises(errors.Oversized):
        packed(dataclasses.replace(PACKET, frames=(b"x" * 1000,) * 20))
    with pytest.raises(errors.Oversized):
        unpack(bytes(LIMIT_BYTES + 1), **WHERE, key=KEY.verify_key)


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(errors.Malformed):
        packed(dataclasses.replace(PACKET, seq=-1))
