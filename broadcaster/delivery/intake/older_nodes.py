"""What nodes of before say in sentences, as the codes and facts that nodes say today.

``older_nodes.tsv`` has one line a sentence: its kind (``receipt``, ``trouble``, or ``cause`` for why a card refused),
the code, and the sentence with its facts in braces. What no line matches stays as it was said.
"""

import re
from functools import cache
from importlib.resources import files

from msgspec.structs import replace

from broadcaster.protocol.receipts import Receipt, Receipts
from broadcaster.protocol.status import NodeStatus, Trouble

Facts = dict[str, str | int]
_FACT = re.compile(r"\\\{(\w+)\\\}")
_LONGEST_FACT = 200


def receipts_of_today(message: Receipts) -> Receipts:
    """The same facts, their reasons as codes."""
    if not any(" " in each.reason for each in message.receipts):
        return message
    return replace(message, receipts=tuple(_receipt(each) for each in message.receipts))


def status_of_today(status: NodeStatus) -> NodeStatus:
    """The same status, its troubles as codes."""
    if not status.trouble and " " not in status.health.storage_fault:
        return status
    pairs = [(sentence, _coded("trouble", sentence)) for sentence in status.trouble]
    known = [Trouble(code=found[0], facts=found[1]) for _, found in pairs if found]
    card = _coded("trouble", status.health.storage_fault)
    return replace(
        status,
        troubles=(*status.troubles, *known)[:16],
        trouble=tuple(sentence for sentence, found in pairs if not found),
        health=replace(status.health, storage_fault=card[0]) if card else status.health,
    )


def _receipt(receipt: Receipt) -> Receipt:
    found = _coded("receipt", receipt.reason)
    return replace(receipt, reason=found[0], facts=found[1]) if found else receipt


def _coded(kind: str, sentence: str) -> tuple[str, Facts] | None:
    """Code and facts; None for what is in no line of the table."""
    for code, pattern in _patterns(kind):
        found = pattern.fullmatch(sentence)
        if found:
            return code, {name: _fact(name, text) for name, text in found.groupdict().items()}
    return None


def _fact(name: str, text: str) -> str | int:
    if name == "cause":
        known = _coded("cause", text)
        return known[0] if known else text[:_LONGEST_FACT]
    return int(text) if name == "count" and text.isdecimal() else text[:_LONGEST_FACT]


@cache
def _patterns(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    lines = (files("broadcaster.delivery.intake") / "older_nodes.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    return tuple(
        (code, re.compile(_FACT.sub(r"(?P<\1>.+)", re.escape(text)))) for each, code, text in rows if each == kind
    )
