"""A node obeys what its station signed for it, once, in order, while it is valid: nothing else."""

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey
from nacl.signing import SigningKey

from broadcaster.protocol import codec, errors
from broadcaster.protocol.agenda import Agenda, AgendaMark
from broadcaster.protocol.receipts import Acks, Receipt, Receipts
from broadcaster.protocol.signing import (
    Audience,
    key_id,
    open_acks,
    open_agenda,
    open_receipts,
    public_key,
    receipts_seed,
    sign_acks,
    sign_agenda,
    sign_receipts,
)
from broadcaster.protocol.values import DeliveryState
from tests.unit.protocol.samples import AT, CLIP, SEED, agenda, item

ME = Audience(station="con-minh", node="lung-pang", key=public_key(SEED))


# RFC 9864 prefers the name Ed25519 since 2025; the wire keeps the name that every verifier knows.
old_name = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def b64(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def signed(header: object, payload: bytes, seed: bytes = SEED) -> bytes:
    head = b64(json.dumps(header).encode() if not isinstance(header, bytes) else header) + b"." + b64(payload)
    return head + b"." + b64(SigningKey(seed).sign(head).signature)


def test_what_the_station_signed_opens_as_it_was() -> None:
    original = agenda(items=(item(),), clips=(CLIP,))
    assert open_agenda(sign_agenda(original, SEED), ME, last=AgendaMark(0, 6), now_at=AT) == original


@old_name
def test_the_envelope_is_a_standard_jws_that_another_library_verifies() -> None:
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": b64(ME.key).decode()})
    opened = jws.deserialize_compact(sign_agenda(agenda(), SEED).decode(), key, algorithms=["EdDSA", "Ed25519"])
    assert codec.decode(Agenda, opened.payload) == agenda()
    assert opened.headers()["kid"] == key_id(ME.key)


@old_name
def test_an_envelope_made_by_another_library_opens() -> None:
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": b64(ME.key).decode(), "d": b64(SEED).decode()})
    header = {"alg": "EdDSA", "typ": "loa-agenda+jws"}
    token = jws.serialize_compact(header, codec.encode(agenda()), key, algorithms=["EdDSA"])
    assert open_agenda(token.encode(), ME, now_at=AT) == agenda()


def test_another_station_s_signature_is_refused() -> None:
    with pytest.raises(errors.Unsigned):
        open_agenda(sign_agenda(agenda(), bytes(32)), ME)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "typ": "loa-agenda+jws"},
        {"alg": "HS256", "typ": "loa-agenda+jws"},
        {"alg": "EdDSA", "typ": "JWT"},
        {"alg": "EdDSA", "typ": "loa-agenda+jws", "crit": ["b64"], "b64": False},
        [],
        "EdDSA",
        b"\xff",
    ],
)
def test_a_header_that_announces_anything_else_is_refused_even_under_the_right_key(header: object) -> None:
    with pytest.raises(errors.Unsigned):
        open_agenda(signed(header, codec.encode(agenda())), ME)


@pytest.mark.parametrize("token", [b"", b"..", b"a.b", b"a.b.c.d", b"{}", codec.encode(agenda()), b"\xff.\xff.\xff"])
def test_what_is_not_signed_at_all_is_refused(token: bytes) -> None:
    with pytest.raises(errors.Unsigned):
        open_agenda(token, ME)


@settings(max_examples=60, deadline=None)
@given(where=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_no_flipped_byte_goes_unnoticed(where: int, flip: int) -> None:
    token = bytearray(sign_agenda(agenda(), SEED))
    where %= len(token)
    token[where] ^= flip
    try:
        opened = open_agenda(bytes(token), ME, now_at=AT)
    except errors.Unsigned:
        return
    # the last character of a part may carry bits that base64 does not use; then nothing has changed at all
    assert opened == agenda()


def test_a_signed_message_that_is_no_agenda_is_malformed() -> None:
    with pytest.raises(errors.Malformed):
        open_agenda(signed({"alg": "EdDSA", "typ": "loa-agenda+jws"}, b'{"number":1}'), ME)


def test_an_enormous_token_is_refused_before_anything_else() -> None:
    with pytest.raises(errors.Oversized):
        open_agenda(b"a" * 2_000_000, ME)


@pytest.mark.parametrize("change", [{"node": "ang-hin"}, {"station": "dai-duc"}])
def test_an_agenda_for_somebody_else_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(errors.WronglyAddressed):
        open_agenda(sign_agenda(agenda(**change), SEED), ME, now_at=AT)


def test_the_same_number_again_is_a_replay_and_a_lower_one_is_out_of_order() -> None:
    token = sign_agenda(agenda(number=7), SEED)
    with pytest.raises(errors.Replayed):
        open_agenda(token, ME, last=AgendaMark(0, 7), now_at=AT)
    with pytest.raises(errors.OutOfOrder):
        open_agenda(token, ME, last=AgendaMark(0, 8), now_at=AT)


def test_a_higher_term_outranks_every_number_and_a_lower_one_counts_for_nothing() -> None:
    last = AgendaMark(term=2, number=500)
    assert open_agenda(sign_agenda(agenda(term=3, number=1), SEED), ME, last=last, now_at=AT).mark == AgendaMark(3, 1)
    with pytest.raises(errors.Superseded):
        open_agenda(sign_agenda(agenda(term=1, number=900), SEED), ME, last=last, now_at=AT)
    with pytest.raises(errors.Superseded):
        open_agenda(sign_agenda(agenda(number=900), SEED), ME, last=last, now_at=AT)
    with pytest.raises(errors.OutOfOrder):
        open_agenda(sign_agenda(agenda(term=2, number=499), SEED), ME, last=last, now_at=AT)


def test_an_expired_agenda_is_refused_by_a_node_that_knows_the_time_and_only_by_it() -> None:
    old = agenda(expires_at=AT)
    with pytest.raises(errors.Expired):
        open_agenda(sign_agenda(old, SEED), ME, now_at=AT)
    assert open_agenda(sign_agenda(old, SEED), ME, now_at=AT - timedelta(milliseconds=1)) == old
    assert open_agenda(sign_agenda(old, SEED), ME, now_at=None) == old


def test_acknowledgements_by_hand_hold_only_for_their_node_and_under_the_stations_key() -> None:
    acks = Acks(node=ME.node, receipts=("receipt-1", "receipt-2"))
    assert open_acks(sign_acks(acks, SEED), ME) == acks
    with pytest.raises(errors.Unsigned):
        open_acks(sign_acks(acks, b"x" * 32), ME)
    with pytest.raises(errors.WronglyAddressed):
        open_acks(sign_acks(Acks(node="ang-hin", receipts=("receipt-1",)), SEED), ME)


def test_an_agenda_is_not_taken_for_acknowledgements_nor_these_for_an_agenda() -> None:
    with pytest.raises(errors.Unsigned):
        open_acks(sign_agenda(agenda(), SEED), ME)
    with pytest.raises(errors.Unsigned):
        open_agenda(sign_acks(Acks(node=ME.node, receipts=("receipt-1",)), SEED), ME)


PLAYED = Receipts(
    node="lung-pang",
    receipts=(Receipt(receipt="receipt-1", broadcast="broadcast-1", state=DeliveryState.PLAYED, at=AT, sequence=1),),
)


def test_receipts_carried_by_hand_are_proved_by_the_nodes_own_key() -> None:
    seed = receipts_seed("mat-khau-cua-cum-loa")
    token = sign_receipts(PLAYED, seed)
    assert open_receipts(token, node="lung-pang", key=public_key(seed)) == PLAYED
    other = public_key(receipts_seed("mat-khau-cua-cum-khac"))
    with pytest.raises(errors.Unsigned):
        open_receipts(token, node="lung-pang", key=other)
    with pytest.raises(errors.WronglyAddressed):
        open_receipts(token, node="ban-cuon", key=public_key(seed))


def test_a_signature_over_acknowledgements_is_none_over_receipts() -> None:
    token = sign_acks(Acks(node="lung-pang", receipts=("receipt-1",)), SEED)
    with pytest.raises(errors.Unsigned):
        open_receipts(token, node="lung-pang", key=ME.key)
