"""The scheduler writes into the station's databases, so its tests run on both."""

from tests.rig.houses import (  # noqa: F401
    commune,
    database,
    house,
    postgres_house,
    quick_passwords,
    sqlite_house,
)
