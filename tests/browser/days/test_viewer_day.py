"""The day of somebody who may only look: no page there is offers anything to press that would be refused."""

from tests.browser.conftest import Enter
from tests.browser.rig import forms, tour
from tests.browser.rig.stage import Stage

OWN = ("/language", "/logout", "/account", "/dictionary/sound", "/loa/")
"""What concerns nobody but the person who presses, and what every resident may say."""


def test_a_viewer_sees_what_happened_and_is_offered_nothing_forbidden(enter: Enter, stage: Stage) -> None:
    stage.hire("nguoixem", "Nguyễn Văn Xem", "viewer")
    viewer = enter("nguoixem")
    for path, words in (("/", "Đang phát và tiếp theo"), ("/log", "Nhật ký phát"), ("/nodes", "Bản Cuôn")):
        viewer.go(path)
        viewer.sees(words)
    samples = {name: [] for rule in stage.app.url_map.iter_rules() for name in rule.arguments}
    samples |= tour.ANYWHERE | {"node_id": ["ban-cuon"], "unit_id": ["ban-cuon"]}
    browser = tour.signed_in(stage.app, stage.database, "nguoixem")
    offered = []
    for page in tour.pages(stage.app, stage.database, samples):
        answer = browser.get(page.path)
        found = forms.forms(answer.text) if answer.status_code == 200 else []
        offered += [f"{page.path} offers {form.action}" for form in found if _asks(form)]
    assert offered == []


def _asks(form: forms.Form) -> bool:
    return form.method == "post" and not form.action.startswith(OWN)
