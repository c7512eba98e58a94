"""Stored values brought to the unit of the file: the same numbers in the smallest type, whether their limits are known before or not."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.rescale import Rescaled


def rescaled(
    slices: list[NDArray[Any]], slope: float, intercept: float, limits: tuple[int, int] | None
) -> NDArray[Any]:
    volume = Rescaled(len(slices))
    for one in slices:
        volume.add(one, slope, intercept, limits)
    return volume.pixels


@pytest.mark.parametrize(("kind", "bits"), [("u1", 8), ("<u2", 12), (">u2", 12), ("<u2", 16), ("<i2", 12), (">i2", 16)])
@pytest.mark.parametrize("scale", [(1.0, 0.0), (1.0, -1024.0), (1.0, 40000.0), (-1.0, 0.0), (2.0, -8192.0), (0.5, 1.0)])
def test_known_limits_change_nothing(kind: str, bits: int, scale: tuple[float, float]) -> None:
    signed = "i" in kind
    limits = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    rng = np.random.default_rng(bits)
    few, all_of_them = (rng.integers(*ends, (4, 5), endpoint=True).astype(kind) for ends in ((0, 100), limits))
    all_of_them.flat[:2] = limits
    for slices in ([few], [few, all_of_them], [all_of_them, few]):
        plain, known = rescaled(slices, *scale, None), rescaled(slices, *scale, limits)
        np.testing.assert_array_equal(plain, known)
        assert plain.dtype == known.dtype and plain.dtype.isnative
        np.testing.assert_allclose(known, np.array(slices).astype(np.float64) * scale[0] + scale[1], rtol=1e-6)


def test_the_smallest_type_is_taken() -> None:
    stored = np.array([[0, 4095]], np.uint16)
    assert rescaled([stored], 1.0, -1024.0, (0, 4095)).dtype == np.int16
    assert rescaled([stored], 1.0, 40000.0, (0, 4095)).dtype == np.uint16
    assert rescaled([stored], 20.0, -1024.0, (0, 4095)).dtype == np.float32
    assert rescaled([stored // 100], 20.0, -1024.0, (0, 4095)).dtype == np.int16  # limits may be wider than the values
