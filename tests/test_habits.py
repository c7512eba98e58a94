"""What a newcomer leans on is true: links lead somewhere, and the gates are the same wherever they stand."""

import re
from pathlib import Path

import pytest

from engine import VERSION

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


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
