"""``loa access``: the matrix for people and for programs."""

import json

import pytest

from loa.commands import main

pytestmark = pytest.mark.integration
RELATIONS = ["own_hamlet", "other_hamlet", "commune", "commune_person"]


def test_the_matrix_is_printed_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["access", "--json"]) == 0
    matrix = json.loads(capsys.readouterr().out)
    assert matrix["relations"] == RELATIONS
    assert set(matrix["roles"]) == {"officer", "approver", "administrator", "technician", "viewer"}
    routes = {f"{each['method']} {each['path']}": each for each in matrix["routes"]}
    cancel = routes["DELETE /api/v1/broadcasts/{broadcast_id}"]
    assert (cancel["surface"], cancel["permissions"], cancel["object"]) == ("api", ["broadcast"], "broadcast")
    assert [cancel["allowed"]["officer"][each] for each in RELATIONS] == [True, False, False, True]
    settings = routes["POST /settings"]
    assert [settings["allowed"]["administrator"][each] for each in RELATIONS] == [False, False, False, True]
    assert routes["GET /xa"]["anonymous"]


def test_the_matrix_is_printed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["access"]) == 0
    lines = capsys.readouterr().out.splitlines()
    [approve] = [each for each in lines if each.startswith("POST /announcements/{announcement_id}/approve")]
    assert approve.split()[2:] == ["....", "x..x", "....", "....", "...."]
