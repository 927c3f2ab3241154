"""``loa normalize``: standard input to standard output, a line in, its spoken words out."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from broadcaster.refusals.reasons import Reason
from broadcaster.refusals.sentences import sentence, terminal_line
from broadcaster.text.page.cleaning import is_regular
from broadcaster.text.page.dictionary import EMPTY, DictionaryError, ReadingDictionary
from broadcaster.text.page.script import Script
from broadcaster.text.papers import announcement, read_paper
from broadcaster.text.pastes import CERTAIN, KINDS, repair
from broadcaster.text.reading import normalize

Answer = Callable[[str, int, "Options"], str]
"""A line, its number and how to read it; gives the line to print."""

BAD_INPUT = 2


@dataclass(frozen=True, slots=True)
class Options:
    """How the lines are read."""

    dictionary: ReadingDictionary
    """The commune's own."""
    explain: bool
    """Whether what is doubtful is told."""
    paper: bool
    """Whether a text is an official paper, the furniture of which is not said."""
    as_typed: bool
    """Whether damage of a paste is left as it is."""

    def repaired(self, text: str) -> str:
        """The text with old fonts, wrong codes and broken lines mended, unless nobody wants that."""
        if self.as_typed or (is_regular(text) and "\n" not in text):
            return text
        return repair(text, leave=set(KINDS) - set(CERTAIN)).text

    def read(self, text: str) -> Script:
        """The words to be said."""
        wanted = announcement(read_paper(text)) if self.paper else text
        return normalize(wanted, dictionary=self.dictionary)


class BadLine(ValueError):
    """An input line that is not what was promised."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


def main(argv: Sequence[str]) -> int:
    """Run the command; 0 when every line was read, 2 when the input or the dictionary is wrong."""
    options = _parser().parse_args(argv)
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    try:
        how = Options(_dictionary(options.dictionary), options.explain, options.paper, options.as_typed)
        answer = _json_line if options.jsonl else _plain_line
        _answer_all(sys.stdin, answer, how)
    except (DictionaryError, BadLine) as error:
        print(terminal_line(error), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="loa normalize", description="Đọc văn bản thành lời: một dòng vào, một dòng ra."
    )
    parser.add_argument(
        "--jsonl", action="store_true", help='mỗi dòng vào là {"id","text"}, mỗi dòng ra là {"id","out"}'
    )
    parser.add_argument("--explain", action="store_true", help="kèm những chỗ đọc chưa chắc chắn")
    parser.add_argument("--paper", action="store_true", help="văn bản hành chính: bỏ quốc hiệu, nơi nhận, chữ ký …")
    parser.add_argument("--as-typed", action="store_true", help="không sửa phông cũ, mã sai, dòng bị ngắt")
    parser.add_argument("--dictionary", metavar="FILE", help="từ điển đọc của xã (tệp TSV)")
    return parser


def _dictionary(path: str | None) -> ReadingDictionary:
    if path is None:
        return EMPTY
    try:
        return ReadingDictionary.from_tsv(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DictionaryError(Reason("dictionary.not_readable", path=path)) from error


def _answer_all(lines: Iterable[str], answer: Answer, how: Options) -> None:
    for number, line in enumerate(lines, start=1):
        sys.stdout.write(answer(line.rstrip("\r\n"), number, how) + "\n")
        sys.stdout.flush()


def _plain_line(line: str, _number: int, how: Options) -> str:
    script = how.read(how.repaired(line))
    words = _one_line(script)
    if how.explain:
        words += "".join(f"\t[{doubt.written}] {sentence(doubt.reason)}" for doubt in script.doubts)
    return words


def _json_line(line: str, number: int, how: Options) -> str:
    if not line.strip():
        return ""
    case = _case(line, number)
    text = how.repaired(case["text"])
    script = how.read(text)
    answer: dict[str, object] = {"id": case.get("id"), "out": _one_line(script)}
    if how.explain:
        answer["doubts"] = [doubt.facts() for doubt in script.doubts]
        if text != case["text"]:
            # The doubts point into the repaired text.
            answer["repaired"] = text
    return json.dumps(answer, ensure_ascii=False)


def _case(line: str, number: int) -> dict[str, str]:
    try:
        case = json.loads(line)
    except ValueError as error:
        raise BadLine(Reason("input.not_json", line=number)) from error
    if not isinstance(case, dict) or not isinstance(case.get("text"), str):
        raise BadLine(Reason("input.no_text", line=number))
    return case


def _one_line(script: Script) -> str:
    return script.text.replace("\n", " ")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
