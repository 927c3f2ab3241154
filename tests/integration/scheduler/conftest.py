"""Real processes on both databases."""

from tests.rig.houses import (  # noqa: F401
    commune,
    database,
    house,
    postgres_house,
    quick_passwords,
    sqlite_house,
)
