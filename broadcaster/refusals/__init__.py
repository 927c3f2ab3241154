"""Refusals and reasons: what is told is a code with facts; its sentences stand in ``vi.tsv`` and ``en.tsv``."""
