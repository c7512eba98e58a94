"""A copy of a project elsewhere, in small steps: also of one whose own folder vanished while it was open."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.atomic import make_folder
from engine.errors import EngineError
from engine.progress import Progress, Work
from engine.project.project import Project
from engine.project.runs import CASES
from engine.project.store import check_path
from engine.words import translatable

_PART = ".part"
_PIECE = 4 << 20  # bytes of a file that are copied at a time


def save_copy(project: Project, folder: Path) -> Work[Path]:
    """Write a new project with all that this one's database holds, and the folders of runs and cases that are still there; its own
    folder comes back. The images stay where they are.

    Reads through the open connection: to be pulled by the thread that opened the project. What was written of a copy that was given up
    goes again. Raises EngineError where the folder exists or cannot be written.
    """
    folder = Project.place_for(folder)
    part = folder.with_name(folder.name + _PART)  # until it is whole: what a kill leaves is no project
    check_path(part)
    for place in (folder, part):
        if place.exists():
            raise EngineError(
                translatable("{name} exists already."), translatable("Choose another name or folder."), name=place.name
            )
    make_folder(part)
    try:
        yield from project.copying_database(part)
        places = [project.path / CASES, *(run.folder for run in project.runs.all())]
        for place in places:
            target = part / place.relative_to(project.path)
            if place.is_dir():
                for file in _copying_tree(place, target):
                    yield Progress(0, 0, file)
            elif place.name != CASES:
                make_folder(target)
        with Project.open(part) as copy:
            copy.items.set_files({item.id: item.source.files for item in project.items.all()})
        part.rename(folder)
        return folder
    except OSError as fault:
        raise EngineError(
            translatable("The copy {name} could not be written: {reason}."),
            translatable("Choose another folder."),
            name=folder.name,
            reason=fault.strerror or str(fault),
        ) from fault
    finally:
        shutil.rmtree(part, ignore_errors=True)  # where it is still there


def _copying_tree(source: Path, target: Path) -> Iterator[str]:
    """Copies piece by piece; the name of the file at each. Links stay links."""
    for root, folders, files in os.walk(source):
        there = target / Path(root).relative_to(source)
        there.mkdir(parents=True, exist_ok=True)
        for name in (*folders, *files):
            one = Path(root) / name
            if one.is_symlink():
                os.symlink(os.readlink(one), there / name)
            elif name in files:
                yield name
                with open(one, "rb") as read, open(there / name, "wb") as write:
                    while piece := read.read(_PIECE):
                        write.write(piece)
                        yield name
                shutil.copystat(one, there / name)
