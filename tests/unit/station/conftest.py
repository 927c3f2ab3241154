"""Every test of the station runs on both databases."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords_everywhere(quick_passwords: None) -> None:
    """Also where a test makes a database of its own."""
