"""The console, put together."""

from dataclasses import replace
from pathlib import Path

from flask import Flask, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import settings as station_settings
from web import (
    account,
    announcements,
    api,
    approvals,
    audit,
    broadcasts,
    chirps,
    collisions,
    compression,
    dictionary,
    emergencies,
    emergency_stories,
    enrolments,
    failures,
    hamlets,
    health,
    home,
    invitations,
    kept,
    languages,
    live,
    log,
    matters,
    node_health,
    nodes,
    patterns,
    people,
    persons,
    pole_map,
    pole_settings,
    previews,
    public_page,
    remedies,
    reports,
    residents,
    second_factor,
    secret,
    security,
    settings,
    slot_dates,
    slot_items,
    slots,
    sounds,
    times,
    timetable,
    tongues,
    versions,
    visitors,
)
from web.house import Clock, House, house, utc_now
from web.static_files import static_url
from web.watcher import Watcher
from web.words import WEEKDAYS, WEEKDAYS_SHORT, word

LARGEST_FORM_BYTES = 2_000_000
"""Room for a pasted text far beyond what may be saved, so that the refusal can show it again."""
UPLOADS = {
    "sounds.attach_recording",
    "versions.put",
    "api.post_announcements_recording",
    "api.post_announcements_versions_one",
}
"""Where sound comes in."""
THREADS_FOR_PAGES = 8
"""Threads that streams never take, so that pages answer however many consoles are open."""


ROOMS = (
    home,
    matters,
    announcements,
    sounds,
    kept,
    patterns,
    versions,
    tongues,
    approvals,
    broadcasts,
    slots,
    slot_items,
    slot_dates,
    timetable,
    collisions,
    emergencies,
    emergency_stories,
    remedies,
    nodes,
    enrolments,
    pole_settings,
    pole_map,
    chirps,
    node_health,
    hamlets,
    dictionary,
    log,
    reports,
    people,
    persons,
    account,
    second_factor,
    invitations,
    settings,
    audit,
    previews,
    public_page,
    residents,
    live,
    health,
    api,
)
"""Every noun of the console, each with its own blueprint."""


def create_app(config: Config, database: Database, *, clock: Clock = utc_now) -> Flask:
    """The WSGI application. ``app.extensions["loa"].watcher.stop()`` ends its thread and its streams."""
    app = Flask("web", root_path=str(Path(__file__).parent))
    streams = max(2, config.web.threads - THREADS_FOR_PAGES)
    app.extensions["loa"] = House(config, database, clock, Watcher(database, most_streams=streams))
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_leave_room_for_recordings)
    app.teardown_request(lambda _error: request.close())
    compression.init_app(app)
    security.init_app(app, config.web, secret=secret.load_or_create(config.data_dir))
    languages.init_app(app)
    times.init_app(app)
    failures.init_app(app)
    visitors.init_app(app)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.context_processor(_in_every_page)
    if config.web.trusted_proxies:
        hops = config.web.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _leave_room_for_recordings() -> None:
    """Before anything reads the form: where sound is uploaded, more may come than in any other request."""
    if request.endpoint in UPLOADS:
        request.max_content_length = (house().config.audio.largest_upload_megabytes + 1) * 1_000_000


def _in_every_page() -> dict[str, object]:
    return {
        **_station(),
        "language": languages.chosen(),
        "word": word,
        "weekdays": WEEKDAYS,
        "weekdays_short": WEEKDAYS_SHORT,
        "static_url": static_url,
        "page_url": _page_url,
        "waiting": approvals.waiting_count(),
    }


def _station() -> dict[str, object]:
    """The station with the name the commune chose, and the number it may be called at."""
    configured = house().config.station
    with house().database.reading() as s:
        name = station_settings.read(s, "station_name") or configured.name
        return {
            "station": replace(configured, name=name),
            "contact_phone": station_settings.read(s, "contact_phone", ""),
        }


def _page_url(page: int) -> str:
    """This page's own address with another page number."""
    arguments = request.args.to_dict() | (request.view_args or {}) | {"page": page}
    return url_for(request.endpoint or "home.show", **arguments)
