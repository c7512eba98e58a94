"""Memory is counted before pixels are read: a file that claims more than the budget is refused before anything is allocated."""

import math
import os
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from engine.errors import EngineError
from engine.words import translatable

_GIB = 1 << 30
_LEAST = _GIB // 2
_SHARE = 0.25
_NO_LIMIT = 1 << 62


def budget() -> int:
    """Bytes that the pixels of one image may take: a quarter of the memory, at least 512 MiB."""
    return max(_LEAST, int(_memory() * _SHARE))


def check_budget(shape: Sequence[int], dtype: DTypeLike, what: str) -> None:
    """Raise EngineError, with the sizes named, where an array of `shape` and `dtype` goes beyond the budget.

    `what` is the file's name as it is shown. Sizes below one are refused too: they come from a header that lies.
    """
    sizes = tuple(int(n) for n in shape)
    if any(n < 1 for n in sizes):
        raise EngineError(translatable("{what} is damaged: it claims a size of {size}."), what=what, size=_times(sizes))
    need, limit = math.prod(sizes) * np.dtype(dtype).itemsize, budget()
    if need > limit:
        raise EngineError(
            translatable("{what} claims a size of {size}, which takes {need} of memory; {limit} is the most here."),
            translatable("Cut it into smaller parts or open it on a computer with more memory, if the size is true."),
            what=what,
            size=_times(sizes),
            need=_bytes(need),
            limit=_bytes(limit),
        )


def _times(sizes: Sequence[int]) -> str:
    return " × ".join(str(n) for n in sizes)


def _bytes(count: int) -> str:
    return f"{count / _GIB:,.1f} GiB" if count >= _GIB else f"{count / (1 << 20):,.1f} MiB"


def _memory() -> int:
    """The memory that this process can have, in bytes: the machine's, or less where a limit was set."""
    if sys.platform == "win32":
        return _windows_memory()
    import resource

    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return min(physical, _group_limit(), *([] if limit == resource.RLIM_INFINITY else [limit]))


@lru_cache(maxsize=1)
def _group_limit(mount: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> int:
    """What Linux grants this process's control group, such as a container: the least of its own limit and those above it."""
    limits = [_NO_LIMIT, _number(mount / "memory" / "memory.limit_in_bytes")]  # the latter is version 1's
    try:
        lines = own.read_text().splitlines()
    except OSError:  # no Linux
        return _NO_LIMIT
    inner = next((line.removeprefix("0::/") for line in lines if line.startswith("0::/")), "")
    for group in (mount / inner, *(mount / inner).parents):
        if group.is_relative_to(mount):
            limits.append(_number(group / "memory.max"))
    return min(limits)


def _number(file: Path) -> int:
    try:
        text = file.read_text().strip()
    except OSError:  # the root of all groups has no limit
        return _NO_LIMIT
    return int(text) if text.isdigit() else _NO_LIMIT


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
