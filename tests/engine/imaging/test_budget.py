from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.imaging.budget import _NO_LIMIT, _group_limit, budget, check_budget


def test_a_true_size_passes_and_a_lie_is_refused_with_its_size() -> None:
    check_budget((100, 512, 512), np.int16, "ct")
    with pytest.raises(EngineError) as caught:
        check_budget((65535, 65535, 4), np.uint16, "bomb.png")
    assert caught.value.text.startswith("bomb.png claims a size of 65535 × 65535 × 4, which takes 32.0 GiB of memory; ")
    assert "smaller parts" in caught.value.advice


def test_the_edge_is_the_budget_itself() -> None:
    assert budget() >= 512 << 20
    check_budget((budget(),), np.uint8, "x")
    with pytest.raises(EngineError):
        check_budget((budget() + 1,), np.uint8, "x")


@pytest.mark.parametrize("shape", [(0, 4), (-1, 4), (4, 0)])
def test_sizes_below_one_are_damage(shape: tuple[int, int]) -> None:
    with pytest.raises(EngineError, match="is damaged: it claims a size of"):
        check_budget(shape, np.uint8, "x")


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        ({}, _NO_LIMIT),
        ({"memory.max": "max\n"}, _NO_LIMIT),
        ({"memory.max": "3000\n"}, 3000),
        ({"a/memory.max": "2000", "a/b/memory.max": "9000", "c/memory.max": "1"}, 2000),
        ({"memory/memory.limit_in_bytes": "4000"}, 4000),
    ],
)
def test_limits_of_a_container_are_seen(tmp_path: Path, files: dict[str, str], limit: int) -> None:
    (tmp_path / "own").write_text("1:name=x:/a\n0::/a/b\n")
    for name, text in files.items():
        (tmp_path / "groups" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "groups" / name).write_text(text)
    assert _group_limit(tmp_path / "groups", tmp_path / "own") == limit
    assert _group_limit(tmp_path / "groups", tmp_path / "nowhere") == _NO_LIMIT
