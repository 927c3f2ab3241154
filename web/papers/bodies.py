"""What the API takes and gives about papers."""

from web.api.bodies import Answer, Request


class PaperText(Request, frozen=True, kw_only=True):
    """text: the paper as pasted; leave: kinds of damage that are not to be repaired."""

    text: str
    leave: tuple[str, ...] = ()


class Line(Answer, frozen=True, kw_only=True):
    """line: counted from 1; text: as given, repaired; role: what it is; spoken: whether a loudspeaker says it.

    said: the words that go into the announcement; a row of a table as a sentence.
    """

    line: int
    text: str
    role: str
    spoken: bool
    said: str


class Account(Answer, frozen=True, kw_only=True):
    """number, bank: as written; an empty bank when none stands beside it."""

    number: str
    bank: str


class Amount(Answer, frozen=True, kw_only=True):
    """vnd: dong; text: as written."""

    vnd: int
    text: str


class Fields(Answer, frozen=True, kw_only=True):
    """What a form can take over; days as ISO dates."""

    number: str
    kind: str
    title: str
    title_for_form: str
    issuer: str
    issued_on: str | None
    valid_until: str | None
    hamlets: list[str]
    phones: list[str]
    accounts: list[Account]
    amounts: list[Amount]


class Repair(Answer, frozen=True, kw_only=True):
    """kind: of damage; sentence: what is told; places: how many."""

    kind: str
    sentence: str
    places: int


class Paper(Answer, frozen=True, kw_only=True):
    """A paper that was read. read_by: text, or ocr when Tesseract read a picture."""

    lines: list[Line]
    fields: Fields
    announcement: str
    repairs: list[Repair]
    read_by: str
