"""What one node may ask of the station grows back with time, and who asks too much is named."""

from dataclasses import dataclass

from broadcaster.delivery.intake import budgets
from broadcaster.delivery.intake.budgets import Allowance, Budgets, Conduct


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_account_is_used_up_and_grows_back() -> None:
    clock = Clock()
    accounts = Budgets(Allowance(burst=3, a_second=1), clock)
    assert [accounts.spend("na-ca") for _ in range(4)] == [True, True, True, False]
    clock.now = 2
    assert [accounts.spend("na-ca") for _ in range(3)] == [True, True, False]


def test_one_node_does_not_spend_anothers() -> None:
    accounts = Budgets(Allowance(burst=1, a_second=0), Clock())
    assert accounts.spend("na-ca")
    assert accounts.spend("ang-hin")
    assert not accounts.spend("na-ca")


def test_what_was_spent_already_may_overdraw_the_account() -> None:
    clock = Clock()
    accounts = Budgets(Allowance(burst=10, a_second=1), clock)
    accounts.charge_all({"na-ca": 15})
    assert not accounts.is_solvent("na-ca")
    clock.now = 6
    assert accounts.is_solvent("na-ca")


def test_misconduct_is_counted_for_a_day_and_the_worst_are_named() -> None:
    clock = Clock()
    conduct = Conduct(clock)
    for number in range(budgets.REPORTED + 5):
        conduct.note(f"node-{number}", "excess", number + 1)
    conduct.note_all("unknown", {"node-24": 7})
    report = conduct.report()
    assert (len(report), report["node-24"]) == (budgets.REPORTED, {"excess": 25, "unknown": 7})
    assert "node-0" not in report
    clock.now = budgets.FORGOTTEN_AFTER_SECONDS
    assert conduct.report() == {}
