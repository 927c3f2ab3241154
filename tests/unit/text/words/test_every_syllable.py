"""A common word is said as itself: every syllable Vietnamese can have, in ten frames."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import cycle, islice

import pytest

from broadcaster.text import normalize
from broadcaster.text.language.lexicon import table, words
from broadcaster.text.language.syllables import is_syllable

pytestmark = pytest.mark.long

FRAMES = (
    "{}",
    "Bà con {} ở thôn bản.",
    "Hôm {} mưa to, gió lớn.",
    "Bên {} suối nước dâng cao.",
    "Mất một con bê {} ở chợ phiên.",
    "Nhà nào có {} thì báo.",
    "Ông Nguyễn Văn {} nói.",
    "Đường {}, cầu {} đã sửa xong.",
    "Làm {} ngoài đồng.",
    "bc xóm 2 nhớ mang {} nhé",
)
WRITTEN_OUT = {"bc": "bà con", "2": "hai"}
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = frozenset("aăâeêioôơuưy")
SHORTENED = frozenset(("lun", "nhìu", "rùi", "ko", "ia", "kon", "kông"))
"""Written like syllables, but words of no dictionary: luôn, nhiều, rồi, không; Ia, Kon, Kông are names."""


def syllables() -> Iterator[str]:
    """Every onset with every rhyme in every tone, the tone on either vowel where spelling allows it."""
    rhymes = words("rhymes", file="syllables") | words("rhymes after qu", file="syllables")
    for onset in ("", *sorted(words("onsets", file="syllables"))):
        for rhyme in sorted(rhymes):
            for at in [at for at, letter in enumerate(rhyme) if letter in VOWELS]:
                marked = (rhyme[: at + 1] + tone + rhyme[at + 1 :] for tone in TONES)
                yield from (unicodedata.normalize("NFC", onset + rest) for rest in marked)


def in_tables() -> set[str]:
    """The syllables that some table has: whatever could break a common word."""
    cells = {
        cell for name in ("acronyms", "phone", "foreign", "units", "triggers") for row in table(name) for cell in row
    }
    return {word.lower() for cell in cells for word in re.split(r"[|, ]", cell)}


@cache
def known_syllables() -> list[str]:
    return sorted({word for word in syllables() if is_syllable(word) and len(word) > 1} - SHORTENED)


def bare_words(text: str) -> list[str]:
    return [WRITTEN_OUT.get(word, word) for word in re.findall(r"[^\W_]+", text.lower())]


def misread(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Frame by frame what was not said as written."""
    wrong = {}
    for frame, word in pairs:
        written = frame.replace("{}", word)
        said = normalize(written).text
        if " ".join(bare_words(said)) != " ".join(bare_words(written)):
            wrong[written] = said
    return wrong


def test_there_are_more_syllables_than_in_any_dictionary() -> None:
    assert len(known_syllables()) > 15_000
    assert {"kia", "thui", "nghiêng", "quấc", "khuya", "giếng"} <= set(known_syllables())


@pytest.mark.parametrize("part", range(4))
def test_every_syllable_is_said_as_itself(part: int) -> None:
    frames = cycle(FRAMES)
    chosen = ((frame, word) for word in known_syllables()[part::4] for frame in islice(frames, 2))

    assert misread(chosen) == {}


def test_a_syllable_that_stands_in_a_table_is_said_as_itself_in_every_frame() -> None:
    known = in_tables()
    chosen = ((frame, word) for word in known_syllables() if word in known for frame in FRAMES)

    assert misread(chosen) == {}


def test_a_brand_that_is_a_common_word_as_well_is_said() -> None:
    assert normalize("Xe Kia đỗ chắn cổng trường.").text == "Xe Kia đỗ chắn cổng trường."
