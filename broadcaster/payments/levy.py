"""What an announcement asks residents to pay, and to which account. Checked once, here."""

import re
import unicodedata
from dataclasses import dataclass

from broadcaster.errors import Invalid
from broadcaster.payments.banks import Bank, banks

LEAST_VND, MOST_VND = 1_000, 499_999_999
"""Below is a typing error; from 500 million on no transfer by this code is carried."""
LONGEST_ACCOUNT, LONGEST_PURPOSE, LONGEST_HOLDER = 19, 25, 70
_ACCOUNT = re.compile(r"[A-Za-z0-9]{4,19}\Z")
_UNFIT = re.compile(r"[^A-Za-z0-9 ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Levy:
    """An account, and what to write on the transfer.

    bank_bin: number of the bank, six digits.
    account: its number, digits and Latin letters.
    holder: whose it is, for people to compare with what their banking app shows.
    amount_vnd: in đồng; None when every household owes another.
    purpose: text of the transfer, Latin letters without marks; may be empty.
    """

    bank_bin: str
    account: str
    holder: str
    amount_vnd: int | None = None
    purpose: str = ""

    @property
    def bank(self) -> Bank:
        return banks()[self.bank_bin]


def check(levy: Levy) -> Levy:
    """The levy as banks take it. Raises Invalid with the field's name, each beginning with ``levy_``."""
    if levy.bank_bin not in banks():
        raise Invalid("levy.no_bank", field="levy_bank")
    account = "".join(levy.account.split())
    if not _ACCOUNT.match(account):
        raise Invalid("levy.account_malformed", field="levy_account", longest=LONGEST_ACCOUNT)
    if levy.amount_vnd is not None and not LEAST_VND <= levy.amount_vnd <= MOST_VND:
        raise Invalid("levy.amount_out_of_range", field="levy_amount")
    return Levy(
        bank_bin=levy.bank_bin,
        account=account,
        holder=_holder(levy.holder),
        amount_vnd=levy.amount_vnd,
        purpose=_purpose(levy.purpose),
    )


def plain(text: str) -> str:
    """``Quỹ quý IV, thôn Đông`` gives ``Quy quy IV thon Dong``: what the text of a transfer may hold."""
    marked = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D").replace("Ð", "D"))
    bare = "".join(each for each in marked if not unicodedata.combining(each))
    return " ".join(_UNFIT.sub(" ", bare).split())


def _purpose(text: str) -> str:
    purpose = plain(text)
    if len(purpose) > LONGEST_PURPOSE:
        raise Invalid("levy.purpose_too_long", field="levy_purpose", length=len(purpose), longest=LONGEST_PURPOSE)
    return purpose


def _holder(text: str) -> str:
    holder = " ".join(unicodedata.normalize("NFC", text).split())
    if not holder or not holder.isprintable() or len(holder) > LONGEST_HOLDER:
        raise Invalid("levy.no_holder", field="levy_holder")
    return holder
