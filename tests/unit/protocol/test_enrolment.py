"""The code a person carries to a new node."""

import pytest

from broadcaster.protocol.enrolment import EnrolmentCode, fingerprint
from broadcaster.protocol.errors import Malformed

CODE = EnrolmentCode("10.0.0.7", 18831, fingerprint(b"certificate"), "abcdefgh234567xy")


@pytest.mark.parametrize("host", ["10.0.0.7", "loa.conminh.vn", "fe80::1"])
def test_a_code_is_read_as_it_was_written(host: str) -> None:
    code = EnrolmentCode(host, CODE.port, CODE.fingerprint, CODE.secret)
    assert EnrolmentCode.parse(f"  {code}\n") == code


def test_capital_letters_from_a_scanner_change_nothing() -> None:
    assert EnrolmentCode.parse(str(CODE).upper()) == CODE


@pytest.mark.parametrize(
    "text", ["", "10.0.0.7", str(CODE)[:-1], str(CODE) + "a", str(CODE).replace("18831", "99999"), "x" * 5000]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        EnrolmentCode.parse(text)
