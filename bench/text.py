"""How well and how fast is written Vietnamese read?  ``python -m bench.text [DEV_SET_FOLDER] [--peers PYTHON]``

The folder holds ``dev.jsonl`` and ``score.py``; without an argument ``../shared/normalization`` is looked for, and
without that our own tables are read (no peer is scored on them: they were written beside our rules). The sets in
``tests/data/normalization_unseen`` were written by people who had not seen the reader; every reader is scored on them.
Peers (vietnormalizer, sea-g2p) are measured when the interpreter given by ``--peers``, or this one, has them.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.rig.spoken_forms import allows

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "normalization"
TABLES = ROOT / "tests" / "data" / "normalization"
UNSEEN = ROOT / "tests" / "data" / "normalization_unseen"
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
PASSES = 7
WORDS_A_LINE = (10, 16)
PASTES = (2_000, 20_000, 200_000)
"""Characters of the pastes that show how the time grows with the length."""

# Run in the peers' interpreter: cases in, outputs, seconds for the quickest pass and milliseconds of import out.
_PEER = """
import json, sys, time
started = time.perf_counter()
try:
    {load}
except ImportError:
    sys.exit(3)
imported_ms = (time.perf_counter() - started) * 1000
texts = json.load(sys.stdin)
outputs = [read(text) for text in texts]
best = float("inf")
for _ in range({passes}):
    started = time.process_time()
    for text in texts:
        read(text)
    best = min(best, time.process_time() - started)
json.dump([outputs, best, imported_ms], sys.stdout)
"""
READERS = {
    "loa": "from broadcaster.text import spoken as read",
    "vietnormalizer": "from vietnormalizer import VietnameseNormalizer; read = VietnameseNormalizer().normalize",
    "sea-g2p": "from sea_g2p import Normalizer; read = Normalizer().normalize",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One reader over one set of sentences."""

    outputs: list[str]
    """What it said, in the order of the sentences."""
    seconds: float
    """Processor time of the quickest pass."""
    import_ms: float
    """Time to import it and make it ready, in milliseconds."""


def run(name: str, python: str, texts: list[str]) -> Run | None:
    """Let a reader read the texts in a process of its own; None when it is not installed there."""
    program = _PEER.format(load=READERS[name], passes=PASSES)
    done = subprocess.run(
        [python, "-c", program], input=json.dumps(texts), capture_output=True, text=True, cwd=ROOT, check=False
    )
    if done.returncode == 3:
        return None
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr.strip().splitlines()[-1]}")
    return Run(*json.loads(done.stdout))


def scorer(folder: Path) -> ModuleType:
    """The set's own scorer."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder}: no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The sentences of a set: id, text and the templates of what may be said."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def print_unseen(python: str) -> None:
    """Exact sentences of the unseen sets, one row per reader."""
    sets = {path.stem: read_cases(path) for path in sorted(UNSEEN.glob("*.jsonl"))}
    counts = ", ".join(f"{name} {len(cases)}" for name, cases in sets.items())
    print(f"\nunseen sets ({counts} sentences): exact %")
    print(f"{'reader':<16}" + "".join(f"{name:>8}" for name in sets))
    for name in READERS:
        rows = []
        for cases in sets.values():
            result = run(name, sys.executable if name == "loa" else python, [case["text"] for case in cases])
            if result is None:
                break
            pairs = zip(cases, result.outputs, strict=True)
            rows.append(100 * sum(allows(case["accept"], output) for case, output in pairs) / len(cases))
        print(f"{name:<16}" + ("".join(f"{row:>8.1f}" for row in rows) or "not installed: left out"))


def print_readers(folder: Path, python: str) -> None:
    """One row per reader: exact sentences, leaks, speed, import."""
    cases = read_cases(folder / "dev.jsonl")
    texts = [case["text"] for case in cases]
    score = scorer(folder)
    print(f"{folder / 'dev.jsonl'}: {len(cases)} sentences, quickest of {PASSES} passes on one core")
    print(f"{'reader':<16}{'EM1 %':>8}{'leak %':>8}{'sentences/s':>13}{'import ms':>11}")
    for name in READERS:
        result = run(name, sys.executable if name == "loa" else python, texts)
        if result is None:
            print(f"{name:<16}not installed for {python}: left out")
            continue
        said = {case["id"]: output for case, output in zip(cases, result.outputs, strict=True)}
        row = score.report(cases, said)[0]["ALL"]
        speed = len(texts) / result.seconds
        print(f"{name:<16}{row['em1']:>8.1f}{row['leak']:>8.1f}{speed:>13,.0f}{result.import_ms:>11.0f}")


def kinds_of_dev2(path: Path) -> list[dict[str, Any]]:
    """The cases of ``dev2.tsv``: kind, text, reading, note; "\\n" and "\\t" are escapes."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.replace("\\n", "\n").replace("\\t", "\x00").split("\t") for line in lines]
    return [
        {"id": number, "category": row[0], "text": row[1].replace("\x00", "\t"), "accept": [row[2]]}
        for number, row in enumerate(rows)
    ]


def print_kinds(folder: Path, python: str) -> None:
    """One row per reader over the kinds that were read wrongly once."""
    cases = kinds_of_dev2(folder / "dev2.tsv")
    print(f"\n{folder / 'dev2.tsv'}: {len(cases)} lines, exact")
    for name in READERS:
        result = run(name, sys.executable if name == "loa" else python, [case["text"] for case in cases])
        if result is None:
            print(f"{name:<16}not installed: left out")
            continue
        pairs = zip(cases, result.outputs, strict=True)
        print(f"{name:<16}{sum(allows(case['accept'], output) for case, output in pairs):>4}")


def lines_of(words: int) -> list[str]:
    """Distinct lines of so many words, cut from the unseen sentences one after another."""
    running = " ".join(case["text"] for path in sorted(UNSEEN.glob("*.jsonl")) for case in read_cases(path)).split()
    return list(dict.fromkeys(" ".join(running[at : at + words]) for at in range(0, len(running) - words, words)))


def print_speed(python: str) -> None:
    """One row per reader: lines a second on one core."""
    sets = {words: lines_of(words) for words in WORDS_A_LINE}
    counts = ", ".join(f"{len(lines):,} of {words} words" for words, lines in sets.items())
    print(f"\nlines a second, quickest of {PASSES} passes on one core ({counts})")
    for name in READERS:
        row = ""
        for lines in sets.values():
            result = run(name, sys.executable if name == "loa" else python, lines)
            row += f"{len(lines) / result.seconds:>10,.0f}" if result else ""
        print(f"{name:<16}{row or 'not installed: left out'}")


def print_papers(folder: Path) -> None:
    """Body kept and furniture said, over the papers of real shape; a reader that sorts no lines says everything."""
    from broadcaster.text.papers import read_paper

    papers = read_cases(folder / "papers.jsonl")
    body = body_spoken = furniture = furniture_spoken = 0
    for paper in papers:
        spoken = [line.spoken for line in read_paper(paper["text"]).lines]
        for line, is_spoken in zip(paper["lines"], spoken, strict=True):
            if line.get("either") or line["role"] == "blank":
                continue
            body += line["spoken"]
            body_spoken += line["spoken"] and is_spoken
            furniture += not line["spoken"]
            furniture_spoken += not line["spoken"] and is_spoken
    print(f"\n{folder / 'papers.jsonl'}: {len(papers)} papers")
    print(f"{'loa':<16}body kept {body_spoken}/{body}, furniture said {furniture_spoken}/{furniture}")
    print(f"{'the peers':<16}body kept {body}/{body}, furniture said {furniture}/{furniture}: they sort no lines")


def print_tables() -> None:
    """Our own tables, class by class: lines and lines read as marked."""
    from broadcaster.text import spoken

    print(f"\nour tables{'lines':>14}{'as marked':>11}")
    for path in sorted(TABLES.glob("*.tsv")):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
        right = sum(spoken(row[0].replace("\\n", "\n")) == row[1] for row in rows)
        print(f"{path.stem:<16}{len(rows):>8}{right:>11}")


def print_pastes(read: Callable[[str], object]) -> None:
    """Time per character of ever longer pastes: the same, when reading is linear."""
    rows = [line.split("\t")[0] for line in (TABLES / "sentences.tsv").read_text(encoding="utf-8").splitlines()[2:]]
    page = " ".join(rows)
    print(f"\n{'paste':<16}{'µs/character':>14}")
    for length in PASTES:
        paste = (page * (length // len(page) + 1))[:length]
        started = time.process_time()
        read(paste)
        print(f"{length:<16,}{(time.process_time() - started) / length * 1e6:>14.2f}")


def main(argv: Sequence[str]) -> int:
    """Print the tables."""
    from broadcaster.text import normalize

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--peers", metavar="PYTHON", default=str(PEERS) if PEERS.exists() else sys.executable)
    options = parser.parse_args(argv)
    if (options.folder / "dev.jsonl").exists():
        print_readers(options.folder.resolve(), options.peers)
    else:
        print(f"{options.folder}: no dev.jsonl there; readers are not compared")
    if (options.folder / "dev2.tsv").exists():
        print_kinds(options.folder.resolve(), options.peers)
    papers = options.folder.resolve().parent / "papers"
    if (papers / "papers.jsonl").exists():
        print_papers(papers)
    print_unseen(options.peers)
    print_speed(options.peers)
    print_tables()
    print_pastes(normalize)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
