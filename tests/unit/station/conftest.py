"""Every test of the station runs on both databases."""

import pytest

from tests.rig.houses import (  # noqa: F401
    commune,
    database,
    house,
    postgres_house,
    quick_passwords,
    sqlite_house,
)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords_everywhere(quick_passwords: None) -> None:  # noqa: F811
    """Also where a test makes a database of its own."""
