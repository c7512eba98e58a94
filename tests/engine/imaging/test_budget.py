import numpy as np
import pytest

from engine.errors import EngineError
from engine.imaging.budget import budget, check_budget


def test_a_true_size_passes_and_a_lie_is_refused_with_its_size() -> None:
    check_budget((100, 512, 512), np.int16, "ct")
    with pytest.raises(EngineError) as caught:
        check_budget((65535, 65535, 4), np.uint16, "bomb.png")
    assert caught.value.text.startswith("bomb.png claims a size of 65535 x 65535 x 4, which takes 32.0 GiB of memory; ")
    assert "smaller parts" in caught.value.advice


def test_the_edge_is_the_budget_itself() -> None:
    assert budget() >= 2 << 30
    check_budget((budget(),), np.uint8, "x")
    with pytest.raises(EngineError):
        check_budget((budget() + 1,), np.uint8, "x")


@pytest.mark.parametrize("shape", [(0, 4), (-1, 4), (4, 0)])
def test_sizes_below_one_are_damage(shape: tuple[int, int]) -> None:
    with pytest.raises(EngineError, match="is damaged: it claims a size of"):
        check_budget(shape, np.uint8, "x")
