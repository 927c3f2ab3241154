"""Real processes on both databases."""

from tests.unit.scheduler.conftest import (  # noqa: F401
    _quick_passwords,
    cluster,
    commune,
    database,
    house,
    postgres_house,
    sqlite_house,
)
