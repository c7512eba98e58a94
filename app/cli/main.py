"""The command line: one verb after another on the same engine as the window, which it loads only to open it. Never loads Qt itself."""

import argparse
import contextlib
import io
import logging
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from app import __version__
from engine.errors import EngineError

ENDING, FILE = ".contorno", "project.db"
"""As the project has them: its module is not loaded before the window stands."""

_ABOUT = """Label scans, teach a network from the labels, and review what the network says. Nothing leaves this computer.

Without a verb the window opens, with the project that is named. Results go to stdout (as JSON with --json), progress and messages to stderr.
Exit status: 0 done, 1 refused (the message says why and what to do), 2 wrong usage, 130 interrupted (what was done is kept)."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit status comes back."""
    words = sys.argv[1:] if words is None else list(words)
    alone = bool(words) and words[0].rstrip("/\\").endswith((ENDING, f"{ENDING}/{FILE}"))  # `contorno lungs.contorno`
    if not words or ((alone or words[0] == "open") and not any(word.startswith("-") for word in words)):
        from app.shell.main import main as open_window  # at once: the window does not wait for the verbs

        return open_window(words if alone else words[1:])
    try:
        return _run(words)
    except KeyboardInterrupt:  # also while the verbs are loaded
        with contextlib.suppress(OSError):  # the terminal may be gone
            print("contorno: stopped", file=sys.stderr, flush=True)
        return 130


def _run(words: Sequence[str]) -> int:
    """Run one verb; what it refuses is said."""
    from app.cli.output import Output, harmless

    if isinstance(sys.stdout, io.TextIOWrapper):  # what is written into a file on Windows knows 256 letters
        sys.stdout.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(words)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    # No model hub is asked unless the user asked for it: contorno train --weights imagenet says so itself.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    signal.signal(signal.SIGTERM, _interrupt)
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # which nohup asks for
        signal.signal(signal.SIGHUP, _interrupt)  # a remote session ends
    try:
        return int(args.run(args, Output(getattr(args, "json", False))) or 0)
    except EngineError as fault:
        print(f"contorno: {harmless(fault.text)}", file=sys.stderr)
        if fault.advice:
            print(harmless(fault.advice), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as fault:  # the system refuses a name, a place or a right that nobody thought of
        print(
            f"contorno: {harmless(os.path.basename(os.fsdecode(fault.filename or '')))}: {fault.strerror}",
            file=sys.stderr,
        )
        return 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    from app.cli import data, learn, machine, report, study

    parser = argparse.ArgumentParser(
        prog="contorno", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"contorno {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for module in (data, learn, study, report, machine):
        module.add_verbs(verbs)
    return parser


if __name__ == "__main__":
    sys.exit(main())
