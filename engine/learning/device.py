"""Which processor learns, in which precision, and what this machine can do."""

import gc
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch

from engine.config import AUTO, DEVICES, PRECISIONS
from engine.errors import EngineError
from engine.words import translatable


class Precision(NamedTuple):
    """What the forward pass computes in; with float16 gradients need a `torch.amp.GradScaler`."""

    dtype: torch.dtype
    channels_last: bool


def choose(name: str = AUTO) -> torch.device:
    """The device of that name ("auto", "cpu", "cuda", "mps"); EngineError where the machine does not have it."""
    if name not in DEVICES:
        raise EngineError(
            translatable("There is no device called {name}."),
            translatable("Choose one of: {choices}."),
            name=name,
            choices=", ".join(DEVICES),
        )
    if name == AUTO:
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise EngineError(
            translatable("This machine has no graphics card that the network can use (CUDA)."),
            translatable("Choose the device auto or cpu; contorno doctor says what was found."),
        )
    if name == "mps" and not torch.backends.mps.is_available():
        raise EngineError(
            translatable("This machine has no Apple graphics processor that the network can use (MPS)."),
            translatable("Choose the device auto or cpu; contorno doctor says what was found."),
        )
    return torch.device(name)


def precision(device: torch.device, wanted: str = AUTO, channels_last: str = AUTO) -> Precision:
    """The precision and memory layout to compute in.

    "auto" takes bfloat16 with channels-last where the processor computes bfloat16 in hardware (2.3 times the speed on
    such a CPU, while emulation is slower than float32), float16 on older graphics cards, else float32. `wanted` is one of
    `engine.config.PRECISIONS`, `channels_last` "auto", "yes" or "no". EngineError for another name, or float16 on a CPU.
    """
    if wanted not in PRECISIONS:
        raise EngineError(
            translatable("There is no precision called {name}."),
            translatable("Choose one of: {choices}."),
            name=wanted,
            choices=", ".join(PRECISIONS),
        )
    layout = device.type in ("cpu", "cuda") if channels_last == AUTO else channels_last == "yes"
    if wanted != AUTO:
        return Precision(_named(device, wanted), layout)
    if device.type == "cuda":
        # "including emulation" would say yes on cards that are slower in bfloat16 than in float32
        native = torch.cuda.is_bf16_supported(including_emulation=False)
        return Precision(torch.bfloat16 if native else torch.float16, layout)
    fast = device.type == "cpu" and has_bfloat16()
    return Precision(torch.bfloat16 if fast else torch.float32, layout)


def _named(device: torch.device, wanted: str) -> torch.dtype:
    if wanted == "float16" and device.type == "cpu":
        raise EngineError(
            translatable("A training on the CPU cannot use float16."),
            translatable("Choose the precision auto, bfloat16 or float32."),
        )
    return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[wanted]


def fuses_optimizers(device: torch.device) -> bool:
    """Whether a step of the optimizer is one pass over all weights there: on a CPU in half of the time of one after another, which is a
    tenth of a whole training step on images of 64 px."""
    return device.type in ("cpu", "cuda")


def has_bfloat16() -> bool:
    """True where this CPU multiplies bfloat16 in hardware (AVX512-BF16, AMX or ARM's BF16), which oneDNN then uses."""
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    # private names, so absent in some version: the kernel's own list of flags is the second witness
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    checks: list[Callable[[], bool]] = [getattr(torch.cpu, name) for name in names if hasattr(torch.cpu, name)]
    return any(check() for check in checks) or bool({"avx512_bf16", "amx_bf16", "bf16"} & _cpu_flags())


def _cpu_flags() -> frozenset[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        return frozenset()
    found = (line.partition(":")[2] for line in lines if line.lower().startswith(("flags", "features")))
    return frozenset(next(found, "").split())


def processor() -> str:
    """The name of the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def threads(spare: int = 0) -> int:
    """How many cores this process may use, less `spare` for the window; at least 1."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, usable - spare)


class Stopwatch:
    """How long a device computes what it is given from here to `stop`, beside the time that the program has gone on meanwhile."""

    def __init__(self, device: torch.device) -> None:
        self._events: list[torch.cuda.Event] = []
        self._on_card = device.type == "cuda"
        self._mark()
        self._start = self._stop = time.perf_counter()

    def stop(self) -> None:
        self._mark()
        self._stop = time.perf_counter()

    @property
    def elapsed(self) -> float:
        """Seconds since the start, by the program's clock."""
        return time.perf_counter() - self._start

    @property
    def seconds(self) -> float:
        """What the device took, once it was waited for. A CPU is done when it is told to stop."""
        if not self._on_card:
            return self._stop - self._start
        first, last = self._events
        return float(first.elapsed_time(last)) / 1000

    def _mark(self) -> None:
        if self._on_card:
            self._events.append(torch.cuda.Event(enable_timing=True))  # type: ignore[no-untyped-call]
            self._events[-1].record()


def is_out_of_memory(fault: BaseException) -> bool:
    """True for an allocation that failed, on any device. On the CPU torch raises a plain RuntimeError, and so do cuBLAS and cuDNN,
    which have workspaces of their own; cuDNN without room for any finds no engine."""
    if isinstance(fault, torch.OutOfMemoryError | MemoryError):
        return True
    signs = (
        "can't allocate memory",
        "out of memory",
        "not enough memory",
        "could not allocate",
        "bad_alloc",
        "alloc_failed",
        "unable to find an engine",
    )
    return isinstance(fault, RuntimeError) and any(sign in str(fault).lower() for sign in signs)


def free(device: torch.device) -> None:
    """Give back what nobody refers to any more; call it after the failed tensors went out of scope."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()


def memory(device: torch.device) -> int | None:
    """Free bytes on the device; None where the system does not tell."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:  # not Linux
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")), None)


def describe() -> dict[str, object]:
    """What `contorno doctor` says of the processors: plain values (bytes, counts, names), ready for JSON."""
    best = choose()
    chosen = precision(best)
    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "cores": threads(),
        "memory_free": memory(torch.device("cpu")),
        "cpu_bfloat16": has_bfloat16(),
        "cuda": torch.version.cuda,
        "gpus": [_gpu(index) for index in range(torch.cuda.device_count())],
        "mps": torch.backends.mps.is_available(),
        "device": best.type,
        "precision": str(chosen.dtype).removeprefix("torch."),
        "channels_last": chosen.channels_last,
    }


def _gpu(index: int) -> dict[str, object]:
    facts = torch.cuda.get_device_properties(index)
    return {"name": facts.name, "memory": facts.total_memory, "capability": f"{facts.major}.{facts.minor}"}
