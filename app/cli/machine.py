"""Verbs about the program and the machine: open, demo, models, doctor, desktop."""

import argparse
import os
import platform
import sys
from importlib import metadata
from pathlib import Path

from app import __version__
from app.cli.output import Output, Verbs, add_json, printable, verb
from engine import catalog
from engine.config import TrainConfig

_LIBRARIES = (
    "torch",
    "torchvision",
    "segmentation-models-pytorch",
    "PySide6-Essentials",
    "opencv-python-headless",
    "numpy",
    "pydicom",
    "imagecodecs",
)


def add_verbs(verbs: Verbs) -> None:
    show = verb(verbs, "open", _open, "Open the window on a project or on images.", "contorno open lungs.contorno")
    show.add_argument("paths", type=Path, nargs="*", metavar="PROJECT | IMAGE")

    demo = verb(
        verbs, "demo", _demo, "The whole loop on a built-in demo project.", "contorno demo --headless --out demo/"
    )
    demo.add_argument("--headless", action="store_true", help="without the window: train, predict, score, draw")
    demo.add_argument("--minutes", type=float, default=1.5, help="minutes of training")
    demo.add_argument("--out", type=Path, help="where the project and the pictures go")
    add_json(demo)

    models = verb(
        verbs,
        "models",
        _models,
        "Every network that can be chosen, with its facts.",
        "contorno models --task classification",
    )
    models.add_argument("--task", choices=("segmentation", "instances", "classification"))
    add_json(models)

    doctor = verb(
        verbs, "doctor", _doctor, "Say what this machine can do, and what to do about a fault.", "contorno doctor"
    )
    add_json(doctor)

    desktop = verb(
        verbs,
        "desktop",
        _desktop,
        "Put Contorno into the applications menu, or take it out.",
        "contorno desktop --install",
    )
    which = desktop.add_mutually_exclusive_group(required=True)
    which.add_argument("--install", action="store_true")
    which.add_argument("--remove", action="store_true")
    add_json(desktop)


def open_window(paths: list[Path] | None, train: TrainConfig | None = None) -> int:
    """Start the window; the only place where the command line loads Qt."""
    from app.shell.main import main

    return int(main([str(p) for p in paths or []], train))


def _open(args: argparse.Namespace, out: Output) -> int:
    return open_window(args.paths)


def _demo(args: argparse.Namespace, out: Output) -> int:
    from app.cli.demo import make_demo, run_demo

    if not args.headless and not has_display():
        out.say("There is no display: the demo goes on without the window.")
        args.headless = True
    if not args.headless:
        return open_window([make_demo(args.out, out)], TrainConfig(minutes=args.minutes))
    result = run_demo(args.out, args.minutes, out)
    out.result(result.value, result.text)
    return 0


def has_display() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _models(args: argparse.Namespace, out: Output) -> None:
    rows = catalog.to_json(args.task) if args.task else catalog.to_json()
    lines = [
        f"{r['name']:<19} {r['task']:<15} {r['parameters']:>12,}  {r['input']:<12} {r['family']}, {r['year']}"
        for r in rows
    ]
    out.result(rows, "\n".join(lines))


def _doctor(args: argparse.Namespace, out: Output) -> None:
    from engine.learning import device

    facts = {"contorno": __version__, "system": platform.platform(), **device.describe()}
    versions = {name: _version(name) for name in _LIBRARIES}
    advice = [f"{name} is missing: install Contorno again." for name, found in versions.items() if found is None]
    if not facts["gpus"] and not facts["mps"]:
        advice.append(
            "No graphics card was found that networks can use: training runs on the processor, which is slower."
        )
    if _version("opencv-python") is not None:
        advice.append(
            "opencv-python stands beside opencv-python-headless and may disturb the window: uninstall both, then install the latter."
        )
    codecs = _codecs()
    read = ", ".join(name for name, there in codecs.items() if there)
    lines = [*(f"{k}: {v}" for k, v in {**facts, **versions}.items()), f"DICOM pictures that can be read: {read}"]
    text = "\n".join([*lines, *advice])
    out.result({**facts, "libraries": versions, "codecs": codecs, "advice": advice}, text)


def _codecs() -> dict[str, bool]:
    """Every transfer syntax of DICOM, and whether its pictures can be decoded here."""
    from pydicom.pixels.decoders.base import get_decoder
    from pydicom.uid import AllTransferSyntaxes

    from engine.imaging import decoders

    decoders.register()
    found = {}
    for uid in AllTransferSyntaxes:
        try:
            found[uid.name] = get_decoder(uid).is_available
        except NotImplementedError:
            found[uid.name] = False
    return found


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _desktop(args: argparse.Namespace, out: Output) -> None:
    from app.shell.desktop import install, remove

    files = install() if args.install else remove()
    done = "Contorno is in the applications menu." if args.install else "Contorno is out of the applications menu."
    out.result({"files": [printable(str(f)) for f in files]}, done)
