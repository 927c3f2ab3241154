"""Text typed without marks: which marks were probably meant, as a suggestion and never more."""

from broadcaster.text.unmarked.suggestions import MarkSuggestion, suggest_marks, with_marks

__all__ = ["MarkSuggestion", "suggest_marks", "with_marks"]
