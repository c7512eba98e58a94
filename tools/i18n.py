"""Keeps resources/i18n/contorno_es.ts (Qt Linguist) in step with the texts of the code.

    python tools/i18n.py            take over new texts, drop those that are gone
    python tools/i18n.py --check    exit 1 where a text has no Spanish, or the file is out of step
    python tools/i18n.py --missing  print the texts without Spanish as JSON
    python tools/i18n.py --fill F   take translations from a JSON file {text: Spanish}

Texts are the literals in tr("...") and translatable("..."), and the message and hint of an engine error. hatch_build.py compiles the file.
"""

import argparse
import ast
import json
import string
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILE = ROOT / "resources" / "i18n" / "contorno_es.ts"
FOLDERS = ("app", "widgets", "engine")
MARKERS = {"tr": 1, "translatable": 1, "EngineError": 2, "NotReadable": 2, "ProjectLocked": 2, "ProjectGone": 2}
"""Function -> how many of its first arguments are texts."""


def texts() -> dict[str, str]:
    """Every text of the code with the first place where it stands."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text in _in_tree(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(text, path.relative_to(ROOT).as_posix())
    return found


def _in_tree(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            hint = [k.value for k in node.keywords if k.arg == "hint"]
            for argument in [*node.args[: MARKERS.get(name, 0)], *(hint if name in MARKERS else [])]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value.strip():
                    yield argument.value


def translations() -> dict[str, str]:
    if not FILE.exists():
        return {}
    messages = ET.parse(FILE).getroot().iter("message")
    return {m.findtext("source", ""): m.findtext("translation", "") for m in messages}


def write(spanish: dict[str, str]) -> None:
    root = ET.Element("TS", version="2.1", language="es")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = "contorno"
    for text in sorted(texts()):  # no place: a file that moves, or two people who add texts, do not meet here
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = text
        done = ET.SubElement(message, "translation")
        done.text = spanish.get(text, "")
        if not done.text:
            done.set("type", "unfinished")
    ET.indent(root, "  ")
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + ET.tostring(root, encoding="unicode") + "\n",
        encoding="utf-8",
    )


def faults(spanish: dict[str, str]) -> list[str]:
    """What keeps the file from being finished."""
    now = texts()
    wrong = [f"no Spanish: {text!r} ({place})" for text, place in now.items() if not spanish.get(text)]
    wrong += [f"no longer in the code: {text!r}" for text in spanish if text not in now]
    wrong += [f"other places to fill: {t!r} -> {s!r}" for t, s in spanish.items() if s and fields(t) != fields(s)]
    return wrong


def fields(text: str) -> set[str]:
    """The names in braces that are filled with values."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--fill", type=Path)
    args = parser.parse_args()
    spanish = translations()
    if args.check:
        wrong = faults(spanish)
        print("\n".join(wrong) or f"{len(spanish)} texts, all in Spanish")
        return bool(wrong)
    if args.missing:
        print(json.dumps([text for text in texts() if not spanish.get(text)], ensure_ascii=False, indent=1))
        return 0
    if args.fill:
        spanish |= json.loads(args.fill.read_text(encoding="utf-8"))
    write(spanish)
    return 0


if __name__ == "__main__":
    sys.exit(main())
