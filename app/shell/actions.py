"""The table of every command: its id, text, keys, icon, where it works and when. Menus, tool bars, tool tips and the F1 sheet are made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from engine.words import mark
from widgets import icons
from widgets.text import tr

if TYPE_CHECKING:
    from app.services.session import Session
    from app.services.trainings import Trainings

TABS = ("data", "label", "augment", "train", "review", "classify")

Why: TypeAlias = "Callable[[Session, Trainings], str]"
"""Gives "" where the command can be used, else the reason why not (a marked text)."""


def _always(session: "Session", trainings: "Trainings") -> str:
    return ""


def _project(session: "Session", trainings: "Trainings") -> str:
    return "" if session.project is not None else mark("Open a project first.")


def _writable(session: "Session", trainings: "Trainings") -> str:
    if session.project is None:
        return mark("Open a project first.")
    return "" if session.writable else mark("The project is open to read only.")


def _image(session: "Session", trainings: "Trainings") -> str:
    return "" if session.image is not None else mark("Open an item first.")


def _volume(session: "Session", trainings: "Trainings") -> str:
    if session.image is None:
        return mark("Open an item first.")
    return "" if session.image.shape[0] > 1 else mark("This picture has one slice only.")


def _ct(session: "Session", trainings: "Trainings") -> str:
    if session.image is None:
        return mark("Open an item first.")
    return "" if session.image.modality == "CT" else mark("Only CT has these windows: its values are in HU.")


def _painting(session: "Session", trainings: "Trainings") -> str:
    if session.image is None:
        return mark("Open an item first.")
    if session.task == "classification":
        return mark("This project gives classes to whole images: nothing is painted.")
    return _writable(session, trainings)


def _undo(session: "Session", trainings: "Trainings") -> str:
    return "" if any(not e.undone for e in session.history()) else mark("There is nothing to undo.")


def _redo(session: "Session", trainings: "Trainings") -> str:
    return "" if any(e.undone for e in session.history()) else mark("There is nothing to redo.")


def _prediction(session: "Session", trainings: "Trainings") -> str:
    return "" if session.prediction is not None else mark("There is no prediction of this item yet.")


def _take(session: "Session", trainings: "Trainings") -> str:
    return _prediction(session, trainings) or _writable(session, trainings)


def _take_class(session: "Session", trainings: "Trainings") -> str:
    if not session.active_class:
        return mark("Pick a class first: background is what is left.")
    return _take(session, trainings)


def _run(session: "Session", trainings: "Trainings") -> str:
    return "" if session.run is not None else mark("Train a network first.")


def _train(session: "Session", trainings: "Trainings") -> str:
    return _writable(session, trainings)


def _training(session: "Session", trainings: "Trainings") -> str:
    return "" if trainings.training else mark("Nothing is being trained.")


def _train_next(session: "Session", trainings: "Trainings") -> str:
    return _writable(session, trainings) or _training(session, trainings)


def _resume(session: "Session", trainings: "Trainings") -> str:
    return _writable(session, trainings) or (mark("Another run is being trained.") if trainings.training else "")


def _labelling(session: "Session", trainings: "Trainings") -> str:
    if session.task != "classification":
        return mark("This project paints masks: its images have no class.")
    if session.item is None:
        return mark("Open an item first.")
    return _writable(session, trainings)


@dataclass(frozen=True)
class Command:
    """One command. `tabs` () means everywhere. The first of `keys` is shown; letters alone never take a text field's typing."""

    id: str
    text: str
    section: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tabs: tuple[str, ...] = ()
    why: Why = _always
    checkable: bool = False
    group: str = ""  # of the checkable commands of a group one is on
    on_scan: bool = False  # its keys are the scan's while that has the focus: elsewhere lists and sliders need them


FILE, EDIT, VIEW, TOOLS = mark("Project"), mark("Edit"), mark("View"), mark("Tools")
ITEMS, CLASSES, LEARN, HELP = mark("Items"), mark("Classes"), mark("Learning"), mark("Help")
_SEEN = ("label", "review")

TABLE: tuple[Command, ...] = (
    Command("new_project", mark("New project…"), FILE, ("Ctrl+Shift+N",), "plus"),
    Command("open_project", mark("Open project…"), FILE, ("Ctrl+O",), "folder-open"),
    Command("open_folder", mark("Open a folder of images…"), FILE, ("Ctrl+Shift+O",), "folder"),
    Command("import_images", mark("Add images…"), FILE, ("Ctrl+I",), "import", (), _writable),
    Command("export", mark("Export…"), FILE, ("Ctrl+E",), "export", (), _project),
    Command("open_demo", mark("Open the demo"), FILE, (), "star"),
    Command("find_moved", mark("Find moved images…"), FILE, (), "search", (), _writable),
    Command("close_project", mark("Close project"), FILE, ("Ctrl+W",), "x", (), _project),
    Command("settings", mark("Settings…"), FILE, ("Ctrl+,",), "settings"),
    Command("quit", mark("Quit"), FILE, ("Ctrl+Q",), ""),
    Command("undo", mark("Undo"), EDIT, ("Ctrl+Z", "Z"), "undo", _SEEN, _undo),
    Command("redo", mark("Redo"), EDIT, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", _SEEN, _redo),
    Command("save", mark("Save (every stroke is saved already)"), EDIT, ("Ctrl+S",), "check", (), _project),
    Command("tab_data", mark("Data"), VIEW, ("Ctrl+1",)),
    Command("tab_label", mark("Label"), VIEW, ("Ctrl+2",)),
    Command("tab_augment", mark("Augment"), VIEW, ("Ctrl+3",)),
    Command("tab_train", mark("Train"), VIEW, ("Ctrl+4",)),
    Command("tab_review", mark("Review"), VIEW, ("Ctrl+5",)),
    Command("tab_classify", mark("Classify"), VIEW, ("Ctrl+6",)),
    Command("columns", mark("Hide or show the columns"), VIEW, ("Ctrl+B",), "maximize"),
    Command("full_screen", mark("Full screen"), VIEW, ("F11",), "maximize"),
    Command("zoom_in", mark("Zoom in"), VIEW, ("Ctrl++", "Ctrl+="), "zoom-in", _SEEN, _image),
    Command("zoom_out", mark("Zoom out"), VIEW, ("Ctrl+-",), "zoom-out", _SEEN, _image),
    Command("fit", mark("Fit to the window"), VIEW, ("Ctrl+F",), "fit", _SEEN, _image),
    Command("actual_size", mark("Actual size"), VIEW, ("Ctrl+0",), "", _SEEN, _image),
    Command("next_slice", mark("Next slice"), VIEW, ("PgDown", "Down"), "", _SEEN, _volume, on_scan=True),
    Command("previous_slice", mark("Previous slice"), VIEW, ("PgUp", "Up"), "", _SEEN, _volume, on_scan=True),
    Command("next_slices", mark("Five slices on"), VIEW, ("Shift+Down",), "", _SEEN, _volume, on_scan=True),
    Command("previous_slices", mark("Five slices back"), VIEW, ("Shift+Up",), "", _SEEN, _volume, on_scan=True),
    Command("auto_window", mark("Window by the image's values"), VIEW, ("Ctrl+J",), "contrast", _SEEN, _image),
    Command("reset_window", mark("The file's own window"), VIEW, ("Ctrl+Shift+J",), "", _SEEN, _image),
    Command("window_1", mark("Window: soft tissue"), VIEW, ("Shift+1",), "", _SEEN, _ct),
    Command("window_2", mark("Window: lung"), VIEW, ("Shift+2",), "", _SEEN, _ct),
    Command("window_3", mark("Window: bone"), VIEW, ("Shift+3",), "", _SEEN, _ct),
    Command("window_4", mark("Window: brain"), VIEW, ("Shift+4",), "", _SEEN, _ct),
    Command("window_5", mark("Window: liver"), VIEW, ("Shift+5",), "", _SEEN, _ct),
    Command("window_6", mark("Window: mediastinum"), VIEW, ("Shift+6",), "", _SEEN, _ct),
    Command("show_mask", mark("Show the mask"), VIEW, ("S",), "eye", _SEEN, _image, checkable=True),
    Command("show_prediction", mark("Show the prediction"), VIEW, ("G",), "eye", _SEEN, _prediction, checkable=True),
    Command("outline", mark("Outline only"), VIEW, ("N",), "outline", _SEEN, _image, checkable=True),
    Command("more_opaque", mark("Mask stronger"), VIEW, ("Ctrl+Up",), "", _SEEN, _image),
    Command("less_opaque", mark("Mask fainter"), VIEW, ("Ctrl+Down",), "", _SEEN, _image),
    Command("pan", mark("Move"), TOOLS, ("M",), "move", ("label",), _image, True, "tool"),
    Command(
        "window_tool", mark("Window and level"), TOOLS, ("Ctrl+Shift+W",), "contrast", ("label",), _image, True, "tool"
    ),
    Command("brush", mark("Brush"), TOOLS, ("B",), "brush", ("label",), _painting, True, "tool"),
    Command("eraser", mark("Eraser"), TOOLS, ("E",), "eraser", ("label",), _painting, True, "tool"),
    Command("polygon", mark("Polygon"), TOOLS, ("P",), "polygon", ("label",), _painting, True, "tool"),
    Command("fill", mark("Fill"), TOOLS, ("F",), "fill", ("label",), _painting, True, "tool"),
    Command("previous_tool", mark("Previous tool"), TOOLS, ("R",), "", ("label",), _painting),
    Command("larger_brush", mark("Larger brush"), TOOLS, ("+", "]"), "", ("label",), _painting),
    Command("smaller_brush", mark("Smaller brush"), TOOLS, ("-", "["), "", ("label",), _painting),
    Command("swap_background", mark("Swap class and background"), TOOLS, ("X",), "", ("label",), _painting),
    Command("next_class", mark("Next class"), CLASSES, (".",), "", ("label", "classify"), _project),
    Command("previous_class", mark("Previous class"), CLASSES, (",",), "", ("label", "classify"), _project),
    *(
        Command(f"class_{n}", mark("Class of the digit"), CLASSES, (str(n),), "", ("label",), _project)
        for n in range(1, 10)
    ),
    Command("background", mark("Background"), CLASSES, ("0",), "", ("label",), _project),
    *(
        Command(
            f"label_{n}", mark("This image is of the digit's class"), CLASSES, (str(n),), "", ("classify",), _labelling
        )
        for n in range(1, 10)
    ),
    Command("unlabel", mark("This image has no class"), CLASSES, ("0", "Backspace"), "", ("classify",), _labelling),
    Command("lock_class", mark("Lock or unlock the class"), CLASSES, ("K",), "lock", ("label",), _project),
    Command("add_class", mark("Add a class"), CLASSES, (), "plus", ("label", "classify"), _writable),
    Command("next_item", mark("Next item"), ITEMS, ("D",), "arrow-right", (), _project),
    Command("previous_item", mark("Previous item"), ITEMS, ("A",), "arrow-left", (), _project),
    Command("next_todo", mark("Next item to do"), ITEMS, ("Ctrl+Shift+D",), "", (), _project),
    Command("previous_todo", mark("Previous item to do"), ITEMS, ("Ctrl+Shift+A",), "", (), _project),
    Command("find_item", mark("Find an item"), ITEMS, ("Ctrl+P",), "search", (), _project),
    Command("set_train", mark("Put into the training set"), ITEMS, ("T",), "", ("data",), _writable),
    Command("set_val", mark("Put into the validation set"), ITEMS, ("V",), "", ("data",), _writable),
    Command("set_test", mark("Put into the test set"), ITEMS, ("E",), "", ("data",), _writable),
    Command("set_none", mark("Take out of the sets"), ITEMS, ("U",), "", ("data",), _writable),
    Command("divide", mark("Divide the items into sets"), ITEMS, (), "", ("data",), _writable),
    Command("remove_items", mark("Remove from the project…"), ITEMS, ("Del",), "trash", ("data",), _writable),
    Command("approve", mark("Approve and next"), ITEMS, ("Ctrl+Return", "Ctrl+Enter"), "check", _SEEN, _writable),
    Command("flag", mark("Flag"), ITEMS, ("Ctrl+M",), "flag", _SEEN, _writable),
    Command("reject", mark("Reject"), ITEMS, ("Ctrl+Backspace",), "x", ("review",), _writable),
    Command("correct", mark("Correct in Label"), ITEMS, ("E",), "brush", ("review",), _painting),
    Command("next_difference", mark("Next difference"), ITEMS, (".", "]"), "", ("review",), _prediction),
    Command("previous_difference", mark("Previous difference"), ITEMS, (",", "["), "", ("review",), _prediction),
    Command("keep_mine", mark("Keep mine"), ITEMS, ("1",), "", ("review",), _prediction),
    Command("take_model", mark("Take the model's"), ITEMS, ("2",), "", ("review",), _take),
    Command("use_prediction", mark("Use the prediction as mask"), ITEMS, ("Ctrl+U",), "copy", _SEEN, _take),
    Command(
        "use_prediction_class",
        mark("Use the prediction of this class"),
        ITEMS,
        ("Ctrl+Shift+U",),
        "copy",
        _SEEN,
        _take_class,
    ),
    Command("train", mark("Train, or stop the training"), LEARN, ("Ctrl+T",), "play", (), _train),
    Command("train_next", mark("Train it afterwards"), LEARN, (), "plus", ("train",), _train_next),
    Command("pause", mark("Pause or go on"), LEARN, ("Ctrl+Shift+P",), "pause", (), _training),
    Command("stop", mark("Stop, keep the best"), LEARN, ("Ctrl+Shift+T",), "stop", (), _training),
    Command("resume_run", mark("Go on with this run from its last checkpoint"), LEARN, (), "play", ("train",), _resume),
    Command(
        "use_run", mark("Show the predictions of this run, and fine-tune from it"), LEARN, (), "", ("train",), _project
    ),
    Command(
        "export_model",
        mark("Write the network as one file that works without the project"),
        LEARN,
        (),
        "export",
        ("train",),
        _project,
    ),
    Command("use_augmentation", mark("Use this augmentation for the next run"), LEARN, (), "", ("augment",), _writable),
    Command("resample", mark("Other samples of the augmentation"), LEARN, (), "shuffle", ("augment",), _project),
    Command("predict_item", mark("Predict this item"), LEARN, ("Ctrl+R",), "target", (), _run),
    Command("predict_set", mark("Predict the set shown"), LEARN, (), "target", ("review",), _run),
    Command("predict_all", mark("Predict all items"), LEARN, ("Ctrl+Shift+R",), "target", (), _run),
    Command("shortcuts", mark("Keys and mouse"), HELP, ("F1",), "keyboard"),
    Command("log_folder", mark("Open the log's folder"), HELP, (), "folder"),
    Command("about", mark("About Contorno"), HELP, (), "info"),
)


class Commands(QObject):
    """The table as QActions of a window. Whoever can do a command connects to it; `refresh` dims what cannot be used now."""

    def __init__(self, window: QWidget, session: "Session", trainings: "Trainings") -> None:
        super().__init__(window)
        self._session, self._trainings = session, trainings
        self._tab = TABS[0]
        self._actions: dict[str, QAction] = {}
        for command in TABLE:
            action = QAction(tr(command.text), self)
            action.setObjectName(command.id)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setCheckable(command.checkable)
            action.setAutoRepeat(not command.checkable)  # a key held down must not flicker
            if command.icon:
                icons.set_icon(action, command.icon)
            if command.on_scan:
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            else:
                window.addAction(action)
            self._actions[command.id] = action
        for signal in (session.project_changed, session.image_changed, session.item_changed, session.history_changed):
            signal.connect(self.refresh)
        for signal in (session.prediction_changed, session.classes_changed):
            signal.connect(self.refresh)
        trainings.changed.connect(self.refresh)
        self.refresh()

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def connect_to(self, **handlers: Callable[[], object]) -> None:
        """Connect commands to what does them, by id."""
        for id, handler in handlers.items():
            self._actions[id].triggered.connect(_Call(self, handler).run)

    def show_tab(self, tab: str) -> None:
        """Commands of other tabs are off; their keys are free for this one's."""
        self._tab = tab
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        for command in TABLE:
            action = self._actions[command.id]
            here = not command.tabs or self._tab in command.tabs
            why = command.why(self._session, self._trainings) if here else ""
            action.setEnabled(here and not why)
            key = QKeySequence(command.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if command.keys else ""
            tip = tr(command.text) + (f"  {key}" if key else "")
            action.setToolTip(tip + (f"\n{tr(why)}" if why else ""))
        self._name_undo()

    def _name_undo(self) -> None:
        """Undo and redo say what they would take back or do again."""
        history = self._session.history()
        done = [e.name for e in history if not e.undone]
        undone = [e.name for e in history if e.undone]
        for id, name in (("undo", done[-1] if done else ""), ("redo", undone[0] if undone else "")):
            text = tr("Undo") if id == "undo" else tr("Redo")
            action = self._actions[id]
            action.setText(f"{text}: {name}" if name else text)
            if name:
                key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                action.setToolTip(f"{action.text()}  {key}")


class _Call(QObject):
    """Holds a handler for as long as its command lives: a plain lambda on a signal would keep windows alive."""

    def __init__(self, parent: QObject, handler: Callable[[], object]) -> None:
        super().__init__(parent)
        self._handler = handler

    @Slot()
    def run(self) -> None:
        self._handler()
