"""The schema's history, applied from inside the program: no alembic.ini, no working directory.

Alembic is imported when the schema is looked after, not by everybody who reads or writes.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(connection: Connection) -> None:
    """Apply every migration this database has not seen, in the caller's transaction."""
    from alembic import command

    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> "Config":
    """Alembic's settings for this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
