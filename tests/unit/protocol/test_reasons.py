"""Codes are read tolerantly: an older side keeps what a newer one says, and nobody takes a sentence for a code."""

import pytest

from broadcaster.protocol.codec import decode, encode
from broadcaster.protocol.reasons import ReasonCode, reason_code
from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.values import DeliveryState
from tests.unit.protocol.samples import AT


def _receipt(reason: str) -> Receipt:
    return Receipt(
        receipt="receipt-1", broadcast="broadcast-1", state=DeliveryState.MISSED, at=AT, sequence=1, reason=reason
    )


@pytest.mark.parametrize("code", ReasonCode)
def test_a_code_comes_back_as_itself(code: ReasonCode) -> None:
    assert reason_code(str(code)) is code


@pytest.mark.parametrize("text", ["", "eaten_by_a_buffalo", "Nhường chỗ cho bản tin khẩn cấp.", "x" * 400])
def test_what_is_no_code_of_ours_travels_on_as_it_is(text: str) -> None:
    message = Receipts(node="lung-pang", receipts=(_receipt(text),))
    assert decode(Receipts, encode(message)).receipts[0].reason == text
    assert reason_code(text) is None
