"""The API's document says what is there, no more and no less."""

import json

import pytest
from flask.testing import FlaskClient

from tests.unit.web.commune import Commune
from web.api.endpoints import Endpoint
from web.api_routes import ENDPOINTS, PREFIX

pytestmark = pytest.mark.integration


@pytest.fixture
def api(commune: Commune) -> FlaskClient:
    return commune.app.test_client()


def test_the_document_names_every_route_and_every_route_is_documented(commune: Commune, api: FlaskClient) -> None:
    document = json.loads(api.get("/api/v1/openapi.json").data)
    routes = {
        (method.lower(), rule.rule.removeprefix(PREFIX).replace("<", "{").replace(">", "}"))
        for rule in commune.app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and not rule.rule.endswith("openapi.json")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    documented = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert documented == routes


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_documented_path_answers_in_json(commune: Commune, api: FlaskClient, endpoint: Endpoint) -> None:
    path = PREFIX + endpoint.path.replace("{sha256}", "0" * 64)
    for variable in endpoint.variables:
        path = path.replace("{" + variable + "}", "khong-co")
    answer = api.open(path, method=endpoint.method, headers=commune.token(), json={})
    expected = {200, 403, 404, 422} | ({401} if endpoint.public else set())  # sources of warnings have own tokens
    assert answer.status_code in expected
    assert answer.mimetype == "application/json"


def test_what_answers_nothing_promises_nothing(api: FlaskClient) -> None:
    paths = json.loads(api.get("/api/v1/openapi.json").data)["paths"]
    empty = [way["responses"]["204"] for ways in paths.values() for way in ways.values() if "204" in way["responses"]]
    assert len(empty) == sum(endpoint.gives is None for endpoint in ENDPOINTS)
    assert all("content" not in answer for answer in empty)


def test_every_reference_in_the_document_leads_somewhere(api: FlaskClient) -> None:
    text = api.get("/api/v1/openapi.json").text
    document = json.loads(text)
    names = {piece.split('"')[0] for piece in text.split("#/components/schemas/")[1:]}
    assert names <= set(document["components"]["schemas"])
