"""Not a message is missing in the other language."""

import re

from web.translations import languages
from web.translations.messages import messages


def test_every_message_has_its_english_with_the_same_blanks() -> None:
    english = languages.catalogue("en")._catalog
    for message in messages():
        singular = message if isinstance(message, str) else message[0]
        translated = english.get(singular) if isinstance(message, str) else english.get((singular, 1))
        assert translated, f"{singular!r} has no English"
        assert _names(translated) == _names(singular), singular


def _names(text: str) -> set[str]:
    """The blanks in a message."""
    return set(re.findall(r"%\((\w+)\)", text))
