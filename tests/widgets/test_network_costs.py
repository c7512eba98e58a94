"""What parts of a network cost, in words."""

import pytest

from engine.learning.levels import NetworkLevel
from engine.learning.stages import NetworkStage
from widgets.network_costs import cost_lines, memory_of, work_of


@pytest.mark.parametrize(
    ("size", "said"), [(800, "1 kB"), (58_376, "58 kB"), (1_700_000, "1.7 MB"), (412e6, "412 MB"), (2.5e9, "2.5 GB")]
)
def test_memory_is_said_in_the_unit_that_suits_it(size: float, said: str) -> None:
    assert memory_of(int(size)).replace("\N{NARROW NO-BREAK SPACE}", " ") == said


def test_work_is_said_in_millions_or_thousands_of_them() -> None:
    assert [work_of(each).replace("\N{NARROW NO-BREAK SPACE}", " ") for each in (416_520, 3_211_264, 1_800_000_000)] == [
        "0.4 M", "3.2 M", "1.8 G",
    ]  # fmt: skip


def test_levels_and_stages_are_said_alike_and_a_head_by_its_regions() -> None:
    stage = NetworkStage("filter", (6, 28, 28), 156, multiply_adds=117_600, activations=37_632, field=5)
    level = NetworkLevel("encoder", 0, (6, 28, 28), (), 156, 117_600, 37_632, 5)
    assert cost_lines(stage, 75_264) == cost_lines(level, 75_264)
    assert cost_lines(stage, 75_264)[1].startswith("38\N{NARROW NO-BREAK SPACE}kB of maps for one image: 50")
    assert cost_lines(level, 0, regions=100)[2].startswith("Each of its values sees its region")
