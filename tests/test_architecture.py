"""The house's rules, checked by machine: who imports whom, what is loaded when, and what may not be called where."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("app", "widgets", "engine", "resources")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_bytes()) for path in FILES}

WRITERS = {
    "engine/atomic.py": "it is the one writer",
    "engine/project/lock.py": "the note in the lock file is worth nothing after a crash",
    "engine/learning/events.py": "a run's events are a log that grows by lines",
    "engine/project/copying.py": "large files, piece by piece, into a new folder that goes again where it is not whole",
    "app/shell/errors.py": "faulthandler needs a file that is open before the crash",
}

THREADS = {
    "app/services/jobs.py": "it is the one that may",
    "engine/imaging/decoders.py": "leaves a codec behind that does not come to an end",
    "engine/imaging/dicom_pixels.py": "decodes slices on all cores, and waits for them before it returns",
}

_LOADED = """
import importlib, json, os, sys
names, forbidden = json.loads(sys.argv[1]), json.loads(sys.argv[2])
import numpy, cv2  # everybody's: loaded once, before the process is copied
for name in json.loads(sys.argv[3]):
    importlib.import_module(name)


def look(names):
    "What these modules bring along, in a copy of the process."
    reads, writes = os.pipe()
    if os.fork() == 0:
        try:
            for name in names:
                importlib.import_module(name)
            found = ", ".join(f for f in forbidden if f in sys.modules)
        except BaseException as fault:
            found = f"fails: {fault!r}"
        os.write(writes, found.encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as said:
        found = said.read().decode()
    os.wait()
    return found

if look(names):  # all at once bring what any of them brings; which one it is takes a look at each
    for name in names:
        if found := look([name]):
            print(name, "brings", found)
"""


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


_TORCH_WING = ["torch", "torchvision", "timm", "captum", "sklearn"]


def _loaded(names: list[str], forbidden: list[str], before: Sequence[str] = ()) -> str:
    """What each module, loaded in a process that has loaded nothing but `before`, brings along that it should not."""
    command = [sys.executable, "-c", _LOADED, json.dumps(names), json.dumps(forbidden), json.dumps(before)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_imports_go_one_way() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to load each module freshly at little cost")
def test_engine_loads_neither_torch_nor_qt() -> None:
    assert not _loaded(_plain_engine(), [*_TORCH_WING, "PySide6"])


def _plain_engine() -> list[str]:
    names = [_module(path) for path in FILES if path.parts[len(ROOT.parts)] in ("engine", "resources")]
    return [name for name in names if not name.startswith("engine.learning.")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to load each module freshly at little cost")
def test_command_line_loads_neither_torch_nor_qt() -> None:
    assert not _loaded(["app.cli"], ["torch", "PySide6"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to load each module freshly at little cost")
def test_window_loads_no_torch() -> None:
    names = [_module(path) for path in FILES if path.parts[len(ROOT.parts)] in ("app", "widgets")]
    assert {"app.shell.main", "app.shell.window", "app.tabs.train.tab", "app.dialogs.new_project"} <= set(names)
    before = [
        "PySide6.QtWidgets",
        *_plain_engine(),
    ]  # which brings none of it, as the test above says: loaded once for all
    assert not _loaded([n for n in names if n != "app.__main__"], _TORCH_WING, before)


def test_the_frame_of_the_window_waits_for_nothing_heavy() -> None:
    command = "import app.cli, app.shell.main, sys; print(*sorted({'numpy', 'cv2', 'msgspec', 'pydicom', 'app.services.project_session'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_first_tab_waits_neither_for_scipy_nor_for_what_needs_a_project() -> None:
    """Each took a fifth of its time or more."""
    command = "import app.shell.window, app.tabs.data.tab, sys; print(*sorted({'scipy', 'app.tabs.data.contents'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_tab_imports_no_other_tab() -> None:
    """What two tabs share stands in scan or parts; what they say to each other goes through the window."""
    shared = ("app.tabs.tab", "app.tabs.scan", "app.tabs.parts")
    for path in _tabs():
        own = ".".join(Path(path).parts[:3])
        others = [name for name in _imports(path) if name.startswith("app.tabs.")]
        strangers = [
            name for name in others if not f"{name}.".startswith((f"{own}.", *(f"{each}." for each in shared)))
        ]
        assert not strangers, f"{path} imports {strangers}"


def test_what_needs_no_window_is_not_hidden_in_a_tab() -> None:
    """Free of Qt it belongs into the engine; free of the project, the session, the commands and the settings it is a widget."""
    engine = {path for path in _tabs() if not _reaches(path, ("PySide6", "widgets."))}
    drawn = {path for path in _tabs() if _imports(path) & {"PySide6.QtGui", "PySide6.QtWidgets"}}
    known = ("app.shell.", "app.services.", "app.dialogs.", "engine.project.")
    pure = {path for path in drawn if not _reaches(path, known)}
    assert not engine | pure


def test_no_widget_is_looked_for_by_its_name() -> None:
    """What a part of the program needs of another it is given."""
    assert not [
        f"{path}:{call.lineno}"
        for path, name, call in _all_calls()
        if path.startswith("app/") and name.endswith(".findChild")
    ]


def test_no_module_is_a_junk_room() -> None:
    junk = {"utils", "util", "helpers", "helper", "common", "base", "manager", "controllers", "misc"}
    assert not [path for path in TREES if junk & set(Path(path).with_suffix("").parts)]


def test_no_public_class_name_stands_twice() -> None:
    homes: dict[str, list[str]] = {}
    for path, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path)
    assert len(homes) > 100
    assert not {name: paths for name, paths in homes.items() if len(paths) > 1}


def test_tests_stand_in_the_folders_of_what_they_test() -> None:
    tests = ROOT / "tests"
    folders = {file.parent.relative_to(tests) for package in PACKAGES for file in (tests / package).rglob("test_*.py")}
    assert {"app", "widgets", "engine"} <= {folder.parts[0] for folder in folders}
    assert not [folder.as_posix() for folder in folders if not (ROOT / folder).is_dir()]


def test_threads_are_known_to_jobs_alone() -> None:
    kinds = {"QThread", "QThreadPool", "QRunnable", "Thread", "ThreadPoolExecutor"}
    users = {path for path, tree in TREES.items() if any(name.split(".")[-1] in kinds for name, _ in _names(tree))}
    assert users == set(THREADS)


def test_nothing_runs_code_from_files() -> None:
    assert not [f"{path}:{call.lineno}: {name}" for path, name, call in _all_calls() if _runs_code(name, call)]


def test_opencv_touches_no_files() -> None:
    forbidden = ("cv2.imread", "cv2.imwrite")
    assert not [path for path, tree in TREES.items() if any(name in forbidden for name, _ in _names(tree))]


def test_files_are_written_by_atomic_alone() -> None:
    """Any other way loses the old file on a full disk."""
    writers = {f"{path}:{call.lineno}" for path, name, call in _all_calls() if _writes(name, call)}
    assert not {where for where in writers if where.split(":")[0] not in WRITERS}
    assert {where.split(":")[0] for where in writers} == set(WRITERS), "a reason that is no longer needed"


def test_choices_are_cut_between_words() -> None:
    """Qt's own cut theirs in the middle of a letter."""
    plain = re.compile(r"QComboBox\(\)|\(QComboBox\):")
    found = {path.relative_to(ROOT).as_posix() for path in FILES if plain.search(path.read_text(encoding="utf-8"))}
    assert found == {"widgets/word_combo.py"}


def test_no_faults_are_swallowed() -> None:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                assert node.type is not None, f"{path}:{node.lineno}: bare except"
                broad = ast.unparse(node.type) in ("Exception", "BaseException")
                silent = all(isinstance(step, ast.Pass) for step in node.body)
                assert not (broad and silent), f"{path}:{node.lineno}: everything is swallowed"


def test_each_painter_ends() -> None:
    """Also where drawing fails: Python keeps the fault with its frames, and a painter that outlives its widget crashes the process."""
    ended = {
        f"{path}:{item.context_expr.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.With)
        for item in node.items
    }
    assert not {f"{path}:{call.lineno}" for path, name, call in _all_calls() if name.endswith("QPainter")} - ended


def test_checks_see_what_they_forbid() -> None:
    tree = ast.parse(
        "a.write_text('x'); open(p, 'w'); p.open('ab'); np.savez(p); torch.save(x, p); open(p); p.open('rb')"
    )
    assert [_writes(name, call) for name, call in _calls(tree)] == [True] * 5 + [False] * 2
    names = [name for name, _ in _names(ast.parse("from threading import Thread\nimport cv2\ncv2.imread(p)"))]
    assert {"threading.Thread", "cv2.imread"} <= set(names)
    tree = ast.parse(
        "eval(x); torch.load(p); z.extractall(p); np.load(p); net.eval(); torch.load(p, weights_only=True)"
    )
    assert [_runs_code(name, call) for name, call in _calls(tree)] == [True] * 4 + [False] * 2


def _runs_code(name: str, call: ast.Call) -> bool:
    if name in ("torch.load", "load_state_dict_from_url"):
        return _given(call, "weights_only") is not True
    if name in ("numpy.load", "np.load"):
        return _given(call, "allow_pickle") is not False
    if name.endswith((".extractall", ".extract")):
        return not any(keyword.arg == "filter" for keyword in call.keywords)
    return name in ("eval", "exec", "pickle.load", "pickle.loads", "pickle.Unpickler", "marshal.loads", "yaml.load")


def _writes(name: str, call: ast.Call) -> bool:
    last = name.split(".")[-1]
    if last in ("write_text", "write_bytes", "imsave", "savez", "savez_compressed", "save_file", "tofile"):
        return True
    if name in ("np.save", "numpy.save", "torch.save", "nibabel.save", "shutil.copyfile", "shutil.copy"):
        return True
    if last != "open" or name == "os.open":
        return False
    places = call.args[1:2] if name in ("open", "io.open") else call.args[:1]
    mode = next((k.value for k in call.keywords if k.arg == "mode"), places[0] if places else None)
    text = mode.value if isinstance(mode, ast.Constant) else ""
    return isinstance(text, str) and len(text) <= 3 and bool(set(text) & set("wax+")) and set(text) <= set("rwaxbt+")


def _tabs() -> list[str]:
    return [path for path in TREES if path.startswith("app/tabs/") and not path.endswith("__init__.py")]


def _imports(path: str) -> set[str]:
    """The modules that a file imports, wherever in it; `from package import module` names the module."""
    found: set[str] = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                f"{node.module}.{alias.name}" if _file(f"{node.module}.{alias.name}") else node.module
                for alias in node.names
            }
    return found


def _file(module: str) -> str:
    """The file of a module of ours, "" where it is none."""
    path = module.replace(".", "/") + ".py"
    return path if path in TREES else ""


def _reaches(path: str, wanted: tuple[str, ...], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a file imports one of these, itself or through the files of the tabs."""
    names = _imports(path)
    if any(f"{name}.".startswith(wanted) for name in names):
        return True
    ours = {_file(name) for name in names if name.startswith("app.tabs.")} - seen - {"", path}
    return any(_reaches(each, wanted, seen | ours | {path}) for each in ours)


def _all_calls() -> Iterator[tuple[str, str, ast.Call]]:
    for path, tree in TREES.items():
        for name, call in _calls(tree):
            yield path, name, call


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _names(tree: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Dotted names used or imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            yield ast.unparse(node), node
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


def _given(call: ast.Call, keyword: str) -> object:
    found = next((k.value for k in call.keywords if k.arg == keyword), None)
    return found.value if isinstance(found, ast.Constant) else None
