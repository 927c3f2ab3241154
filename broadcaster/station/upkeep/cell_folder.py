"""Database, key and clips of a cell are one: a process that brings another key, or a folder of clips that those
at work do not share, is refused before it signs or renders anything.

The database remembers the public key. Which folder of clips is the cell's is a mark, the same in the folder and in the
database; while no other process is at work it is whichever one the folder of the first process is.
"""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from broadcaster.errors import Invalid, Unavailable
from broadcaster.station.audit import entries as audit
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import station_key
from broadcaster.station.nodes.station_key import StationIdentity
from broadcaster.station.rows import processes, settings
from broadcaster.station.schema import Setting

KEY, CLIPS = "cell_key", "cell_clips"
"""Settings: public key in hexadecimal letters; the mark of the folder of clips."""
MARK_FILE = ".cell"
_SHORT = 16
AT_WORK = timedelta(seconds=30)
"""A process that gave a sign of life since then is at work."""


def check_key(database: Database, data_dir: Path) -> None:
    """Before anything is opened or made. Raises Invalid when the database belongs to another key than the one in
    ``data_dir``, also when there is none; nothing when the database is new or does not answer, which is found out
    later."""
    known = _known_key(database)
    if not known:
        return
    held = station_key.public_key_in(data_dir)
    if held is None:
        raise Invalid("identity.missing", path=data_dir / station_key.FILE, key=known[:_SHORT])
    if held != known:
        path = data_dir / station_key.FILE
        raise Invalid("identity.foreign", path=path, key=held[:_SHORT], wanted=known[:_SHORT])


def settle(database: Database, identity: StationIdentity) -> None:
    """Have the database remember the key, where it knows none yet. Raises Invalid when it knows another."""
    own = identity.public_key.hex()
    with database.reading() as s:
        known = settings.read(s, KEY)
    if known is None:
        with database.session() as s:
            known = settings.read(s, KEY)
            if known is None:
                settings.write(s, KEY, own)
    if known not in (None, own):
        raise Invalid("identity.foreign", path=station_key.FILE, key=own[:_SHORT], wanted=str(known)[:_SHORT])


def accept_key(s: Session, identity: StationIdentity, *, now_at: datetime) -> None:
    """Somebody at the machine says that the key is lost: this one is the station's from now on."""
    key = identity.public_key.hex()
    if settings.read(s, KEY) != key:
        settings.write(s, KEY, key)
        details = {"key": key[:_SHORT]}
        audit.record(s, by=None, action="station.key_replaced", subject="station:key", now_at=now_at, details=details)


def settle_clips(database: Database, clips_dir: Path, *, now_at: datetime) -> None:
    """See that the clips are those of the processes at work. Raises Unavailable when they are not.

    Only for a server's database: where it is a file, it lies beside the clips.
    """
    if database.url.get_backend_name() == "sqlite":
        return
    path = clips_dir / MARK_FILE
    here = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
    with database.session() as s:
        known = settings.read(s, CLIPS, "")
        if here and here == known:
            return
        others = [each for each in processes.read(s) if abs(now_at - each.at) < AT_WORK]
        if known and others:
            where = f"{others[0].detail.get('host', '?')}:{others[0].detail.get('pid', '?')}"
            raise Unavailable("clips.not_shared", folder=clips_dir, process=where)
        mark = secrets.token_hex(16)
        settings.write(s, CLIPS, mark)
        clips_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(mark + "\n", encoding="ascii")


def _known_key(database: Database) -> str:
    """As the database has it; empty for a new one."""
    url = database.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return ""
    try:
        with database.reading() as s:
            if not inspect(s.connection()).has_table(Setting.__tablename__):
                return ""
            return str(settings.read(s, KEY, ""))
    except Unavailable:
        return ""
