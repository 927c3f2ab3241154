"""Papers through the API: what the console shows, a program gets."""

import pytest

from tests.unit.paper_files import files
from tests.unit.text.papers.paper_files import own_text
from tests.unit.web.commune import Commune

pytestmark = pytest.mark.integration


def test_a_text_becomes_lines_fields_and_an_announcement(commune: Commune) -> None:
    client = commune.app.test_client()
    answer = client.post("/api/v1/papers", json={"text": own_text("01")}, headers=commune.token())
    assert answer.status_code == 200
    stated = answer.json
    assert [line["text"] for line in stated["lines"]] == own_text("01").split("\n")
    assert stated["fields"]["number"] == "1287/TB-ĐLBT"
    assert stated["fields"]["valid_until"] == "2026-06-12"
    assert "Nơi nhận" not in stated["announcement"]
    assert stated["repairs"] == []


def test_a_repair_is_told_and_may_be_left(commune: Commune) -> None:
    client, token = commune.app.test_client(), commune.token()
    damaged = {"text": "Mai c&#7855;t &#273;i&#7879;n."}
    assert client.post("/api/v1/papers", json=damaged, headers=token).json["repairs"][0]["kind"] == "entities"
    left = client.post("/api/v1/papers", json=damaged | {"leave": ["entities"]}, headers=token).json
    assert left["announcement"] == damaged["text"]
    assert client.post("/api/v1/papers", json=damaged | {"leave": ["x"]}, headers=token).status_code == 422


def test_a_file_is_the_body_itself(commune: Commune) -> None:
    client, token = commune.app.test_client(), commune.token()
    stated = client.post("/api/v1/papers/file", data=files.word(), headers=token)
    assert "Thôn Gốc Sấu: từ 14h00 đến 17h00." in stated.json["announcement"]
    refused = client.post("/api/v1/papers/file", data=files.pdf_of_blank_pages(300), headers=token)
    assert (refused.status_code, refused.json["field"]) == (422, "paper")


def test_who_may_not_write_and_who_has_no_token_gets_nothing(commune: Commune) -> None:
    client = commune.app.test_client()
    assert client.post("/api/v1/papers", json={"text": "x"}, headers=commune.token("khach")).status_code == 403
    assert client.post("/api/v1/papers/file", data=b"x", headers=commune.token("khach")).status_code == 403
    assert client.post("/api/v1/papers/file", data=b"x").status_code == 401


def test_the_document_says_what_is_there(commune: Commune) -> None:
    paths = commune.app.test_client().get("/api/v1/openapi.json").json["paths"]
    assert "application/octet-stream" in paths["/papers/file"]["post"]["requestBody"]["content"]
    assert "leave" in str(paths["/papers"]["post"]) or paths["/papers"]["post"]["requestBody"]
