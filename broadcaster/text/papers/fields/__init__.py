"""What a form can take over from a paper."""

from broadcaster.text.papers.fields.form import fields_of, title_for_form

__all__ = ["fields_of", "title_for_form"]
