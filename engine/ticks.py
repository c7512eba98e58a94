"""Where the axes of a plot are labelled."""

import math


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values at even steps (1, 2, 2.5 or 5 times a power of ten) that cover low to high, at most about `most`."""
    if not high > low:
        low, high = (low - 0.5, high + 0.5) if low else (0.0, 1.0)
    step = _step(low, high, most, (1.0, 2.0, 2.5, 5.0, 10.0))
    first, last = math.floor(low / step + 1e-6), math.ceil(high / step - 1e-6)
    return [round(at * step, 10) for at in range(first, last + 1)]


def inner_ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """As `nice_ticks`, those alone that lie from low to high; `whole`: no fractions, as of epochs."""
    if whole:
        step = max(_step(low, high, most, (1.0, 2.0, 5.0, 10.0)), 1.0) if high > low else 1.0
        return [at * step for at in range(math.ceil(low / step), math.floor(high / step) + 1)]
    slack = 1e-6 * (high - low)
    return [tick for tick in nice_ticks(low, high, most) if low - slack <= tick <= high + slack]


def decimals(value: float) -> int:
    """How many decimals the number needs, at most 4."""
    return next((places for places in range(4) if math.isclose(value, round(value, places), abs_tol=1e-9)), 4)


def _step(low: float, high: float, most: int, nice: tuple[float, ...]) -> float:
    raw = (high - low) / max(most - 1, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(each * power for each in nice if each * power >= raw * 0.999)
