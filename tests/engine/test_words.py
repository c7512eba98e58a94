import numpy as np
import pytest

from engine.words import filled


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{value:.2f}", -0.001, "0.00"),
        ("{value:.2f}", np.float32(-0.004), "0.00"),
        ("{value:+.1f}", -0.04, "+0.0"),
        ("{value:>6.1f}", -0.04, "   0.0"),
        ("{value:.2f}", -0.006, "-0.01"),
        ("{value:.1e}", -0.09, "-9.0·10⁻²"),
        ("{value:04d}", -7, "-007"),
    ],
)
def test_what_is_rounded_to_zero_has_no_minus(template: str, value: float, text: str) -> None:
    assert filled(template, {"value": value}) == text
