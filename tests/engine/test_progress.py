import string
from dataclasses import replace

from engine.errors import EngineError, NotReadable
from engine.progress import EpochDone, Notice, Progress, Work, count_notice, result_of


def _count(to: int) -> Work[int]:
    for number in range(to):
        yield Progress(number, to)
    return to


def test_result_of_runs_the_work_to_its_end() -> None:
    assert result_of(_count(3)) == 3
    assert result_of(_count(0)) == 0


def test_work_reports_before_it_returns() -> None:
    assert list(_count(2)) == [Progress(0, 2), Progress(1, 2)]


def test_notice_is_filled_in() -> None:
    assert Notice("{count} of {file}", {"count": 3, "file": "a.json"}).text == "3 of a.json"
    assert Notice("plain").text == "plain"


def test_error_says_what_and_what_to_do() -> None:
    fault = NotReadable("{name} is cut short.", "Copy {name} again.", name="a{b}.png")
    assert isinstance(fault, EngineError)
    assert str(fault) == fault.text == "a{b}.png is cut short."
    assert fault.advice == "Copy a{b}.png again."
    assert {name for _, name, _, _ in string.Formatter().parse(fault.message) if name} == {"name"}
    assert EngineError("plain").advice == ""


def test_the_figure_that_is_shown_is_the_accuracy_where_classes_are_learnt() -> None:
    masks = EpochDone(1, None, 0.5, None, 0.7, True, 2.0, {"liver": 0.7})
    assert masks.validated == 0.7
    assert replace(masks, score=0.95, dice={}, accuracy=0.8, auc=0.95).validated == 0.8
    assert replace(masks, score=None, dice={}).validated is None


def test_one_is_not_spoken_of_as_several() -> None:
    one, many = "1 mask of {name} is empty.", "{count} masks of {name} are empty."
    said = [count_notice(one, many, count, name="p").text for count in (0, 1, 2)]
    assert said == ["0 masks of p are empty.", "1 mask of p is empty.", "2 masks of p are empty."]
