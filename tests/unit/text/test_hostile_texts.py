"""What nobody types but somebody pastes is read to its end, and only words come out."""

import json
import random
import re
from pathlib import Path

import pytest

from broadcaster.text import normalize
from broadcaster.text.language.letters import LOWER, UPPER

UNSEEN = Path(__file__).parents[2] / "data" / "normalization_unseen"
SPEAKABLE = re.compile(rf"[{LOWER}{UPPER} ,.!?;:\n]*")
LENGTH = 3_000
"""Characters: what grows with the square of the length is felt here already."""
REPEATED = {
    "a word without end": "Nguyễnvănxóm",
    "figures": "1234567890",
    "points": "1.",
    "slashes": "1/",
    "dashes": "-",
    "sums": "= a - b ",
    "capitals": "UBND",
    "addresses": "a@a.",
    "mark-up": "<a <b>",
    "control characters": "".join(map(chr, range(32))) + "\x7f\x9b",
    "right to left": "\u202e\u200f7\u061c%",
    "pictures": "👨‍👩‍👧🏽❤️‍🔥",
    "figures of others": "٣৪７⑦Ⅶ⁷₇𝟕㊆",
    "letters of others": "中Жاทㅎ",
    "loose marks": "e\u0302\u0301\u0323\u0336",
}
JUNK = [*"\u200f\u202e\x00\x1b°²½№℃㎡₫™ßŒﬁøØΦ中Ж٣７🏽•→−—", "\u0301", "<b>", "&lt;", "👨‍👩‍👧"]


@pytest.mark.parametrize("name", REPEATED)
@pytest.mark.long
def test_a_hostile_paste_becomes_words(name: str) -> None:
    text = (REPEATED[name] * LENGTH)[:LENGTH]

    assert SPEAKABLE.fullmatch(normalize(text).text)
    assert SPEAKABLE.fullmatch(normalize(text, repeat_key_facts=True).text)


@pytest.mark.parametrize("separator", ["", " ", "/", "-", " - ", "."])
@pytest.mark.long
def test_pieces_of_real_sentences_in_any_order_become_words(separator: str) -> None:
    chance = random.Random(separator)
    files = (path.read_text(encoding="utf-8") for path in sorted(UNSEEN.glob("*.jsonl")))
    sentences = [json.loads(line)["text"] for file in files for line in file.splitlines()]
    pieces = [piece for sentence in sentences for piece in sentence.split()] + JUNK * 20

    for _ in range(60):
        text = separator.join(chance.choices(pieces, k=12))
        assert SPEAKABLE.fullmatch(normalize(text).text), text
