"""One spelling: the mark stands on the first of two open vowels (khóa, hủy, tọa độ), as in the commune's own papers."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
SHOWN = ("web/**/*.html", "web/**/*.js", "web/**/*.po", "web/**/*.py", "broadcaster/refusals/*.tsv")
ANSWERED = (
    "loa/*.py",
    "scheduler/*.py",
    "broadcaster/commands/*.py",
    "broadcaster/station/**/*.py",
    "speaker_node/**/*.py",
)
OTHER = re.compile(r"\w*(?:(?<![qQ])u[ýỳỷỹỵ]|o[áàảãạéèẻẽẹ])\b", re.IGNORECASE)


def test_what_people_read_is_spelt_in_one_way() -> None:
    files = [path for pattern in (*SHOWN, *ANSWERED) for path in sorted(ROOT.glob(pattern))]
    assert len(files) > 200
    found = {str(path.relative_to(ROOT)): OTHER.findall(path.read_text(encoding="utf-8")) for path in files}
    assert {path: words for path, words in found.items() if words} == {}


def test_the_other_spelling_is_recognised() -> None:
    text = "khoá huỷ toạ độ sức khoẻ thuỷ lợi quý khách quỹ thoát khoản toàn"
    assert OTHER.findall(text) == ["khoá", "huỷ", "toạ", "khoẻ", "thuỷ"]
