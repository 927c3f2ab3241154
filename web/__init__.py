"""The console: pages for people, ``/api/v1`` for programs."""

from web.app import create_app

__all__ = ["create_app"]
