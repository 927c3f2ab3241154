"""The messages the console's pages and views hold.

``python -m web.translations.messages`` writes new ones into every catalogue.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from web.translations.languages import CATALOGUES

KEYWORDS = {"_": None, "_l": None, "ngettext": (1, 2)}
PLACES = [("**.py", "python"), ("**.html", "jinja2")]
WEB = Path(__file__).parent.parent


def messages() -> list[str | tuple[str, str]]:
    """Every message, in the order of the files; a pair where it has a plural."""
    found = extract_from_dir(WEB, PLACES, {}, keywords=KEYWORDS)
    return list(dict.fromkeys(_plain(message) for _file, _line, message, _comments, _context in found))


def _plain(message: str | tuple[str, ...]) -> str | tuple[str, str]:
    return message if isinstance(message, str) else (message[0], message[1])


def renew(path: Path) -> None:
    """Add what is new to a catalogue, empty for a translator to fill, and drop what no page says any more."""
    template = Catalog()
    for message in messages():
        template.add(message)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, omit_header=True)


if __name__ == "__main__":
    for each in CATALOGUES.glob("*/LC_MESSAGES/messages.po"):
        renew(each)
