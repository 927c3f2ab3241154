"""A refusal has a sentence in both languages, made of its facts, and no code stands without one."""

import ast
import re
from pathlib import Path

import pytest

from broadcaster.protocol.reasons import CardCause
from speaker_node.errors import NodeError, SoundFault, StorageFault
from speaker_node.sentences import LANGUAGES, language_of, placeholders, sentence, table

ROOM = Path(__file__).parents[3] / "speaker_node"
VIETNAMESE = re.compile(r"[À-ỹ]")


def _raised() -> list[tuple[str, set[str]]]:
    """Codes of the node's errors with the names of the facts they are raised with."""
    kinds = {kind.__name__ for kind in NodeError.__subclasses__()}
    found = []
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in kinds and node.args:
                code = node.args[0]
                name = code.value if isinstance(code, ast.Constant) else getattr(code, "attr", "").lower()
                found.append((str(name), {str(keyword.arg) for keyword in node.keywords}))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_a_sentence_that_needs_no_fact_it_does_not_have(language: str) -> None:
    raised = _raised()
    assert len(raised) > 20
    for code, facts in raised:
        assert placeholders(table(language)[code]) <= facts, code


def test_the_tables_have_the_same_codes_with_the_same_facts() -> None:
    vietnamese, english = table("vi"), table("en")
    assert set(vietnamese) == set(english)
    for code in vietnamese:
        assert placeholders(vietnamese[code]) == placeholders(english[code]), code
        assert not VIETNAMESE.search(english[code]), code


def test_no_sentence_stands_in_a_raise() -> None:
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Raise):
                assert not VIETNAMESE.search(ast.unparse(node)), f"{file.name}:{node.lineno}"


@pytest.mark.parametrize("cause", CardCause)
def test_why_a_card_refused_is_said_in_the_reader_s_words(cause: CardCause) -> None:
    fault = StorageFault("file_not_written", file="agenda.jws", cause=cause)
    english = sentence(fault.code, fault.facts, "en")
    assert (cause.value in str(fault), "agenda.jws" in english, VIETNAMESE.search(english)) == (False, True, None)


def test_the_system_s_own_words_are_said_as_they_are() -> None:
    fault = SoundFault("device_failed", device="hw:1", error="No such device")
    assert "hw:1" in str(fault)
    assert "No such device" in str(fault)


def test_a_code_that_no_table_knows_is_shown_as_it_is() -> None:
    assert sentence("eaten_by_a_buffalo", {"count": 2}) == "eaten_by_a_buffalo count=2"


@pytest.mark.parametrize(
    ("environ", "language"),
    [({}, "vi"), ({"LANG": "en_US.UTF-8"}, "vi"), ({"LOA_LANGUAGE": "en"}, "en"), ({"LOA_LANGUAGE": "xx"}, "vi")],
)
def test_a_terminal_reads_vietnamese_unless_it_asks_for_english(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language
