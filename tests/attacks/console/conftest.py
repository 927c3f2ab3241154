"""The console over a small commune, attacked the way a browser or a program reaches it."""

from tests.unit.web.conftest import app, commune, memory, seeded

__all__ = ["app", "commune", "memory", "seeded"]
