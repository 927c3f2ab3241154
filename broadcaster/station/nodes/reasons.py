"""What nodes state by code, as reasons that people read; the finished sentences of older nodes stay as sent."""

import re
from typing import Any

from broadcaster.protocol.reasons import CardCause
from broadcaster.protocol.receipts import Receipt
from broadcaster.protocol.status import Trouble
from broadcaster.refusals.reasons import AS_WRITTEN, Reason, word

_CODE = re.compile(r"[a-z][a-z0-9_]*")


def of_receipt(receipt: Receipt) -> Reason | None:
    """Why it was not played whole; None when it was."""
    return stated("receipt", receipt.reason, receipt.facts) if receipt.reason else None


def of_trouble(trouble: Trouble) -> Reason:
    """What a technician should know."""
    return stated("trouble", trouble.code, trouble.facts)


def stated(kind: str, text: str, facts: dict[str, Any]) -> Reason:
    """The reason a code names, or the sentence of an older node as it was sent."""
    plain = text.replace("\x00", "")
    if not _CODE.fullmatch(plain):
        return Reason(AS_WRITTEN, words=plain)
    return Reason(f"{kind}.{plain}", **{name: _fact(name, fact) for name, fact in facts.items()})


def _fact(name: str, fact: str | int) -> object:
    if name == "cause" and fact in set(CardCause):
        return word("card", fact)
    return fact.replace("\x00", "") if isinstance(fact, str) else fact
