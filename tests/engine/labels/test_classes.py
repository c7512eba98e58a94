import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.classes import LabelClass, default_color, make_classes, parse_classes


def test_names_and_colours_are_parsed() -> None:
    assert parse_classes("lung, heart:#ff0000") == (
        LabelClass("lung", "#E69F00", "1"),
        LabelClass("heart", "#ff0000", "2"),
    )


def test_colon_without_colour_is_part_of_the_name() -> None:
    assert [c.name for c in parse_classes("T: oedema,T:core")] == ["T: oedema", "T:core"]


def test_keys_are_one_digit_or_two() -> None:
    keys = [c.key for c in make_classes([(f"c{n}", "") for n in range(101)])]
    assert keys[:11] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"] and keys[97:] == ["98", "99", "", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no name"),
        ("a,,b", "has no name"),
        ("Lung,lung ", "stands twice"),
        ("background,lung", "stands twice"),
        ("lung:#ff00", "is not a colour"),
        ("lung:#gggggg", "is not a colour"),
        (",".join(f"c{n}" for n in range(256)), "too many"),
    ],
)
def test_bad_classes_are_refused(text: str, said: str) -> None:
    with pytest.raises(EngineError) as fault:
        parse_classes(text)
    assert said in fault.value.text and fault.value.advice


def test_254_classes_are_taken() -> None:
    """Value 255 is kept for pixels without a label."""
    assert len(make_classes([(f"c{n}", "") for n in range(254)])) == 254


def test_thirty_colours_can_be_told_apart() -> None:
    colors = np.array([[int(default_color(n)[i : i + 2], 16) for i in (1, 3, 5)] for n in range(30)], float)
    apart = np.linalg.norm(colors[:, None] - colors, axis=2)
    np.fill_diagonal(apart, np.inf)
    assert apart.min() > 25
