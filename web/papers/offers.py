"""What a paper offers to the form beside its text: name, last day, places, money. Each may be corrected or left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from broadcaster.payments.banks import banks
from broadcaster.station.schema import Zone
from broadcaster.text.papers import Account, Fields, title_for_form
from web.drafts.levies import dotted

LONGEST_TITLE = 200
_HAMLET_WORDS = (
    "thôn",
    "bản",
    "buôn",
    "ấp",
    "xóm",
    "làng",
    "khu",
    "tổ dân phố",
    "tdp",
    "khu dân cư",
    "khu phố",
    "tổ",
    "tiểu khu",
)


@dataclass(frozen=True, slots=True)
class Offers:
    """title, valid_until_on (ISO date), levy_bank (number), levy_account, levy_amount: as they stand on the screen.

    zones: ids of the zones that are ticked.
    named_zones: ids of the zones that the paper names.
    with_levy: whether the money is handed over.
    """

    title: str = ""
    valid_until_on: str = ""
    zones: tuple[str, ...] = ()
    named_zones: tuple[str, ...] = ()
    levy_bank: str = ""
    levy_account: str = ""
    levy_amount: str = ""
    with_levy: bool = False

    def content(self) -> dict[str, list[str]]:
        """The fields of the form, as the form sends them; what is empty is left to the form."""
        fields = {
            "title": [self.title] if self.title.strip() else [],
            "valid_until_on": [self.valid_until_on] if self.valid_until_on else [],
        }
        fields["zones"] = list(self.zones)
        if self.with_levy:
            fields |= {
                "levy_bank": [self.levy_bank],
                "levy_account": [self.levy_account],
                "levy_amount": [self.levy_amount],
            }
        return {name: values for name, values in fields.items() if values}


def of(fields: Fields, zones: Sequence[Zone]) -> Offers:
    """What the paper itself says."""
    named = tuple(zone.id for zone in zones if _is_named(zone, fields.hamlets))
    account = fields.accounts[0] if fields.accounts else None
    single = len({amount.vnd for amount in fields.amounts}) == 1
    return Offers(
        title=_short(title_for_form(fields)),
        valid_until_on=fields.valid_until.isoformat() if fields.valid_until else "",
        zones=named,
        named_zones=named,
        levy_bank=_bank_of(account) if account else "",
        levy_account=account.number if account else "",
        levy_amount=dotted(fields.amounts[0].vnd) if single else "",
        with_levy=False,
    )


def from_form(form: MultiDict[str, str]) -> Offers:
    """What stands on the screen."""
    return Offers(
        title=form.get("title", ""),
        valid_until_on=form.get("valid_until_on", ""),
        zones=tuple(form.getlist("zones")),
        named_zones=tuple(form.getlist("named_zones")),
        levy_bank=form.get("levy_bank", ""),
        levy_account=form.get("levy_account", ""),
        levy_amount=form.get("levy_amount", ""),
        with_levy="with_levy" in form,
    )


def _short(title: str) -> str:
    if len(title) <= LONGEST_TITLE:
        return title
    return title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def _is_named(zone: Zone, hamlets: Sequence[str]) -> bool:
    """Whether a zone of one hamlet is named, by its name of today or an old one."""
    if zone.unit is None or zone.unit.kind != "hamlet":
        return False
    names = {_bare(name) for name in (zone.name, zone.unit.name, *zone.unit.aliases)}
    return any(_bare(hamlet) in names for hamlet in hamlets)


def _bare(name: str) -> str:
    """The name without the words for its kind, in lower case: "Thôn Bản Cuôn" and "bản Cuôn" are one."""
    low = " ".join(name.lower().split())
    while word := next((word for word in _HAMLET_WORDS if low.startswith(f"{word} ")), ""):
        low = low.removeprefix(f"{word} ").removeprefix("số ")
    return low


def _bank_of(account: Account) -> str:
    """The number of the bank that stands beside the account, when its short name does."""
    said = _letters(account.bank)
    found = [
        bank.bin for bank in banks().values() if said and (_letters(bank.short) in said or said in _letters(bank.name))
    ]
    return found[0] if found else ""


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
