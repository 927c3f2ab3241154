"""The console, put together."""

from dataclasses import replace
from pathlib import Path

from flask import Flask, has_request_context, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from broadcaster.config import Config
from broadcaster.paper_files import LARGEST_BYTES
from broadcaster.speech.packs.archive import LARGEST_BYTES as LARGEST_PACK_BYTES
from broadcaster.station.database.engine import Database
from broadcaster.station.feedback import voices
from broadcaster.station.releases import wheels
from broadcaster.station.rows import settings as station_settings
from web import api_routes, rooms
from web.access import guard, thing_steps
from web.approvals.pages import waiting_count
from web.security import protection, secret
from web.serving import path_prefix
from web.shell import compression, failures, hosts, logins, static_files, telling, template_folders, times
from web.shell.services import Clock, Services, services, utc_now
from web.shell.static_files import joined_url, static_url
from web.shell.watcher import Watcher
from web.shell.words import WEEKDAYS, WEEKDAYS_SHORT, broadcast_word, word
from web.translations import languages

LARGEST_FORM_BYTES = 2_000_000
"""Room for a pasted text far beyond what may be saved, so that the refusal can show it again."""
UPLOADS = {
    "recordings.attach_recording",
    "versions.put",
    "api.post_announcements_recording",
    "api.post_announcements_versions_one",
    "tunes.add",
    "province.compose",
    "api.post_tunes",
}
"""Where sound comes in."""
VOICES = {"resident_feedback.send"}
"""Where residents send a minute of voice."""
PACKS = {"voices.add_pack", "api.post_voices_packs"}
"""Where voice packs come in."""
RELEASES = {"releases.add", "api.post_releases"}
"""Where newer programs for the nodes come in."""
PAPERS = {"papers.look", "api.post_papers_file"}
"""Where papers come in as files."""
THREADS_FOR_PAGES = 8
"""Threads that streams never take, so that pages answer however many consoles are open."""


def create_app(config: Config, database: Database, *, clock: Clock = utc_now) -> Flask:
    """The WSGI application. ``app.extensions["loa"].watcher.stop()`` ends its thread and its streams."""
    app = Flask("web", root_path=str(Path(__file__).parent), static_folder=None)
    template_folders.init_app(app)
    static_files.init_app(app)
    streams = max(2, config.web.threads - THREADS_FOR_PAGES)
    database.origin = _address
    app.extensions["loa"] = Services(config, database, clock, Watcher(database, most_streams=streams))
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_leave_room_for_files)
    hosts.init_app(app, config.web)
    app.teardown_request(lambda _error: request.close())
    compression.init_app(app)
    protection.init_app(app, config, secret=secret.load_or_create(config.data_dir))
    languages.init_app(app)
    times.init_app(app)
    telling.init_app(app)
    failures.init_app(app)
    thing_steps.init_app(app)
    logins.init_app(app)
    for blueprint in (*rooms.BLUEPRINTS, api_routes.blueprint):
        app.register_blueprint(blueprint)
    guard.init_app(app)
    app.context_processor(_in_every_page)
    if config.web.trusted_proxies:
        hops = config.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
        if config.web.path_prefix:
            app.wsgi_app = path_prefix.under(app.wsgi_app, config.web.path_prefix)  # type: ignore[assignment, method-assign]
    return app


def _address() -> str:
    """Of whoever asks, for the audit trail; empty outside a request."""
    return (request.remote_addr or "") if has_request_context() else ""


def _leave_room_for_files() -> None:
    """Before anything reads the form: where files are uploaded, more may come than in any other request."""
    if request.endpoint in UPLOADS:
        request.max_content_length = (services().config.audio.largest_upload_megabytes + 1) * 1_000_000
    elif request.endpoint in VOICES:
        request.max_content_length = voices.LARGEST_BYTES + 100_000
    elif request.endpoint in PAPERS:
        request.max_content_length = LARGEST_BYTES + LARGEST_FORM_BYTES
    elif request.endpoint in RELEASES:
        request.max_content_length = 2 * wheels.MOST_BYTES + LARGEST_FORM_BYTES
    elif request.endpoint in PACKS:
        request.max_content_length = LARGEST_PACK_BYTES + LARGEST_FORM_BYTES


def _in_every_page() -> dict[str, object]:
    return {
        **_station(),
        "language": languages.chosen(),
        "word": word,
        "broadcast_word": broadcast_word,
        "weekdays": WEEKDAYS,
        "weekdays_short": WEEKDAYS_SHORT,
        "joined_url": joined_url,
        "static_url": static_url,
        "page_url": _page_url,
        "waiting": waiting_count(),
    }


def _station() -> dict[str, object]:
    """The station with the name the commune chose, and the number it may be called at."""
    configured = services().config.station
    with services().database.reading() as s:
        chosen = station_settings.read_all(s, "station_name", "level", "contact_phone")
    return {
        "station": replace(configured, name=chosen.get("station_name") or configured.name),
        "level": chosen.get("level", "commune"),
        "contact_phone": chosen.get("contact_phone", ""),
    }


def _page_url(page: int) -> str:
    """This page's own address with another page number."""
    arguments = request.args.to_dict() | (request.view_args or {}) | {"page": page}
    return url_for(request.endpoint or "home.show", **arguments)
