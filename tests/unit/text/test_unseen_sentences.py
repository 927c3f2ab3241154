"""Sentences by writers who had never seen the reader are read as they expect."""

import json
from pathlib import Path

import pytest

from broadcaster.text import spoken
from tests.rig.spoken_forms import allows

UNSEEN = Path(__file__).parents[2] / "data" / "normalization_unseen"
SETS = sorted(UNSEEN.glob("*.jsonl"))
ARGUABLE: dict[str, str] = {}
"""Sentences another reading of which we hold to be as good -> why."""


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_every_sentence_is_read_as_its_writer_expects(path: Path) -> None:
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    wrong = [
        f"{case['id']}: {case['text']!r} was read {said!r}, expected {case['accept'][0]!r}"
        for case in cases
        if not allows(case["accept"], said := spoken(case["text"])) and case["id"] not in ARGUABLE
    ]

    assert not wrong, "\n".join(wrong)


def test_the_sets_and_their_first_scores_are_told() -> None:
    stated = (UNSEEN / "README.md").read_text(encoding="utf-8")

    assert SETS
    assert [path.name for path in SETS if f"`{path.name}`" not in stated] == []


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("ngày {mùng |}hai tháng {tư|bốn}", "Ngày hai tháng tư."),
        ("{một {phần|trên} hai|nửa} số hộ", "Một phần hai số hộ."),
        ("hòa bình, tỷ lệ kỹ thuật", "Hoà bình tỉ lệ kĩ thuật"),
        ("hai nghìn ki lô mét", "hai ngàn kilomet"),
    ],
)
def test_what_is_not_heard_does_not_count(template: str, said: str) -> None:
    assert allows([template], said)


@pytest.mark.parametrize("said", ["ngày mùng ba", "ngày hai mươi", "mùng hai", ""])
def test_another_word_is_another_reading(said: str) -> None:
    assert not allows(["ngày {mùng |}hai"], said)
