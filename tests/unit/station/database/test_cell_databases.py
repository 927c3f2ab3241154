"""Each station has a database of its own on a shared server, closed to the others' accounts."""

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError

from broadcaster.errors import Conflict, Unavailable
from broadcaster.station.database import cell_databases
from broadcaster.station.database.engine import Database
from tests.rig import postgres

pytestmark = pytest.mark.integration


def test_a_station_reaches_its_own_database_and_no_other(cluster: postgres.Cluster) -> None:
    administration = make_url(cluster.create()).set(database="postgres").render_as_string(hide_password=False)
    own, other = (cell_databases.create(administration, name) for name in ("con-minh", "vi-huong"))
    database = Database(own)
    database.migrate()
    database.dispose()
    engine = create_engine(make_url(own).set(database=make_url(other).database))
    with pytest.raises(OperationalError, match="permission denied"):
        engine.connect()
    engine.dispose()
    with pytest.raises(Conflict, match=r"cells\.database_there"):
        cell_databases.create(administration, "con-minh")


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(Unavailable, match=r"cells\.database_refused"):
        cell_databases.create("postgresql+psycopg://nobody@127.0.0.1:1/postgres", "con-minh")
