import configparser
import os
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from app.shell.desktop import install, remove
from engine.errors import EngineError

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these systems have a menu of their own")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return _command(tmp_path / "bin", monkeypatch)


def _command(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir()
    file = folder / "contorno"
    file.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    file.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(file), "desktop", "--install"])
    return file


def _entry(data: Path) -> "configparser.SectionProxy":
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(data / "applications" / "contorno.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def _files(folder: Path) -> set[Path]:
    return {f for f in folder.rglob("*") if not f.is_dir()}


def test_entry_starts_the_installed_command(data: Path, command: Path) -> None:
    written = install()
    assert all(file.is_file() for file in written)
    entry = _entry(data)
    assert entry["Exec"] == f"{command} open %F" and entry["TryExec"] == str(command)
    assert "application/dicom" in entry["MimeType"] and "application/x-contorno-project" in entry["MimeType"]
    assert entry["GenericName[es]"] and entry["Comment[es]"] and entry["Name[es]"]
    assert entry["StartupWMClass"] == "Contorno" and entry["Terminal"] == "false"


def test_entry_is_valid(data: Path, command: Path) -> None:
    if shutil.which("desktop-file-validate") is None:
        pytest.skip("desktop-file-validate is not installed")
    install()
    entry = data / "applications" / "contorno.desktop"
    done = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stdout.strip(), done.stdout


@pytest.mark.parametrize("name", ["my programs", "a$b`c", 'say "so"', "back\\slash", "100%", "it's (new)"])
def test_odd_folders_are_quoted_as_the_specification_wants(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    command = _command(tmp_path / name, monkeypatch)
    install()
    line = (data / "applications" / "contorno.desktop").read_text("utf-8").split("\nExec=")[1].split("\n")[0]
    # the general escapes of a value are undone first, then the quotes as a shell does, then the field codes
    shell = ["sh", "-c", "printf '%s\\n' " + line.replace("\\\\", "\\")]
    words = subprocess.run(shell, capture_output=True, text=True, check=True).stdout.splitlines()
    assert words[0].replace("%%", "%") == str(command) and words[1:] == ["open", "%F"]
    if shutil.which("desktop-file-validate") is not None:
        subprocess.run(["desktop-file-validate", data / "applications" / "contorno.desktop"], check=True)


def test_icon_is_the_programs_own(data: Path, command: Path) -> None:
    install()
    icon = data / "icons" / "hicolor" / "scalable" / "apps" / f"{_entry(data)['Icon']}.svg"
    assert ElementTree.parse(icon).getroot().tag.endswith("svg")


def test_kind_of_file_is_known_to_the_system(data: Path, command: Path) -> None:
    install()
    kind = ElementTree.parse(data / "mime" / "packages" / "contorno.xml").getroot()[0].attrib["type"]
    assert kind in _entry(data)["MimeType"].split(";")
    if shutil.which("update-mime-database") is None:
        pytest.skip("update-mime-database is not installed")
    globs = (data / "mime" / "globs2").read_text()
    assert f"{kind}:project.db" in globs, "what lies in a project's folder: the folder itself is one to the system"
    names = {"application/x-contorno-project": (data / "applications" / "mimeinfo.cache")}
    if shutil.which("update-desktop-database") is not None:
        assert all(f"{name}=contorno.desktop" in cache.read_text() for name, cache in names.items())


def test_installing_twice_changes_nothing(data: Path, command: Path) -> None:
    first = install()
    before = {f: f.read_bytes() for f in first}
    assert install() == first and {f: f.read_bytes() for f in first} == before


def test_removal_leaves_nothing(data: Path, command: Path) -> None:
    written = install()
    assert set(remove()) == set(written)
    assert not data.exists() or not _files(data)
    assert remove() == []


def test_removal_leaves_what_is_not_ours(data: Path, command: Path) -> None:
    others = [
        data / "applications" / "other.desktop",
        data / "mime" / "packages" / "other.xml",
        data / "icons" / "hicolor" / "scalable" / "apps" / "other.svg",
    ]
    for file in others:
        file.parent.mkdir(parents=True)
    others[0].write_text("[Desktop Entry]\nType=Application\nName=Other\nExec=other\nMimeType=text/x-other;\n")
    others[1].write_text(
        '<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">'
        '<mime-type type="text/x-other"><glob pattern="*.other"/></mime-type></mime-info>'
    )
    others[2].write_text("<svg/>")
    install()
    remove()
    assert set(others) <= _files(data)
    assert not [f for f in _files(data) if "contorno" in f.name]
    for index in ("globs2", "mime.cache"):
        file = data / "mime" / index
        assert not file.exists() or b"contorno" not in file.read_bytes()
    if shutil.which("update-desktop-database") is not None:
        listed = (data / "applications" / "mimeinfo.cache").read_text()
        assert "other.desktop" in listed and "contorno" not in listed


def test_a_system_without_the_tools_is_no_obstacle(
    data: Path, command: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _files(data) == set() and set(install()) == _files(data)
    remove()
    assert not data.exists() or not _files(data)


def test_a_tool_that_fails_is_no_obstacle(
    data: Path, command: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "tools" / "update-desktop-database"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(broken.parent))
    assert (data / "applications" / "contorno.desktop") in install()


def test_an_existing_icon_cache_is_kept_fresh(data: Path, command: Path) -> None:
    if shutil.which("gtk-update-icon-cache") is None:
        pytest.skip("gtk-update-icon-cache is not installed")
    cache = data / "icons" / "hicolor" / "icon-theme.cache"
    install()
    assert not cache.exists()
    cache.write_bytes(b"stale")
    install()
    assert b"contorno" in cache.read_bytes()
    remove()
    assert not cache.exists()


def test_relative_data_folders_are_ignored_as_the_specification_wants(
    tmp_path: Path, command: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "somewhere")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert all(file.is_relative_to(tmp_path / "home" / ".local" / "share") for file in install())


def test_a_folder_that_cannot_be_written_is_said(data: Path, command: Path) -> None:
    data.write_text("a file stands where the folder should be")
    with pytest.raises(EngineError) as refusal:
        install()
    assert refusal.value.advice


def test_the_entry_hands_over_files(data: Path, command: Path, tmp_path: Path) -> None:
    install()
    line = _entry(data)["Exec"].replace("%F", f"'{tmp_path / 'two words.dcm'}' /b")
    done = subprocess.run(shlex.split(line), capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["open", str(tmp_path / "two words.dcm"), "/b"]
    assert os.path.isabs(shlex.split(line)[0])
