"""The page of codes says what the tables say."""

from tests.unit.refusals import documentation


def test_the_page_of_codes_is_that_of_the_tables() -> None:
    assert documentation.PATH.read_text(encoding="utf-8") == documentation.text(), documentation.__doc__
