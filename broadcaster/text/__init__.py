"""Written Vietnamese to spoken words. Pure: a text in, a script out; imports nothing of ours but itself."""

from broadcaster.text.page.dictionary import EMPTY, DictionaryError, ReadingDictionary, ReadingEntry
from broadcaster.text.page.script import Doubt, Script, Sentence, Span, SpokenSpan
from broadcaster.text.reading import normalize, reading_version, spoken
from broadcaster.text.unmarked import MarkSuggestion, suggest_marks, with_marks

__all__ = [
    "EMPTY",
    "DictionaryError",
    "Doubt",
    "MarkSuggestion",
    "ReadingDictionary",
    "ReadingEntry",
    "Script",
    "Sentence",
    "Span",
    "SpokenSpan",
    "normalize",
    "reading_version",
    "spoken",
    "suggest_marks",
    "with_marks",
]
