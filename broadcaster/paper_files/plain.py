"""Text files of any code page, and web pages that were saved."""

import re
import unicodedata
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "section", "hr")
)
_SPACES = re.compile(r"\s+")
_SILENT = frozenset(("script", "style", "head", "title", "noscript", "template"))


def text_of(data: bytes) -> str:
    """The text, in the code page it was written in. Fonts before Unicode stay: a paste is repaired later."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\x00" in data:
        return data.decode("utf-16-le" if data[1:2] == b"\x00" else "utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _old_code_page(data)


def _old_code_page(data: bytes) -> str:
    """Windows' Vietnamese page, or the bytes of a font before Unicode: whichever makes Vietnamese words."""
    windows = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    # Asked for by few files: the reader and its tables cost half of the process's time.
    from broadcaster.text.pastes import repair

    western = "".join(_western(byte) for byte in data)
    return western if repair(western, leave={"lines"}).findings else windows


def _western(byte: int) -> str:
    letter = bytes([byte]).decode("cp1252", "ignore")
    return letter or chr(byte)


def text_of_page(page: str) -> str:
    """What a reader of a saved web page sees."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    lines = (" ".join(line.split(" ")).strip() for line in "".join(reader.out).split("\n"))
    return "\n".join(line for line in lines if line)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent += tag in _SILENT
        if tag in _BLOCKS:
            self.out.append("\n")
        elif tag in ("td", "th"):
            self.out.append("\t")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        if tag in _BLOCKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(_SPACES.sub(" ", data))
