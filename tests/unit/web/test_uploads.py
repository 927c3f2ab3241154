"""What takes in a file takes in a large one."""

import re
from pathlib import Path

import pytest
from flask import Flask

from web import app as console
from web.rooms import ENDPOINTS

pytestmark = pytest.mark.integration
LARGER = console.UPLOADS | console.VOICES | console.PACKS | console.PAPERS | console.RELEASES
SMALL = {"alerts.upload", "dictionary.take_over"}
"""Whose files fit into a form."""


def test_every_way_in_for_files_has_a_limit_of_its_own(app: Flask) -> None:
    receiving = {
        (f"/api/v1{each.path}".replace("{", "<").replace("}", ">"), each.method) for each in ENDPOINTS if each.receives
    }
    rules = {(rule.rule, method): rule.endpoint for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert receiving
    assert {rules[each] for each in receiving} <= LARGER


def test_every_limit_is_of_a_way_in_that_is_there(app: Flask) -> None:
    assert set(app.view_functions) >= LARGER | SMALL


def test_every_form_with_a_file_is_known() -> None:
    """A relative name, such as ``.send``, stands in the room's own ``VOICES``."""
    found = set()
    for path in (Path(__file__).parents[3] / "web").rglob("*.html"):
        for form in re.findall(r"<form[^>]*>", path.read_text()):
            if "multipart" in form:
                found |= set(re.findall(r"url_for\('([a-z_]+\.[a-z_]+)'", form))
    assert found
    assert found <= LARGER | SMALL
