"""What a newcomer leans on is true: links lead somewhere, and the gates are the same wherever they stand."""

import re
from pathlib import Path

import pytest

from engine import VERSION

ROOT = Path(__file__).parent.parent
_DEFINED = re.compile(r"^ *(?:class |def |(?:self\.)?(?=\w+(?: =|:)))(\w+)", re.MULTILINE)
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("name", ["docs/contributing.md", "docs/glossary.md", "CONTRIBUTING.md"])
def test_pages_name_what_there_is(name: str) -> None:
    """Files by their paths (or bare names), classes and their members as the code has them now, and words that stand in it."""
    code = [path for package in ("app", "widgets", "engine") for path in (ROOT / package).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in code)
    made, words = set(_DEFINED.findall(text)), set(re.findall(r"\w+", text))
    tests = [*(ROOT / "tests").rglob("*.py")]
    bare, words = {path.name for path in [*code, *tests]}, words | {path.parent.name for path in tests}
    named = re.findall(r"`([\w./]+)(?:\(\))?`", _read(name))
    files = [each for each in named if each.endswith(".py")]
    assert not [each for each in files if each not in bare and not (ROOT / each).exists()]
    names = [each for each in named if re.fullmatch(r"[A-Z][A-Za-z]*[a-z](\.\w+)?", each)]
    assert not [each for each in names if not made.issuperset(each.split("."))]
    assert not [each for each in named if re.fullmatch(r"\w+", each) and each not in words]


def test_the_glossary_says_what_the_window_says() -> None:
    window = _read("resources/i18n/contorno_es.ts").lower()
    rows = [line.split("|") for line in _read("docs/glossary.md").splitlines() if line.startswith("| ")]
    spanish = [word for row in rows for word in row[2].strip().split(", ") if word not in ("Spanish", "–")]
    assert len(spanish) > 40
    assert not [word for word in spanish if word.lower() not in window]


def test_pre_commit_runs_the_gates_of_test() -> None:
    gates = re.search(r"^if .*?\n(.*?)^fi$", _read("test"), re.DOTALL | re.MULTILINE)
    assert gates is not None
    hooks = re.findall(r"entry: (.+?), language: system", _read(".pre-commit-config.yaml"))
    assert hooks == [line.strip() for line in gates[1].splitlines()]


def test_the_workflow_runs_test() -> None:
    assert "- run: ./test\n" in _read(".github/workflows/test.yml")


def test_the_changelog_goes_on_above_this_version() -> None:
    versions = re.findall(r"^## \[(.+?)\]", _read("CHANGELOG.md"), re.MULTILINE)
    assert versions[:2] == ["Unreleased", VERSION]


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")
