"""The part of the form that asks residents for money, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from broadcaster.payments.banks import Bank, banks
from broadcaster.payments.levy import Levy
from web.forms import parsing


@dataclass(frozen=True, slots=True)
class LevyForm:
    """The fields as they stand on the screen.

    bank: number of the chosen bank, or empty.
    account, holder, purpose: as typed.
    amount: as typed; in đồng, with or without dots.
    """

    bank: str = ""
    account: str = ""
    holder: str = ""
    amount: str = ""
    purpose: str = ""

    @property
    def is_empty(self) -> bool:
        return not "".join((self.bank, self.account, self.holder, self.amount, self.purpose)).strip()

    def value(self) -> Levy | None:
        """The levy meant; None for an empty form. Raises Invalid for an amount that is no number."""
        if self.is_empty:
            return None
        return Levy(
            bank_bin=self.bank,
            account=self.account,
            holder=self.holder,
            amount_vnd=parsing.dong(self.amount, field="levy_amount"),
            purpose=self.purpose,
        )


def from_form(form: Mapping[str, str]) -> LevyForm:
    return LevyForm(
        bank=form.get("levy_bank", ""),
        account=form.get("levy_account", ""),
        holder=form.get("levy_holder", ""),
        amount=form.get("levy_amount", ""),
        purpose=form.get("levy_purpose", ""),
    )


def from_levy(levy: Levy | None) -> LevyForm:
    if levy is None:
        return LevyForm()
    amount = dotted(levy.amount_vnd) if levy.amount_vnd is not None else ""
    return LevyForm(levy.bank_bin, levy.account, levy.holder, amount, levy.purpose)


def choices() -> list[Bank]:
    """The banks in the order they are offered."""
    return list(banks().values())


def dotted(amount_vnd: int) -> str:
    """``50000`` as ``50.000``"""
    return f"{amount_vnd:,}".replace(",", ".")
