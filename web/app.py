"""The console, put together."""

from dataclasses import replace
from pathlib import Path

from flask import Flask, request, url_for
from werkzeug.middleware.proxy_fix import ProxyFix

from broadcaster.config import Config
from broadcaster.station.database.engine import Database
from broadcaster.station.rows import settings as station_settings
from web import api_routes as api
from web.account import invitations, second_factor
from web.account import pages as account
from web.announcements import pages as announcements
from web.announcements import recordings as sounds
from web.announcements import versions
from web.approvals import pages as approvals
from web.audit import pages as audit
from web.broadcasts import pages as broadcasts
from web.collisions import pages as collisions
from web.dictionary import pages as dictionary
from web.drafts import autosave as kept
from web.drafts import previews
from web.emergencies import pages as emergencies
from web.emergencies import stories as emergency_stories
from web.health import pages as health
from web.home import pages as home
from web.log import pages as log
from web.matters import pages as matters
from web.nodes import chirps, enrolments
from web.nodes import health as node_health
from web.nodes import map as pole_map
from web.nodes import pages as nodes
from web.nodes import repairs as remedies
from web.nodes import settings as pole_settings
from web.patterns import pages as patterns
from web.people import pages as people
from web.people import person_pages as persons
from web.reports import pages as reports
from web.residents import opening as public_page
from web.residents import pages as residents
from web.security import protection as security
from web.security import secret
from web.settings import pages as settings
from web.shell import compression, failures, live, static_files, template_folders, times
from web.shell import logins as visitors
from web.shell.services import Clock, Services, services, utc_now
from web.shell.static_files import static_url
from web.shell.watcher import Watcher
from web.shell.words import WEEKDAYS, WEEKDAYS_SHORT, word
from web.slots import dates as slot_dates
from web.slots import items as slot_items
from web.slots import pages as slots
from web.timetable import pages as timetable
from web.translations import languages
from web.units import languages as tongues
from web.units import pages as hamlets

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
    app = Flask("web", root_path=str(Path(__file__).parent), static_folder=None)
    template_folders.init_app(app)
    static_files.init_app(app)
    streams = max(2, config.web.threads - THREADS_FOR_PAGES)
    app.extensions["loa"] = Services(config, database, clock, Watcher(database, most_streams=streams))
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
        request.max_content_length = (services().config.audio.largest_upload_megabytes + 1) * 1_000_000


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
    configured = services().config.station
    with services().database.reading() as s:
        name = station_settings.read(s, "station_name") or configured.name
        return {
            "station": replace(configured, name=name),
            "contact_phone": station_settings.read(s, "contact_phone", ""),
        }


def _page_url(page: int) -> str:
    """This page's own address with another page number."""
    arguments = request.args.to_dict() | (request.view_args or {}) | {"page": page}
    return url_for(request.endpoint or "home.show", **arguments)
