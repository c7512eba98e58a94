"""Where a verb's words go: results to stdout, as text or JSON; progress and notices to stderr."""

import argparse
import contextlib
import json
import os
import sys
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from engine.progress import BatchDone, EpochDone, Notice, Progress, Work

T = TypeVar("T")

_TURNING = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

_EVERY = 1.0  # seconds between two states of the progress line
_EVERY_LINE = 10.0  # seconds between two progress lines where the output is no terminal


class Output:
    """One verb's output."""

    def __init__(self, as_json: bool, now: Callable[[], float] = time.monotonic) -> None:
        self._json, self._now = as_json, now
        self._alive = sys.stderr.isatty()
        self._last = -_EVERY if self._alive else now()
        self._line = False

    def result(self, value: Any, text: str) -> None:
        """The one result: `value` as JSON, or `text`."""
        self._end_line()
        plain = "\n".join(map(harmless, text.split("\n")))
        print(json.dumps(value, indent=2, ensure_ascii=True) if self._json else plain)

    def say(self, text: str) -> None:
        self._end_line()
        _to_stderr(harmless(text) + "\n")

    def run(self, work: Work[T], each: Callable[[Any], None] | None = None) -> T:
        """Do the work, showing its progress; `each` gets every event that is not progress. An interruption closes the work, so that
        it can leave things in order."""
        try:
            while True:
                event = next(work)
                self._show(event)
                if each is not None and not isinstance(event, Progress | Notice | BatchDone):
                    each(event)
        except StopIteration as stop:
            self._end_line()
            return stop.value  # type: ignore[no-any-return]
        finally:
            work.close()

    def _show(self, event: object) -> None:
        if isinstance(event, Notice):
            self.say(event.text)
        elif isinstance(event, EpochDone):
            self.say(epoch_line(event))
        elif isinstance(event, BatchDone):
            left = "" if event.seconds_left is None else f", {clock(event.seconds_left)} left"
            self._progress(
                f"epoch {event.epoch}, {event.step}/{event.steps}, loss {event.loss:.3f}, {event.images_per_second:.1f} images/s{left}"
            )
        elif isinstance(event, Progress):
            of = f"/{event.total}" if event.total else ""
            self._progress(f"{event.done}{of} {event.what}")

    def _progress(self, text: str) -> None:
        now = self._now()
        if now - self._last < (_EVERY if self._alive else _EVERY_LINE):
            return
        self._last = now
        if self._alive:
            _to_stderr(f"\r\x1b[K{harmless(text)[:100]}")
            self._line = True
        else:
            _to_stderr(harmless(text) + "\n")

    def _end_line(self) -> None:
        if self._line:
            _to_stderr("\r\x1b[K")
            self._line = False


def _to_stderr(text: str) -> None:
    """Progress and messages; a terminal that was closed meanwhile ends no work."""
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def epoch_line(event: EpochDone) -> str:
    """An epoch in one line."""
    parts = [f"epoch {event.epoch}", f"{event.seconds:.0f} s", f"loss {event.train_loss:.3f}"]
    if event.score is not None:
        if event.dice:
            parts += [
                f"validation {name} {value:.4f}"
                for name, value in (("Dice", event.mean_dice), ("AP50", event.ap50))
                if value is not None
            ]
        else:
            parts += [
                f"validation {name} {value:.4f}"
                for name, value in (("accuracy", event.accuracy), ("AUC", event.auc))
                if value is not None
            ]
    return ", ".join(parts) + (", kept" if event.best else "")


def clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def how_many(count: int, what: str) -> str:
    """ "1 file", "3 files"."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def printable(text: str) -> str:
    """Text that any terminal takes: names need not be text."""
    return os.fsencode(text).decode("utf-8", "replace").replace("\n", "\\n").replace("\r", "\\r")


def harmless(text: str) -> str:
    """The text on one line without what moves a terminal's cursor, rings its bell, or turns the direction of writing."""
    return "".join(
        repr(c)[1:-1] if unicodedata.category(c) == "Cc" or unicodedata.bidirectional(c) in _TURNING else c
        for c in printable(text)
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--overwrite", action="store_true", help="replace files that Contorno wrote before")


def verb(
    verbs: Verbs, name: str, run: Callable[[argparse.Namespace, Output], int | None], about: str, example: str
) -> argparse.ArgumentParser:
    """A verb's parser, with an example under its help."""
    parser: argparse.ArgumentParser = verbs.add_parser(
        name,
        help=about,
        description=about,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, wrong=parser.error)
    return parser


def folder(text: str) -> Path:
    return Path(text)
