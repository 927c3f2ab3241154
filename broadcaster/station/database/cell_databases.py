"""A database of its own for each station on a shared PostgreSQL, which no other station's account may enter."""

import secrets

from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from broadcaster.errors import Conflict, Unavailable


def create(administration_url: str, station: str) -> str:
    """Make a role and a database named after the station; the URL to reach it by, a secret.

    ``administration_url`` is of a role that may make both. Raises Conflict when there is one of either already,
    Unavailable when the server does not do it.
    """
    admin = make_url(administration_url)
    name, password = f"loa_{station.replace('-', '_')}", secrets.token_urlsafe(24)
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            _make(connection, name, password)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", error)).splitlines()[0]
        raise Unavailable("cells.database_refused", host=admin.host, cause=cause[:200]) from None
    finally:
        engine.dispose()
    made = admin.set(username=name, password=password, database=name)
    return made.render_as_string(hide_password=False)


def _make(connection: Connection, name: str, password: str) -> None:
    """``name`` and ``password`` hold no character that needs quoting: letters, digits, "_" and "-"."""
    roles = text("SELECT count(*) FROM pg_roles WHERE rolname = :name")
    databases = text("SELECT count(*) FROM pg_database WHERE datname = :name")
    if any(connection.scalar(each, {"name": name}) for each in (roles, databases)):
        raise Conflict("cells.database_there", name=name)
    connection.execute(text(f"CREATE ROLE \"{name}\" LOGIN PASSWORD '{password}'"))
    connection.execute(text(f'GRANT "{name}" TO CURRENT_USER'))
    connection.execute(text(f'CREATE DATABASE "{name}" OWNER "{name}" ENCODING \'UTF8\' TEMPLATE template0'))
    connection.execute(text(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC'))
