"""Announcements: their pages, recordings, versions in other languages, and the same through the API."""

from web.announcements import api, pages, recordings, recordings_api, versions, versions_api

BLUEPRINTS = (
    pages.blueprint,
    recordings.blueprint,
    versions.blueprint,
)
ENDPOINTS = (
    *api.ENDPOINTS,
    *recordings_api.ENDPOINTS,
    *versions_api.ENDPOINTS,
)
