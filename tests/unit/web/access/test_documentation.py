"""The page of access says what the routes declare."""

import pytest

from tests.unit.web.access import documentation

pytestmark = pytest.mark.integration


def test_the_page_of_access_is_that_of_the_routes() -> None:
    assert documentation.PATH.read_text(encoding="utf-8") == documentation.text(), documentation.__doc__
