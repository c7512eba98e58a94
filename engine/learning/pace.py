"""How fast this machine trains: a few real steps of a network, timed before a training begins, and looked at again while it runs."""

import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import msgspec
import numpy as np
import platformdirs
import torch
from torch.nn import functional

from engine import atomic
from engine.augment.pipeline import Augmenter
from engine.augment.presets import load_preset, preset_for
from engine.config import AUTO, TrainConfig
from engine.errors import EngineError
from engine.learning import device, models
from engine.learning.mixed import computing_in
from engine.learning.network_memory import fits
from engine.progress import Notice, Progress, Work
from engine.words import translatable

SIDES = {"cpu": (128, 256), "cuda": (256, 512), "mps": (256, 512)}
SHARE = 0.05  # of the minutes may go into the timing
_ALIKE = 0.25  # so much faster or slower than last time, and what is known of the machine still holds
_FEWER_GAIN = 1.1  # a thread less must be faster by this, since a quiet machine is faster with all
_LOOK_EVERY = 60.0  # seconds between two looks at the pace of a running training
_SLOWER = 0.7  # of the pace at the last look: something else needs the machine
_STEPS_SEEN = 8  # of which the middle one is the pace
_STEPS_TRIED = 3
_FILE = "pace.json"
_DRAWN = 4  # images that are changed to learn how long that takes
_MADE_SO = "with the images drawn"  # named anew where a step is made otherwise: what is kept of before no longer holds


@dataclass(frozen=True)
class Pace:
    """Images a second that a training step takes in, at some sides (px), with the threads and the precision that were fastest."""

    threads: int
    precision: str
    points: tuple[tuple[int, float], ...]

    def at(self, height: int, width: int | None = None) -> float:
        """Images a second at that size, along the power of the side between or beyond the two that were timed (their own power within
        1.5 to 2.2, 2 where one alone was timed: work grows with the area)."""
        side = math.sqrt(height * (width or height))
        (first, start), (last, end) = self.points[0], self.points[-1]
        power = math.log(start / end) / math.log(last / first) if last > first else 2.0
        near = (last, end) if side >= last else (first, start)
        rate: float = near[1] * (near[0] / side) ** min(max(power, 1.5), 2.2)
        return rate


def measured(
    config: TrainConfig, channels: int, outputs: int, seconds: float, folder: Path | None = None
) -> Work[Pace | None]:
    """The pace of the network of `config` (its arch and encoder chosen) on the machine's device, in about `seconds` at most; None where
    the network fails at these sizes or in this memory, which a training says in words.

    What was found is kept for the machine, and the next time checked by one step: it is found anew where that is no longer alike.
    Threads and precision that the config names are not tried against others.
    """
    yield Progress(0, 0, "")
    place = device.choose(config.device)
    side = max(SIDES[place.type])
    if not fits(config, channels, outputs, (side, side)):
        return None
    known = _read(folder)
    key = _key(config, place, channels)
    bench = _Bench(config, place, channels, outputs, time.perf_counter() + seconds)
    kept = known.get(key)
    try:
        if kept is not None and _still_holds(bench, kept):
            return kept
        found = yield from bench.found()
    except (AssertionError, IndexError, RuntimeError, TypeError, ValueError, MemoryError, EngineError):
        return None
    if not bench.cut:
        _write(folder, known | {key: found})
    return found


class _Bench:
    """The network with made-up images, and the time it may take."""

    def __init__(self, config: TrainConfig, place: torch.device, channels: int, outputs: int, until: float) -> None:
        self.config, self.place, self.channels, self.until = config, place, channels, until
        self.sides = SIDES[place.type]
        self.batch = config.batch or (4 if place.type == "cpu" else 16)
        self.cut = False
        self._drawing: dict[int, float] = {}
        with torch.random.fork_rng(devices=[]):  # the weights of the training do not depend on what was timed
            self._network = models.build(
                config.arch, encoder=config.encoder, channels=channels, classes=outputs, options=config.options
            )

    def found(self) -> Work[Pace]:
        """Precision first, then threads, then the larger side, as far as the time goes."""
        small, large = self.sides
        cores, wanted = device.threads(), self.config.threads
        threads = wanted or cores
        tried = [replace(self.config, precision=name) for name in self._precisions()]
        rates: list[float] = []
        for config in tried:
            rates.append(self.rate(config, threads, small) if not rates or not self._late() else 0.0)
            yield Progress(0, 0, "")
        best = tried[rates.index(max(rates))]
        rate = max(rates)
        if self.place.type == "cpu" and not wanted and cores > 1 and not self._late():
            fewer = self.rate(best, cores - 1, small)
            yield Progress(0, 0, "")
            if fewer > rate * _FEWER_GAIN:
                threads, rate = cores - 1, fewer
        points = [(small, rate)]
        if not self._late():
            points.append((large, self.rate(best, threads, large)))
        return Pace(threads, best.precision, tuple(points))

    def rate(self, config: TrainConfig, threads: int, side: int) -> float:
        """Images a second of whole training steps: the faster of two after one that warms up, which says nothing; late, the first of them."""
        on_cpu = self.place.type == "cpu"
        with _thread_count(threads if on_cpu else 0), torch.random.fork_rng(devices=[] if on_cpu else None):
            dtype, last = device.precision(self.place, config.precision, config.channels_last)
            layout = torch.channels_last if last else torch.contiguous_format
            network = self._network.to(self.place).to(memory_format=layout).train()
            optimizer = torch.optim.AdamW(network.parameters(), 0.0, fused=device.fuses_optimizers(self.place))
            draw = torch.Generator().manual_seed(0)
            images = torch.randn((self.batch, self.channels, side, side), generator=draw)
            images = images.to(self.place).contiguous(memory_format=layout)
            targets = torch.zeros((self.batch, side, side), dtype=torch.int64, device=self.place)
            taken = []
            for _ in range(3):
                start = time.perf_counter()
                optimizer.zero_grad(set_to_none=True)
                with computing_in(dtype, self.place):
                    logits = network(images)
                functional.cross_entropy(logits.float(), targets).backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                _wait(self.place)
                taken.append(time.perf_counter() - start)
                if len(taken) > 1 and self._late():
                    break
        return 1 / self.seconds(min(taken[1:]) / self.batch, side)

    def seconds(self, computed: float, side: int) -> float:
        """Of an image of `side` px that takes so long to compute: a graphics card does it while the next ones are drawn, a CPU after that."""
        if side not in self._drawing:
            self._drawing[side] = _drawing(side, self.channels)
        drawn = self._drawing[side]
        return max(computed, drawn) if self.place.type == "cuda" else computed + drawn

    def _precisions(self) -> Sequence[str]:
        """What is worth trying: on a CPU bfloat16 is not always faster, for it is slow in the filters of single channels."""
        if self.config.precision != AUTO:
            return (self.config.precision,)
        if self.place.type == "cpu":
            return ("float32", "bfloat16") if device.has_bfloat16() else ("float32",)
        return (str(device.precision(self.place).dtype).removeprefix("torch."),)

    def _late(self) -> bool:
        late = time.perf_counter() > self.until
        self.cut = self.cut or late
        return late


def _drawing(side: int, channels: int) -> float:
    """Seconds in which the standard augmentation changes an image of that side and its mask."""
    change, draw = Augmenter(load_preset(preset_for("multiclass", AUTO))), np.random.default_rng(0)
    shape = (side, side, 3) if channels == 3 else (side, side)
    image, mask = draw.integers(0, 256, shape, np.uint8), draw.integers(0, 2, (side, side), np.uint8)
    start = time.perf_counter()
    for place in range(_DRAWN):
        change.apply(image, mask, (0, 0, place))
    return (time.perf_counter() - start) / _DRAWN


def _wait(place: torch.device) -> None:
    if place.type == "cuda":
        torch.cuda.synchronize(place)
    elif place.type == "mps":
        torch.mps.synchronize()


@contextmanager
def _thread_count(threads: int) -> Iterator[None]:
    """Within it torch computes with so many threads (0: as it is); afterwards with as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class ThreadWatch:
    """Keeps a training on a CPU at the number of threads that is fastest while other programs come and go.

    Once a minute it compares the pace with the best it has seen at that size; where that fell, and while it computes with fewer
    threads than there are cores, the next steps are made with the other number, and the faster one stays.
    """

    def __init__(self, threads: int, cores: int, now: float) -> None:
        self.threads, self._cores = threads, cores
        self._looked = now
        self._pace: deque[float] = deque(maxlen=_STEPS_SEEN)  # seconds a pixel
        self._pixels, self._best, self._busy = 0, math.inf, False
        self._trial: list[float] | None = None
        torch.set_num_threads(threads)

    def stepped(self, now: float, seconds: float, pixels: int) -> Iterator[Notice]:
        """A step over so many pixels took `seconds`; what is worth saying of the machine comes back."""
        if pixels != self._pixels:  # of another size: it compares with nothing before
            self._pixels, self._best, self._looked = pixels, math.inf, now
            self._end_trial(self.threads)
            self._pace.clear()
        elif self._trial is not None:
            self._trial.append(seconds / pixels)
            if len(self._trial) == _STEPS_TRIED + 1:
                yield from self._judge(min(self._trial[1:]))  # the first one warms up
        else:
            self._pace.append(seconds / pixels)
            if now - self._looked >= _LOOK_EVERY and len(self._pace) == _STEPS_SEEN:
                yield from self._look(now)

    def _look(self, now: float) -> Iterator[Notice]:
        self._looked = now
        pace = median(self._pace)
        slower = self._best < _SLOWER * pace
        if self._cores > 1 and (slower or self.threads < self._cores):
            self._trial = []
            torch.set_num_threads(self._other)
        if slower and not self._busy:
            text = translatable(
                "The computer is busy with something else: the training has {share:.0f} % of its pace. It goes on; fewer images are seen."
            )
            yield Notice(text, {"share": 100 * self._best / pace})
        self._busy = slower
        self._best = min(self._best, pace)

    @property
    def _other(self) -> int:
        return self._cores if self.threads < self._cores else self._cores - 1

    def _judge(self, pace: float) -> Iterator[Notice]:
        usual = min(self._pace)
        gain = _FEWER_GAIN if self._other < self.threads else 1.0
        if pace * gain < usual:
            self._end_trial(self._other)
            self._best = min(self._best, pace)
            yield Notice(
                translatable("It computes with {threads} of {cores} cores now, which is faster."),
                {"threads": self.threads, "cores": self._cores},
            )
        else:
            self._end_trial(self.threads)
        self._pace.clear()

    def _end_trial(self, threads: int) -> None:
        if self._trial is not None or threads != self.threads:
            torch.set_num_threads(threads)
        self.threads, self._trial = threads, None


# What is known of the machine ------------------------------------------------------------------------------------------


def _key(config: TrainConfig, place: torch.device, channels: int) -> str:
    name = torch.cuda.get_device_name(place) if place.type == "cuda" else device.processor()
    parts = (
        _MADE_SO,
        name,
        device.threads(),
        torch.__version__,
        config.arch,
        config.encoder,
        channels,
        config.batch,
        *sorted(config.options.items()),
    )
    return "|".join(map(str, (*parts, config.precision, config.channels_last, config.threads)))


def _still_holds(bench: _Bench, kept: Pace) -> bool:
    config = replace(bench.config, precision=kept.precision)
    side, rate = kept.points[0]
    return abs(bench.rate(config, kept.threads, side) / rate - 1) <= _ALIKE


def _folder(folder: Path | None) -> Path:
    return folder or Path(platformdirs.user_cache_dir("contorno", appauthor=False))


def _read(folder: Path | None) -> dict[str, Pace]:
    """What was found before; nothing where the file is damaged or another program's."""
    try:
        return msgspec.json.decode((_folder(folder) / _FILE).read_bytes(), type=dict[str, Pace])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _write(folder: Path | None, known: dict[str, Pace]) -> None:
    place = _folder(folder)
    try:
        atomic.make_folder(place)
        atomic.write(place / _FILE, msgspec.json.encode(known))
    except EngineError:  # a full disk: it is timed again the next time
        return
