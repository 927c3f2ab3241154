"""Warnings of the weather service that come as papers: what they warn of, how much, where and until when."""

from broadcaster.text.warnings.places import named_in
from broadcaster.text.warnings.reading import warning_in
from broadcaster.text.warnings.values import PaperWarning

__all__ = ["PaperWarning", "named_in", "warning_in"]
