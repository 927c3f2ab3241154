"""Count which syllable follows which, for the marks suggested to unmarked text: ``python -m bench.rig.marks_model``.

    python -m bench.rig.marks_model [--laws FOLDER] [--write]

Counted are our own tables, texts and screens, ``bench/data/village_phrases.txt`` (written for this) and, where a folder
is given, Vietnamese laws as HTML or text (official texts, in which nobody has copyright: Law on Intellectual Property,
article 15). ``tests/data/announcements`` and ``tests/data/normalization_unseen`` are never counted: on them the
suggestions are measured. ``--write`` replaces ``broadcaster/text/data/unmarked/marks.tsv``; without it, only the
accuracy of the model in the package is printed.
"""

import argparse
import html
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from broadcaster.text.language.syllable_pairs import BEGIN, FIGURE
from broadcaster.text.language.syllables import bare, is_syllable
from broadcaster.text.unmarked import suggest_marks, with_marks

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "broadcaster" / "text" / "data" / "unmarked" / "marks.tsv"
PHRASES = ROOT / "bench" / "data" / "village_phrases.txt"
HELD_OUT = ("tests/data/announcements", "tests/data/normalization_unseen", "tests/data/unmarked")
COUNTED = (".py", ".html", ".tsv", ".yaml", ".md", ".txt", ".po", ".js")
NOT_COUNTED = ("phone.tsv", "triggers.tsv", "marks.tsv", "village_phrases.txt")
OWN_WEIGHT, PHRASE_WEIGHT, LAW_WEIGHT = 50, 150, 1
LEAST_PAIRS_OF_LAW = 12
"""Pairs that the laws have less often are left out: the model stays small and loses nothing that can be measured."""
_TOKEN = re.compile(r"[^\W\d_]+|[^\w\s]|\d+")
_OLD_SPELLING = [("oà", "òa"), ("oá", "óa"), ("oả", "ỏa"), ("oã", "õa"), ("oạ", "ọa"), ("oè", "òe"), ("oé", "óe"),
                 ("oẻ", "ỏe"), ("oẽ", "õe"), ("oẹ", "ọe"), ("uỳ", "ùy"), ("uý", "úy"), ("uỷ", "ủy"), ("uỹ", "ũy"),
                 ("uỵ", "ụy")]  # fmt: skip


def rows(text: str) -> Iterator[list[str]]:
    """The runs of syllables of a text, numbers as "#"; a run ends at every mark and at every word that is none."""
    row: list[str] = []
    for token in _TOKEN.findall(unicodedata.normalize("NFC", text)):
        low = token.lower()
        if token.isalpha() and is_syllable(low):
            row.append(one_spelling(low))
        elif token.isdigit():
            row.append(FIGURE)
        else:
            yield row
            row = []
    yield row


def one_spelling(syllable: str) -> str:
    """hoà and hòa are one."""
    for old, new in _OLD_SPELLING:
        if syllable.endswith(old) and not syllable.startswith("qu"):
            return syllable.removesuffix(old) + new
    return syllable


def is_marked(row: Sequence[str]) -> bool:
    """Whether a run is Vietnamese: a third of its syllables have marks."""
    words = [syllable for syllable in row if syllable != FIGURE]
    return len(words) > 1 and sum(word != bare(word) for word in words) * 3 >= len(words)


def own_rows() -> list[list[str]]:
    """The runs of everything we wrote, each once."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True).stdout
    found: dict[str, None] = {}
    for name in listed.splitlines():
        if name.endswith(COUNTED) and not name.startswith(HELD_OUT) and not name.endswith(NOT_COUNTED):
            for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
                found.update({" ".join(row): None for row in rows(line) if is_marked(row)})
    return [row.split() for row in found]


def law_rows(folder: Path) -> Iterator[list[str]]:
    """The runs of the laws in a folder, each once."""
    seen: set[str] = set()
    for path in sorted(folder.iterdir()):
        text = re.sub(r"(?s)<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", path.read_text("utf-8", errors="ignore"))
        text = re.sub(r"\s*\n\s*", "\n", html.unescape(text))
        for line in re.sub(r"(?<![.;:!?])\n(?=[a-zà-ỹđ])", " ", text).split("\n"):
            for row in rows(line):
                if is_marked(row) and " ".join(row) not in seen:
                    seen.add(" ".join(row))
                    yield row


def count(runs: Iterable[Sequence[str]], weight: int) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Syllables and pairs of them."""
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for run in runs:
        for last, syllable in zip([BEGIN, *run], run, strict=False):
            single[syllable] += weight
            pairs[last, syllable] += weight
    return single, pairs


def build(laws: Path | None) -> str:
    """The lines of ``marks.tsv``."""
    phrases = [row for line in PHRASES.read_text("utf-8").splitlines() for row in rows(line) if row]
    single, pairs = count(law_rows(laws) if laws else (), LAW_WEIGHT)
    pairs = Counter({pair: number for pair, number in pairs.items() if number >= LEAST_PAIRS_OF_LAW})
    for more, weight in ((own_rows(), OWN_WEIGHT), (phrases, PHRASE_WEIGHT)):
        counted = count(more, weight)
        single.update(counted[0])
        pairs.update(counted[1])
    following: dict[str, list[str]] = {}
    for (last, syllable), number in sorted(pairs.items()):
        following.setdefault(last, []).append(f"{syllable}={number}")
    lines = ["# syllable\tcount\tsyllables behind it and their counts (made by bench/rig/marks_model.py)"]
    lines += [f"{s}\t{single.get(s, 0)}\t{' '.join(following.get(s, []))}" for s in sorted({*single, *following})]
    return "\n".join(lines) + "\n"


def accuracy(texts: Iterable[str]) -> tuple[float, float, int]:
    """Syllables and lines with the right marks, in per cent, and how many syllables were tried."""
    right = tried = whole = lines = 0
    for line in (unicodedata.normalize("NFC", line) for text in texts for line in text.splitlines()):
        meant = re.findall(r"[^\W\d_]+", line)
        if sum(is_syllable(word.lower()) for word in meant) < 3:
            continue
        typed = bare(line)
        said = re.findall(r"[^\W\d_]+", with_marks(typed, suggest_marks(typed)))
        pairs = [(one_spelling(a.lower()), one_spelling(b.lower())) for a, b in zip(said, meant, strict=True)]
        good = [a == b for a, b in pairs if is_syllable(b)]
        right, tried, whole, lines = right + sum(good), tried + len(good), whole + all(good), lines + 1
    return 100 * right / max(tried, 1), 100 * whole / max(lines, 1), tried


def held_out() -> dict[str, list[str]]:
    """The texts the model never saw."""
    tests = ROOT / "tests" / "data"
    unseen = []
    for path in sorted((tests / "normalization_unseen").glob("*.jsonl")):
        cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        unseen += [re.sub(r"\{([^{}|]*)[^{}]*\}", r"\1", case["accept"][0]) for case in cases]
    phone = (tests / "unmarked" / "phone.txt").read_text("utf-8").splitlines()
    return {
        "announcements": [path.read_text("utf-8") for path in sorted((tests / "announcements").glob("0*.txt"))],
        "unseen sentences": unseen,
        "typed on telephones": phone,
    }


def main(argv: Sequence[str]) -> int:
    """Write the model, or print how right it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--laws", type=Path, metavar="FOLDER")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(argv)
    if options.write:
        MODEL.write_text(build(options.laws), encoding="utf-8")
    for name, texts in held_out().items():
        syllables, lines, tried = accuracy(texts)
        print(f"{name:<22}{syllables:>7.1f} % of {tried:>6} syllables{lines:>7.1f} % of lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
