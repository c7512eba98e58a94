"""Memory is counted before pixels are read: a file that claims more than the budget is refused before anything is allocated."""

import math
import os
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import DTypeLike

from engine.errors import EngineError
from engine.words import mark

_GIB = 1 << 30
_LEAST = 2 * _GIB
_SHARE = 0.25


def budget() -> int:
    """Bytes that the pixels of one image may take: a quarter of the memory, at least 2 GiB."""
    return max(_LEAST, int(_memory() * _SHARE))


def check_budget(shape: Sequence[int], dtype: DTypeLike, what: str) -> None:
    """Raise EngineError, with the sizes named, where an array of `shape` and `dtype` goes beyond the budget.

    `what` is the file's name as it is shown. Sizes below one are refused too: they come from a header that lies.
    """
    sizes = tuple(int(n) for n in shape)
    if any(n < 1 for n in sizes):
        raise EngineError(mark("{what} is damaged: it claims a size of {size}."), what=what, size=_times(sizes))
    need, limit = math.prod(sizes) * np.dtype(dtype).itemsize, budget()
    if need > limit:
        raise EngineError(
            mark("{what} claims a size of {size}, which takes {need} of memory; {limit} is the most here."),
            mark("Cut it into smaller parts or open it on a computer with more memory, if the size is true."),
            what=what,
            size=_times(sizes),
            need=_bytes(need),
            limit=_bytes(limit),
        )


def _times(sizes: Sequence[int]) -> str:
    return " x ".join(str(n) for n in sizes)


def _bytes(count: int) -> str:
    return f"{count / _GIB:,.1f} GiB" if count >= _GIB else f"{count / (1 << 20):,.1f} MiB"


def _memory() -> int:
    """The memory that this process can have, in bytes: the machine's, or less where a limit was set."""
    if sys.platform == "win32":
        return _windows_memory()
    import resource

    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return physical if limit == resource.RLIM_INFINITY else min(physical, limit)


def _windows_memory() -> int:
    if sys.platform != "win32":
        raise NotImplementedError
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "page", "page_free", "virtual", "left", "more")),
        ]

    status = Status(length=ctypes.sizeof(Status))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.total)
