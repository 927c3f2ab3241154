"""Where templates are found: each room holds its own in ``templates/``; pages name them ``room/file.html``."""

from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader, PrefixLoader

WEB = Path(__file__).parent.parent


def init_app(app: Flask) -> None:
    folders = WEB.glob("*/templates")
    app.jinja_loader = PrefixLoader({each.parent.name: FileSystemLoader(each) for each in folders})
