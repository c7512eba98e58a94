"""The plots of a report, as a reader sees their axes."""

import re

import pytest

from engine.report.charts import CurveLine, line_chart
from engine.words import filled


def numbers(chart: str, anchor: str) -> list[str]:
    return re.findall(rf'text-anchor="{anchor}">([-\d.,]+)</text>', chart)


def say(text: str, **values: object) -> str:
    return filled(text, values, ",")


@pytest.mark.parametrize(("epochs", "across"), [(30, ["10", "20", "30"]), (3, ["1", "2", "3"]), (1, ["1"])])
def test_epochs_are_whole_and_values_round(epochs: int, across: list[str]) -> None:
    points = [(epoch, 0.9 * epoch / epochs) for epoch in range(1, epochs + 1)]
    chart = line_chart([CurveLine("", points)], "epoch", "score", say, bottom=0.0)
    assert numbers(chart, "middle") == across
    assert numbers(chart, "end") == ["0,00", "0,25", "0,50", "0,75", "1,00"]


def test_minutes_are_round_and_stay_within_the_plot() -> None:
    chart = line_chart([CurveLine("", [(0.0333, 0.641), (0.637, 0.964)])], "minutes", "accuracy", say)
    assert numbers(chart, "middle") == ["0,2", "0,4", "0,6"]
    assert numbers(chart, "end") == ["0,6", "0,7", "0,8", "0,9", "1,0"]


def test_shares_go_from_none_to_all() -> None:
    chart = line_chart([CurveLine("", [(0.0, 0.0), (1.0, 1.0)])], "1 - specificity", "sensitivity", say, square=True)
    assert numbers(chart, "middle") == numbers(chart, "end") == ["0,00", "0,25", "0,50", "0,75", "1,00"]
