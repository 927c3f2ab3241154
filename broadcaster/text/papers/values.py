"""What reading a paper gives: its lines with their roles, what is spoken of them, and what a form can take over."""

from dataclasses import dataclass
from datetime import date

LONGEST_LETTERS = 100_000
"""Of a paper that is handled at once; more than any announcement may have."""
ROLES = (
    "header", "motto", "number", "place_date", "kind", "subject", "addressee", "grounds", "body", "table", "closing",
    "signature", "recipients", "stamp", "page", "attachment", "hashtag", "blank",
)  # fmt: skip
"""What a line of a paper can be, in the order in which a paper has them."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of the paper as it was given."""

    line: int
    """Counted from 1 over the line feeds of the text, blank lines included."""
    text: str
    """The line, untouched."""
    role: str
    """One of ROLES."""
    spoken: bool
    """Whether a loudspeaker should say it; what is false is struck through, never deleted."""
    said: str
    """The words to put into the announcement for this line: the line itself, or a table's row as a sentence."""


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account that the paper names."""

    number: str
    """As written."""
    bank: str
    """The bank's name as written; empty when none stands beside the number."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that the paper asks for."""

    vnd: int
    """Dong."""
    text: str
    """As written, with what it is for: "25.000 đồng/con"."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What a form can take over. Empty text, None or an empty tuple where the paper does not say it."""

    number: str = ""
    """The paper's number: 46/TB-UBND."""
    kind: str = ""
    """thông báo, giấy mời, công điện and so on, in lower case."""
    title: str = ""
    """The subject as written."""
    issuer: str = ""
    """The body that issues the paper."""
    issued_on: date | None = None
    """The date of the paper."""
    valid_until: date | None = None
    """The last day that the spoken lines name."""
    hamlets: tuple[str, ...] = ()
    """Hamlets named in the spoken lines, as written, each once."""
    phones: tuple[str, ...] = ()
    """Telephone numbers in the spoken lines, digits only."""
    accounts: tuple[Account, ...] = ()
    """Bank accounts in the spoken lines."""
    amounts: tuple[Amount, ...] = ()
    """Sums in the spoken lines."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was read."""

    lines: tuple[PaperLine, ...]
    """Every line of the text, in order."""
    fields: Fields
    """What a form can take over."""
