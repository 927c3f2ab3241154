"""A small commune with its console, for tests: three hamlets with a node each, and one person of every kind."""

import hashlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.test import TestResponse

from broadcaster.config import Config
from broadcaster.rendering import RenderedClip
from broadcaster.station.announcements import announcements, approvals
from broadcaster.station.clips import clips, jobs
from broadcaster.station.database.engine import Database
from broadcaster.station.nodes import nodes
from broadcaster.station.people import people, sessions, tokens
from broadcaster.station.rows import heartbeats
from broadcaster.station.schema import Announcement, Person
from broadcaster.station.schema.announcement_fields import AnnouncementFields
from broadcaster.station.units import units
from web.shell.services import Services
from web.shell.watcher import Watcher

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Monday, 08:00 in the commune."""
PASSWORD = "mat-khau-thu-nghiem"
HAMLETS = ("Lủng Pảng", "Lủng Vai", "Bản Cuôn")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now_at: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now_at

    def move(self, **by: float) -> None:
        self.now_at += timedelta(**by)


@dataclass
class Commune:
    """The commune and its console.

    app: the application under test.
    database: what the station knows.
    clock: the only time there is.
    clips_dir: where the clips lie.
    """

    app: Flask
    database: Database
    clips_dir: Path
    clock: Clock = field(default_factory=Clock)

    def browser(self, username: str = "canbo") -> FlaskClient:
        """A browser in which this person is signed in (without the slow password check)."""
        with self.database.session() as s:
            token = sessions.open_session(s, person=self._person(s, username), now_at=self.clock(), client="test")
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
        return client

    def token(self, username: str = "canbo") -> dict[str, str]:
        """The header a program of this person sends."""
        with self.database.session() as s:
            token = tokens.add_token(s, person=self._person(s, username), name="test", now_at=self.clock())
        return {"Authorization": f"Bearer {token}"}

    def write(self, title: str = "Họp thôn", text: str = "Mời bà con đi họp lúc 19h30.", by: str = "canbo") -> str:
        """A draft; its id."""
        with self.database.session() as s:
            made = announcements.create(
                s,
                AnnouncementFields(title=title, text=text, zones=["lung-pang", "lung-vai"], broadcast_class="routine"),
                by=self._person(s, by),
                now_at=self.clock(),
            )
            return made.id

    def make_clips(self) -> None:
        """Finish every waiting render job with a clip that is not really sound."""
        with self.database.session() as s:
            while job := jobs.claim(s, worker="test", now_at=self.clock()):
                sound = f"OggS {job.plan_hash}".encode()
                path = self.clips_dir / f"{hashlib.sha256(sound).hexdigest()}.ogg"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(sound)
                rendered = RenderedClip(path, path.stem, len(sound), 21_000, "espeak", None, -16.0)
                clip = clips.record(s, rendered, job.plan_hash, self.clock())
                jobs.finish(s, job_id=job.id, worker="test", clip=clip, now_at=self.clock())

    def approved(self, title: str = "Họp thôn") -> str:
        """An announcement the chair has released; its id."""
        made = self.write(title)
        self.make_clips()
        with self.database.session() as s:
            announcement = s.get_one(Announcement, made)
            approvals.submit(s, announcement=announcement, by=self._person(s, "canbo"), now_at=self.clock())
            approvals.approve(
                s,
                announcement=announcement,
                content_hash=announcement.content_hash or "",
                by=self._person(s, "chutich"),
                now_at=self.clock(),
            )
        return made

    def seal(self, announcement_id: str) -> str:
        """The content hash of an announcement as it is now."""
        with self.database.reading() as s:
            return s.get_one(Announcement, announcement_id).content_hash or ""

    def beat(self) -> None:
        """Every part of the station gives a sign of life."""
        with self.database.session() as s:
            for name in ("station", "publisher", "renderer"):
                heartbeats.beat(s, name, self.clock(), {"connected": True})

    def _person(self, s: object, username: str) -> Person:
        return s.scalars(select(Person).where(Person.username == username)).unique().one()  # type: ignore[attr-defined]


def seed(config: Config) -> None:
    """Fill an empty data folder with the commune."""
    database = Database(config.database_url)
    database.migrate()
    with database.session() as s:
        commune = units.add_unit(s, name="Côn Minh", kind="commune", now_at=MORNING)
        for name in HAMLETS:
            hamlet = units.add_unit(s, name=name, kind="hamlet", parent_id=commune.id, now_at=MORNING)
            nodes.add_node(s, name=f"Loa {name}", unit_id=hamlet.id, by=None, now_at=MORNING)
        for username, full_name, role in (
            ("canbo", "Nguyễn Thị Lan", "officer"),
            ("chutich", "Hoàng Văn Minh", "approver"),
            ("quantri", "Lý Thị Hoa", "administrator"),
            ("khach", "Người Xem", "viewer"),
        ):
            people.add_person(
                s,
                username=username,
                full_name=full_name,
                password=PASSWORD,
                roles=[(commune.id, role)],
                by=None,
                now_at=MORNING,
            )
    database.dispose()


def reset(app: Flask, seeded: Path) -> Commune:
    """The console over a fresh copy of the seeded folder, with a clock of its own.

    Application and engine stay: reading templates and compiling statements again would be most of a test's time.
    """
    parts: Services = app.extensions["loa"]
    parts.watcher.stop()
    parts.database.dispose()
    shutil.rmtree(parts.config.data_dir)
    shutil.copytree(seeded, parts.config.data_dir)
    clock = Clock()
    app.extensions["loa"] = Services(parts.config, parts.database, clock, Watcher(parts.database, most_streams=2))
    return Commune(app, parts.database, parts.config.clips_dir, clock)


def csrf(page: str) -> str:
    """The token of the first form on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "no form on this page"
    return found.group(1)


def heard(page: str, action: str = "") -> str:
    """The content hash a form on a page carries: the first one, or that of the form with this action."""
    form = page.split(f'action="{action}"', 1)[1] if action else page
    found = re.search(r'name="content_hash" value="([^"]+)"', form.split("</form>", 1)[0] if action else form)
    assert found, "no form on this page carries what was heard"
    return found.group(1)


def send(
    browser: FlaskClient, address: str, fields: Mapping[str, object] | None = None, *, page: str = ""
) -> TestResponse:
    """Press a button: send the form with the CSRF token of ``page``; without one, with a token as good as any."""
    token = csrf(browser.get(page).text) if page else _token(browser)
    return browser.post(address, data={"csrf_token": token, **(fields or {})})


def _token(browser: FlaskClient) -> str:
    """What ``csrf_token()`` would write into a page, without the cost of a page."""
    with browser.session_transaction() as cookie:
        raw = cookie.setdefault("csrf_token", hashlib.sha1(b"any").hexdigest())
    signer = URLSafeTimedSerializer(browser.application.secret_key, salt="wtf-csrf-token")
    return str(signer.dumps(raw))
