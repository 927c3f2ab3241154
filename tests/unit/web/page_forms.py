"""Forms as a browser sends them back: what stands in a page is what is sent."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._form, self._inside = form, False
        self._select = self._area = ""
        self._typed = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self._inside = has.get("id") == self._form
        elif self._inside and tag == "input" and has.get("name"):
            if has.get("type") not in ("checkbox", "radio") or "checked" in has:
                self.fields.append((has["name"] or "", has.get("value") or ""))
        elif self._inside and tag == "select":
            self._select = has.get("name") or ""
        elif self._select and tag == "option" and "selected" in has:
            self.fields.append((self._select, has.get("value") or ""))
        elif self._inside and tag == "textarea":
            self._area, self._typed = has.get("name") or "", ""

    def handle_data(self, data: str) -> None:
        self._typed += data if self._area else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.fields.append((self._area, self._typed.removeprefix("\n")))
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def fields(page: str, *, form: str) -> dict[str, list[str]]:
    """Every field of the form of this id, as the page shows it; a field may have several values."""
    parser = _Fields(form)
    parser.feed(page)
    found: dict[str, list[str]] = {}
    for name, value in parser.fields:
        found.setdefault(name, []).append(value)
    return found
