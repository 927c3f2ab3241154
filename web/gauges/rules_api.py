"""Rules over gauges through the API, and what two people allow of them."""

from broadcaster.station.crossings import exercises
from broadcaster.station.gauges import allowances, allowing, gauges, rules
from broadcaster.station.gauges.allowance_steps import allowance_steps, speech_steps
from broadcaster.station.gauges.rules import RuleWish
from broadcaster.station.gauges.steps import rule_steps
from broadcaster.station.schema import GaugeAllowance, GaugeRuleRow
from web.api.endpoints import Call, Endpoint
from web.gauges import bodies
from web.security.access import READING, over_commune


def listing(call: Call) -> list[bodies.GaugeRule]:
    return [_rule(call, each) for each in rules.listing(call.s)]


def add(call: Call) -> bodies.GaugeRule:
    gauge = gauges.get(call.s, call.body.gauge)
    return _rule(call, rules.add(call.s, gauge, _wish(call.body), by=call.by, now_at=call.now_at))


def change(call: Call) -> bodies.GaugeRule:
    rule = _named(call)
    rules.change(call.s, rule, _wish(call.body), by=call.by, now_at=call.now_at)
    return _rule(call, rule)


def close(call: Call) -> None:
    rules.close(call.s, _named(call), by=call.by, now_at=call.now_at)


def allow(call: Call) -> bodies.GaugeAllowance:
    made = allowing.ask(call.s, rule=_named(call), heard=call.body.seal, by=call.by, now_at=call.now_at)
    return _allowance(call, made)


def confirm(call: Call) -> bodies.GaugeAllowance:
    found = allowances.get(call.s, call.path["gauge_allowance_id"])
    allowing.confirm(call.s, allowance=found, heard=call.body.seal, by=call.by, now_at=call.now_at)
    call.s.flush()
    call.s.refresh(found)
    return _allowance(call, found)


def end(call: Call) -> None:
    found = allowances.get(call.s, call.path["gauge_allowance_id"])
    allowing.end(call.s, allowance=found, by=call.by, now_at=call.now_at)


def test(call: Call) -> bodies.TestOrder:
    order = exercises.sound_now(call.s, _named(call), key=call.body.key, by=call.by, now_at=call.now_at)
    return bodies.TestOrder(order=order.id, broadcast=order.broadcast_id)


def _named(call: Call) -> GaugeRuleRow:
    return rules.get(call.s, call.path["rule_id"])


def _wish(given: bodies.NewGaugeRule) -> RuleWish:
    return RuleWish(
        name=given.name,
        does=given.does,
        level=given.level,
        ends=given.ends,
        falling=given.falling,
        in_row=given.in_row,
        lasting_seconds=given.lasting_seconds,
        rest_seconds=given.rest_seconds,
        partner_id=given.partner,
        partner_level=given.partner_level,
        announcement_id=given.announcement,
    )


def _rule(call: Call, rule: GaugeRuleRow) -> bodies.GaugeRule:
    return bodies.GaugeRule(
        id=rule.id,
        gauge_id=rule.gauge_id,
        name=rule.name,
        does=rule.does.value,
        level=rule.level,
        ends=rule.ends,
        falling=rule.falling,
        in_row=rule.in_row,
        lasting_seconds=rule.lasting_seconds,
        rest_seconds=rule.rest_seconds,
        partner_id=rule.partner_id,
        partner_level=rule.partner_level,
        announcement_id=rule.announcement_id,
        drill_id=rule.drill_id,
        crossed_at=rule.crossed_at,
        tested_at=rule.tested_at,
        sounded_at=exercises.sounded_at(call.s, rule),
        seal=allowances.seal(rule),
        allowances=[_allowance(call, each) for each in allowances.listing(call.s, rule)],
        steps=sorted([*rule_steps(call.s, rule, call.by), *speech_steps(call.s, rule, call.by, now_at=call.now_at)]),
    )


def _allowance(call: Call, found: GaugeAllowance) -> bodies.GaugeAllowance:
    return bodies.GaugeAllowance(
        id=found.id,
        asked_by=found.asked_by.username,
        confirmed_by=found.confirmed_by.username if found.confirmed_by else None,
        confirmed_at=found.confirmed_at,
        expires_at=found.expires_at,
        in_force=allowances.in_force(call.s, found.rule, now_at=call.now_at) is found,
        steps=sorted(allowance_steps(call.s, found, call.by)),
    )


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/gauge-rules",
        summary="Quy tắc của các trạm đo.",
        act=listing,
        access=READING,
        gives=list[bodies.GaugeRule],
    ),
    Endpoint(
        method="POST",
        path="/gauge-rules",
        summary="Thêm quy tắc: báo tin, soạn sẵn lệnh, hoặc tự phát (cần hai người đồng ý).",
        act=add,
        access=over_commune("emergency"),
        takes=bodies.NewGaugeRule,
        gives=bodies.GaugeRule,
        status=201,
    ),
    Endpoint(
        method="PUT",
        path="/gauge-rules/{rule_id}",
        summary="Sửa quy tắc; điều đã cho tự phát trước đó hết hiệu lực.",
        act=change,
        access=over_commune("emergency"),
        takes=bodies.NewGaugeRule,
        gives=bodies.GaugeRule,
    ),
    Endpoint(
        method="DELETE",
        path="/gauge-rules/{rule_id}",
        summary="Bỏ một quy tắc.",
        act=close,
        access=over_commune("emergency"),
        status=204,
    ),
    Endpoint(
        method="POST",
        path="/gauge-rules/{rule_id}/allowances",
        summary="Đề nghị cho quy tắc này tự phát đúng lời đã nghe; cần một người khác đồng ý.",
        act=allow,
        access=over_commune("approve"),
        takes=bodies.Heard,
        gives=bodies.GaugeAllowance,
        status=201,
    ),
    Endpoint(
        method="POST",
        path="/gauge-rules/{rule_id}/test",
        summary="Phát thử: cùng lời cảnh báo, nói rõ là diễn tập.",
        act=test,
        access=over_commune("emergency"),
        takes=bodies.TestWish,
        gives=bodies.TestOrder,
    ),
    Endpoint(
        method="POST",
        path="/gauge-allowances/{gauge_allowance_id}/confirm",
        summary="Người thứ hai đồng ý cho tự phát.",
        act=confirm,
        access=over_commune("approve"),
        takes=bodies.Heard,
        gives=bodies.GaugeAllowance,
    ),
    Endpoint(
        method="DELETE",
        path="/gauge-allowances/{gauge_allowance_id}",
        summary="Thôi cho tự phát.",
        act=end,
        access=over_commune("emergency"),
        status=204,
    ),
)
