"""What is typed about money, read."""

import pytest

from web.drafts.levies import LevyForm


@pytest.mark.parametrize("typed", ["50.000", "50,000", "50 000", "50000đ", "50.000 VNĐ", "50000 vnd"])
def test_amounts_are_taken_as_people_write_them(typed: str) -> None:
    levy = LevyForm(bank="970405", account="1234", holder="UBND", amount=typed).value()
    assert levy
    assert levy.amount_vnd == 50_000
