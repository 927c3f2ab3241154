"""The forms of a page, read from its HTML, so that a test can fill in every one there is."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["free", "bound", "kept"]
"""What a field takes: any text; text of a form such as a date or number; what already stands there."""
FREE = {"text", "search", "", "textarea"}
STORED = {"hidden", "checkbox", "radio", "submit", "button", "select"}


@dataclass
class Field:
    """name; value as it stands; kind: what it takes."""

    name: str
    value: str
    kind: Kind


@dataclass
class Form:
    """action: where it is sent; method; fields: what is sent without a touch, buttons left out."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.text: Field | None = None
        self.choice: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        stated = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = Form(urlsplit(stated.get("action", "")).path, stated.get("method", "get").lower())
            self.forms.append(self.open)
        elif tag == "option" and self.choice and ("selected" in stated or not self.choice.value):
            self.choice.value = stated.get("value", "")
        elif self.open and stated.get("name"):
            self._field(tag, stated)

    def _field(self, tag: str, stated: dict[str, str]) -> None:
        assert self.open
        if tag == "input":
            kind = stated.get("type", "")
            if kind == "file" or (kind in ("checkbox", "radio") and "checked" not in stated):
                return
            self.open.fields.append(Field(stated["name"], stated.get("value", ""), _kind(kind)))
        elif tag == "textarea":
            self.text = Field(stated["name"], "", "free")
            self.open.fields.append(self.text)
        elif tag == "select":
            self.choice = Field(stated["name"], "", "kept")
            self.open.fields.append(self.choice)

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = None
        elif tag == "select":
            self.choice = None
        elif tag == "form":
            self.open = None


def _kind(kind: str) -> Kind:
    return "free" if kind in FREE else "kept" if kind in STORED else "bound"


def forms(page: str) -> list[Form]:
    """Every form of a page."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
