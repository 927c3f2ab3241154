"""What banks do not take is said in words, before anybody approves it."""

import pytest

from broadcaster.errors import Invalid
from broadcaster.payments.banks import banks
from broadcaster.payments.levy import Levy, check, plain

GOOD = {"bank_bin": "970405", "account": "3713 1234 56789", "holder": "UBND xã Côn Minh"}


def test_a_levy_is_made_fit_for_banks() -> None:
    levy = check(Levy(**GOOD, amount_vnd=50_000, purpose="Quỹ quý IV, thôn Đông"))
    assert (levy.account, levy.purpose) == ("3713123456789", "Quy quy IV thon Dong")
    assert levy.bank.short == "Agribank"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"bank_bin": "000000"}, "levy_bank", r"levy\.no_bank"),
        ({"account": "12"}, "levy_account", r"levy\.account_malformed"),
        ({"account": "1" * 20}, "levy_account", r"levy\.account_malformed"),
        ({"account": "3713.0.1046597.00000"}, "levy_account", r"levy\.account_malformed"),
        ({"account": "sốđẹp"}, "levy_account", r"levy\.account_malformed"),
        ({"amount_vnd": 50}, "levy_amount", r"levy\.amount_out_of_range"),
        ({"amount_vnd": 500_000_000}, "levy_amount", r"levy\.amount_out_of_range"),
        ({"purpose": "đóng góp xây dựng nhà văn hóa"}, "levy_purpose", r"levy\.purpose_too_long"),
        ({"holder": "  "}, "levy_holder", r"levy\.no_holder"),
        ({"holder": "a\x00b"}, "levy_holder", r"levy\.no_holder"),
    ],
)
def test_what_banks_do_not_take_is_said(changes: dict[str, object], field: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        check(Levy(**{**GOOD, **changes}))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_purpose_keeps_only_what_every_bank_takes() -> None:
    assert plain("Ủng hộ “bão số 3” – Ðồng bào 🎉") == "Ung ho bao so 3 Dong bao"


def test_banks_have_six_digits_and_one_name_each() -> None:
    assert all(len(number) == 6 and number.isdecimal() for number in banks())
    assert len({bank.short for bank in banks().values()}) == len(banks())
