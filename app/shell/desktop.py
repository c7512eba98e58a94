"""Contorno in the applications menu of a Linux desktop: its entry, its icon and its kind of file, and out again.

Written after the Desktop Entry, Shared MIME-info and Icon Theme specifications of freedesktop.org.
"""

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import resources
from engine import atomic
from engine.errors import EngineError

_log = logging.getLogger(__name__)

_RESERVED = frozenset(" \t\n\"'\\><~|&;$*?#()`")  # an Exec argument that holds one of them is quoted
_SECONDS = 60  # a desktop's tool that takes longer is left behind

# below mime/, what update-mime-database makes of the packages; with no package left they say nothing
_MIME_INDEX = (
    "aliases",
    "generic-icons",
    "globs",
    "globs2",
    "icons",
    "magic",
    "mime.cache",
    "subclasses",
    "treemagic",
    "types",
    "version",
    "XMLnamespaces",
)

_ENTRY = Path("applications", "contorno.desktop")
_KIND = Path("mime", "packages", "contorno.xml")
_ICONS = (
    Path("icons", "hicolor", "scalable", "apps", "contorno.svg"),
    Path("icons", "hicolor", "scalable", "mimetypes", "application-x-contorno-project.svg"),
)


def install() -> list[Path]:
    """Write the menu entry, the icons and the kind of file into the user's data folder; the files written.

    Raises EngineError where the system has no such menu, the program's own command cannot be found, or the disk refuses.
    """
    if sys.platform in ("win32", "darwin"):
        raise EngineError(
            "This system's menu is not written by Contorno.",
            "Put a link to the command contorno where you want it.",
        )
    data, command = _data_folder(), _command()
    entry = resources.path("desktop/contorno.desktop").read_text("utf-8")
    entry = entry.replace("@TRY_EXEC@", _value(str(command))).replace("@EXEC@", _argument(str(command)))
    icon = resources.path("icons/contorno.svg").read_bytes()
    contents = {
        _ENTRY: entry.encode("utf-8", "surrogateescape"),
        _KIND: resources.path("desktop/contorno-mime.xml").read_bytes(),
        **dict.fromkeys(_ICONS, icon),
    }
    for place, content in contents.items():
        atomic.make_folder((data / place).parent)
        atomic.write(data / place, content)
    _refresh(data)
    return [data / place for place in contents]


def remove() -> list[Path]:
    """Take out what `install` wrote, and the indexes and folders that nothing else needs; the files removed."""
    data, removed = _data_folder(), []
    for place in (_ENTRY, _KIND, *_ICONS):
        if _removed(data / place):
            removed.append(data / place)
    if removed:
        _refresh(data)
        _clear(data)
    return removed


def _data_folder() -> Path:
    stated = os.environ.get("XDG_DATA_HOME", "")
    return Path(stated) if os.path.isabs(stated) else Path.home() / ".local" / "share"


def _command() -> Path:
    """The running installation's `contorno`. Links are kept: what they lead to may change its name with the next version."""
    started = Path(sys.argv[0]).absolute()
    places = [started] if started.name == "contorno" else []
    places += [Path(sysconfig.get_path("scripts"), "contorno"), Path(sys.executable).with_name("contorno")]
    for place in places:
        if place.is_file() and os.access(place, os.X_OK):
            return place
    raise EngineError(
        "The command contorno was not found in this installation.",
        "Install Contorno, for example with uv tool install or pipx, then try again.",
    )


def _argument(text: str) -> str:
    """One argument of an Exec line: quoted where it must be, percent signs doubled, then escaped as any value is."""
    text = text.replace("%", "%%")
    if not _RESERVED.isdisjoint(text):
        for sign in '\\"`$':
            text = text.replace(sign, "\\" + sign)
        text = f'"{text}"'
    return _value(text)


def _value(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _refresh(data: Path) -> None:
    """Let the desktop notice now rather than at the next login. Its tools are used where they are there."""
    _run("update-desktop-database", data / "applications")
    _run("update-mime-database", data / "mime")
    icons = data / "icons" / "hicolor"
    # Without a cache icons are looked up in the folders; one made here would hide what others add later.
    if (icons / "icon-theme.cache").exists():
        _run("gtk-update-icon-cache", "--force", "--ignore-theme-index", "--quiet", icons)
    elif icons.is_dir():
        with contextlib.suppress(OSError):
            os.utime(icons)


def _run(tool: str, *arguments: str | Path) -> None:
    program = shutil.which(tool)
    if program is None or not Path(arguments[-1]).is_dir():
        return
    try:
        done = subprocess.run([program, *arguments], capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        _log.info("%s did not run: %s", tool, type(fault).__name__)
        return
    if done.returncode:
        _log.info("%s ended with %d", tool, done.returncode)


def _clear(data: Path) -> None:
    """Indexes that list nothing any more, then folders that hold nothing any more."""
    _removed(data / "mime" / "application" / "x-contorno-project.xml")  # left over where the system's tool has gone
    if _only(data / "applications", "mimeinfo.cache"):
        _removed(data / "applications" / "mimeinfo.cache")
    if not any((data / "mime" / "packages").glob("*")):
        for name in _MIME_INDEX:
            _removed(data / "mime" / name)
    if _only(data / "icons" / "hicolor", "icon-theme.cache"):
        _removed(data / "icons" / "hicolor" / "icon-theme.cache")
    for place in (_ENTRY, _KIND, *_ICONS, Path("mime", "application", "x")):
        for folder in (data / place).parents:
            if folder == data or not _removed_folder(folder):
                break


def _only(folder: Path, name: str) -> bool:
    """Whether no file but that one lies anywhere below the folder."""
    return all(file.name == name for file in folder.rglob("*") if not file.is_dir())


def _removed(file: Path) -> bool:
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as fault:
        raise EngineError(
            "{name} could not be removed: {reason}.",
            "Remove it by hand, or try again as the user who installed it.",
            name=file.name,
            reason=fault.strerror or str(fault),
        ) from fault
    return True


def _removed_folder(folder: Path) -> bool:
    """Only an empty folder is removed."""
    with contextlib.suppress(OSError):
        folder.rmdir()
    return not folder.exists()
