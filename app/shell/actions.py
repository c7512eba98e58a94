"""The table of every command: its id, text, keys, icon, where it works and when. Menus, tool bars, tool tips and the F1 sheet are made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from app.shell import keys, settings
from app.shell.i18n import translate_stored
from engine.words import translatable
from widgets import icons
from widgets.text import tip, tr

if TYPE_CHECKING:
    from app.services.project_session import ProjectSession
    from app.services.training_runner import TrainingRunner

TABS = ("data", "label", "augment", "train", "review", "classify")

Why: TypeAlias = "Callable[[ProjectSession, TrainingRunner], str]"
"""Gives "" where the command can be used, else the reason why not (a marked text)."""


def _always(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return ""


def _project(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return "" if session.project is not None else translatable("Open a project first.")


def _writable(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.project is None:
        return translatable("Open a project first.")
    return "" if session.writable else translatable("The project is open to read only.")


def _image(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.current.image is not None:
        return ""
    if session.project is None:
        return translatable("Open a project first.")
    if session.current.item is None:
        return translatable("Open an item first.")
    if session.current.loading:
        return translatable("The item is still being read.")
    return translatable("The image of this item could not be read: the scan says why.")


def _volume(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.current.image is None:
        return _image(session, trainings)
    return "" if session.current.image.shape[0] > 1 else translatable("This picture has one slice only.")


def _slices(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    """They are gone through while they are read, too."""
    glimpse = session.current.glimpse
    return "" if glimpse is not None and glimpse.count > 1 else _volume(session, trainings)


def _series(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.current.item is None:
        return translatable("Open an item first.")
    return "" if len(session.walk.parts()) > 1 else translatable("This item is not one of several of a series.")


def _ct(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    image = session.current.image
    if image is None:
        return _image(session, trainings)
    if image.unit == "HU":
        return ""
    if image.modality == "CT":
        return translatable("These windows are in HU, and the values of this CT are not.")
    return translatable("Only CT has these windows: its values are in HU.")


def _painting(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.current.image is None:
        return _image(session, trainings)
    return _painted_classes(session, trainings) or _writable(session, trainings)


def _tool(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    """A tool is taken in hand while the item is still being read, too."""
    loading = session.current.item is not None and session.current.loading
    return "" if loading else _image(session, trainings)


def _painting_tool(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _tool(session, trainings) or _painted_classes(session, trainings) or _writable(session, trainings)


def _painting_volume(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _painting(session, trainings) or _volume(session, trainings)


def _objects(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.task != "instance":
        return translatable("Only projects of objects one by one tell objects apart.")
    return _image(session, trainings)


def _object_edits(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _objects(session, trainings) or _writable(session, trainings)


def _painted_classes(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.task == "classification":
        return translatable("This project gives classes to whole images: nothing is painted.")
    return _project(session, trainings)


def _undo(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    undoable = session.current.unfinished or any(not e.undone for e in session.current.history())
    return "" if undoable else translatable("There is nothing to undo.")


def _redo(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    redoable = session.current.taken_back or any(e.undone for e in session.current.history())
    return "" if redoable else translatable("There is nothing to redo.")


def _items(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if _writable(session, trainings):
        return _writable(session, trainings)
    return "" if session.items() else translatable("Add images first.")


def _undo_sets(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return (
        ""
        if session.assignments.may_undo
        else translatable("No change of sets, classes or modality is left to take back.")
    )


def _undo_labels(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return "" if session.assignments.may_undo_labels else translatable("No change of a class is left to take back.")


def _prediction(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return "" if session.predictions.labels is not None else translatable("There is no prediction of this item yet.")


def _take(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _prediction(session, trainings) or _writable(session, trainings)


def _take_class(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if not session.painted_class:
        unlabelled = translatable("Pick a class first: no prediction knows what is unlabelled.")
        return unlabelled if session.active_class else translatable("Pick a class first: background is what is left.")
    return _take(session, trainings)


def _run(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return "" if session.predictions.run is not None else translatable("Train a network first.")


def _explained(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _run(session, trainings) or _image(session, trainings)


def _train(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _writable(session, trainings)


def _training(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return "" if trainings.training else translatable("Nothing is being trained.")


def _train_next(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _writable(session, trainings) or _training(session, trainings)


def _resume(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    return _writable(session, trainings) or (
        translatable("Another run is being trained.") if trainings.training else ""
    )


def _labelling(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.task == "classification" and session.current.item is None:
        return translatable("Open an item first.")
    return _study(session, trainings)


def _study(session: "ProjectSession", trainings: "TrainingRunner") -> str:
    if session.project is not None and session.task != "classification":
        return translatable("This project paints masks: its images have no class.")
    return _writable(session, trainings)


@dataclass(frozen=True)
class Command:
    """One command. `tabs` () means everywhere. `keys` are those of the program's own profile, the first is shown; letters alone never take a text field's typing."""

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


@dataclass(frozen=True)
class CommandState:
    """Whether a command can be given, why not, and what of the history it is about."""

    enabled: bool
    why: str
    about: str


FILE, EDIT, VIEW, TOOLS = translatable("Project"), translatable("Edit"), translatable("View"), translatable("Tools")
ITEMS, CLASSES, LEARN, HELP = (
    translatable("Items"),
    translatable("Classes"),
    translatable("Learning"),
    translatable("Help"),
)
OBJECTS = translatable("Objects")
_SEEN = ("label", "review")

TABLE: tuple[Command, ...] = (
    Command("new_project", translatable("New project…"), FILE, ("Ctrl+Shift+N",), "plus"),
    Command("open_project", translatable("Open project…"), FILE, ("Ctrl+O",), "folder-open"),
    Command("open_folder", translatable("New project from images…"), FILE, ("Ctrl+Shift+O",), "folder"),
    Command("import_images", translatable("Add images…"), FILE, ("Ctrl+I",), "import", (), _writable),
    Command("bring_masks", translatable("Masks or classes for the images…"), FILE, ("Ctrl+Alt+I",), "", (), _items),
    Command("export", translatable("Export…"), FILE, ("Ctrl+E",), "export", (), _project),
    Command("open_demo", translatable("Open the demo"), FILE, (), "star"),
    Command("find_moved", translatable("Find moved images…"), FILE, (), "search", (), _writable),
    Command("save_copy", translatable("Save a copy of the project…"), FILE, (), "copy", (), _project),
    Command("close_project", translatable("Close project"), FILE, ("Ctrl+W",), "x", (), _project),
    Command("settings", translatable("Settings…"), FILE, ("Ctrl+,",), "settings"),
    Command("quit", translatable("Quit"), FILE, ("Ctrl+Q",), ""),
    Command("undo", translatable("Undo"), EDIT, ("Ctrl+Z", "Z"), "undo", _SEEN, _undo),
    Command("redo", translatable("Redo"), EDIT, ("Ctrl+Shift+Z", "Ctrl+Y"), "redo", _SEEN, _redo),
    Command(
        "undo_sets",
        translatable("Take the last change of sets, classes or modality back"),
        EDIT,
        ("Ctrl+Z",),
        "",
        ("data",),
        _undo_sets,
    ),
    Command(
        "undo_labels",
        translatable("Take the last change of a class back"),
        EDIT,
        ("Ctrl+Z", "Z"),
        "",
        ("classify",),
        _undo_labels,
    ),
    Command("save", translatable("Save (every stroke is saved already)"), EDIT, ("Ctrl+S",), "check", (), _project),
    Command("tab_data", translatable("Data"), VIEW, ("Ctrl+1",)),
    Command("tab_label", translatable("Label"), VIEW, ("Ctrl+2",)),
    Command("tab_augment", translatable("Augment"), VIEW, ("Ctrl+3",)),
    Command("tab_train", translatable("Train"), VIEW, ("Ctrl+4",)),
    Command("tab_review", translatable("Review"), VIEW, ("Ctrl+5",)),
    Command("tab_classify", translatable("Classify"), VIEW, ("Ctrl+6",)),
    Command("columns", translatable("Hide or show the columns"), VIEW, ("Ctrl+B",), "maximize"),
    Command("right_column", translatable("Hide or show the right column"), VIEW, ("Ctrl+Shift+B",)),
    Command("full_screen", translatable("Full screen"), VIEW, ("F11",), "maximize"),
    Command("zoom_in", translatable("Zoom in"), VIEW, ("Ctrl++", "Ctrl+="), "zoom-in", _SEEN, _image),
    Command("zoom_out", translatable("Zoom out"), VIEW, ("Ctrl+-",), "zoom-out", _SEEN, _image),
    Command("fit", translatable("Fit to the window"), VIEW, ("Ctrl+F",), "fit", _SEEN, _image),
    Command("actual_size", translatable("Actual size"), VIEW, ("Ctrl+0",), "", _SEEN, _image),
    Command("next_slice", translatable("Next slice"), VIEW, ("PgDown", "Down"), "", _SEEN, _slices, on_scan=True),
    Command("previous_slice", translatable("Previous slice"), VIEW, ("PgUp", "Up"), "", _SEEN, _slices, on_scan=True),
    Command("next_slices", translatable("Five slices on"), VIEW, ("Shift+Down",), "", _SEEN, _slices, on_scan=True),
    Command("previous_slices", translatable("Five slices back"), VIEW, ("Shift+Up",), "", _SEEN, _slices, on_scan=True),
    Command(
        "next_part",
        translatable("Next phase or echo of the series, at the same slice"),
        VIEW,
        ("Ctrl+Right",),
        "",
        _SEEN,
        _series,
    ),
    Command(
        "previous_part",
        translatable("Previous phase or echo of the series, at the same slice"),
        VIEW,
        ("Ctrl+Left",),
        "",
        _SEEN,
        _series,
    ),
    Command(
        "play_phases",
        translatable("Play the phases of the series, or stop"),
        VIEW,
        ("Shift+G",),
        "play",
        ("label",),
        _series,
        checkable=True,
    ),
    Command(
        "look_beside",
        translatable("Look at a second item as well, or at one alone"),
        VIEW,
        ("Shift+L",),
        "copy",
        ("label",),
        _image,
    ),
    Command(
        "look_over",
        translatable("Second item over the first, or beside it"),
        VIEW,
        ("Shift+O",),
        "layers",
        ("label",),
        _image,
    ),
    Command("views", translatable("A view of each plane, or one view"), VIEW, ("V",), "grid", ("label",), _volume),
    Command("next_plane", translatable("Next plane"), VIEW, ("Shift+V",), "", ("label",), _volume),
    Command(
        "centre_views", translatable("Centre on the crosshair"), VIEW, ("C",), "", ("label",), _volume, on_scan=True
    ),
    Command("surface", translatable("Surface of the mask"), VIEW, ("Shift+S",), "", ("label",), _volume),
    Command("next_labelled", translatable("Next labelled slice"), VIEW, ("Shift+U",), "", ("label",), _volume),
    Command("next_unlabelled", translatable("Next unlabelled slice"), VIEW, ("U",), "", ("label",), _volume),
    Command("auto_window", translatable("Window by the image's values"), VIEW, ("Ctrl+J",), "contrast", _SEEN, _image),
    Command("reset_window", translatable("The file's own window"), VIEW, ("Ctrl+Shift+J",), "", _SEEN, _image),
    Command(
        "invert", translatable("Exchange bright and dark"), VIEW, ("Ctrl+Shift+I",), "", _SEEN, _image, checkable=True
    ),
    Command("smooth", translatable("Smooth pixels where enlarged"), VIEW, (), "", _SEEN, _image, checkable=True),
    Command("window_1", translatable("Window: soft tissue"), VIEW, ("Shift+1",), "", _SEEN, _ct),
    Command("window_2", translatable("Window: lung"), VIEW, ("Shift+2",), "", _SEEN, _ct),
    Command("window_3", translatable("Window: bone"), VIEW, ("Shift+3",), "", _SEEN, _ct),
    Command("window_4", translatable("Window: brain"), VIEW, ("Shift+4",), "", _SEEN, _ct),
    Command("window_5", translatable("Window: liver"), VIEW, ("Shift+5",), "", _SEEN, _ct),
    Command("window_6", translatable("Window: mediastinum"), VIEW, ("Shift+6",), "", _SEEN, _ct),
    Command("show_mask", translatable("Show the mask"), VIEW, ("S",), "eye", _SEEN, _image, checkable=True),
    Command(
        "show_prediction", translatable("Show the prediction"), VIEW, ("G",), "eye", _SEEN, _prediction, checkable=True
    ),
    Command("outline", translatable("Outline only"), VIEW, ("N",), "outline", _SEEN, _image, checkable=True),
    Command("more_opaque", translatable("Mask stronger"), VIEW, ("Ctrl+Up",), "", _SEEN, _image),
    Command("less_opaque", translatable("Mask fainter"), VIEW, ("Ctrl+Down",), "", _SEEN, _image),
    Command("pan", translatable("Move"), TOOLS, ("M",), "move", ("label",), _tool, True, "tool"),
    Command(
        "window_tool",
        translatable("Window and level"),
        TOOLS,
        ("Ctrl+Shift+W",),
        "contrast",
        ("label",),
        _tool,
        True,
        "tool",
    ),
    Command("distance", translatable("Distance"), TOOLS, ("Shift+D",), "ruler", ("label",), _tool, True, "tool"),
    Command("angle", translatable("Angle"), TOOLS, ("Shift+A",), "angle", ("label",), _tool, True, "tool"),
    Command(
        "region_ellipse",
        translatable("Values in an ellipse"),
        TOOLS,
        ("Shift+Y",),
        "ellipse",
        ("label",),
        _tool,
        True,
        "tool",
    ),
    Command(
        "region_rectangle",
        translatable("Values in a rectangle"),
        TOOLS,
        ("Shift+T",),
        "rectangle",
        ("label",),
        _tool,
        True,
        "tool",
    ),
    Command("brush", translatable("Brush"), TOOLS, ("B",), "brush", ("label",), _painting_tool, True, "tool"),
    Command("eraser", translatable("Eraser"), TOOLS, ("E",), "eraser", ("label",), _painting_tool, True, "tool"),
    Command(
        "contour", translatable("Freehand contour"), TOOLS, ("H",), "lasso", ("label",), _painting_tool, True, "tool"
    ),
    Command("polygon", translatable("Polygon"), TOOLS, ("P",), "polygon", ("label",), _painting_tool, True, "tool"),
    Command(
        "rectangle", translatable("Rectangle"), TOOLS, ("T",), "rectangle", ("label",), _painting_tool, True, "tool"
    ),
    Command("ellipse", translatable("Ellipse"), TOOLS, ("Y",), "ellipse", ("label",), _painting_tool, True, "tool"),
    Command("fill", translatable("Fill"), TOOLS, ("F",), "fill", ("label",), _painting_tool, True, "tool"),
    Command("smart", translatable("Smart outline"), TOOLS, ("Q",), "click", ("label",), _painting_tool, True, "tool"),
    Command(
        "live_wire",
        translatable("Live-wire"),
        TOOLS,
        ("L",),
        "live-wire",
        ("label",),
        _painting_tool,
        True,
        "tool",
        True,
    ),
    Command("nothing_here", translatable("Nothing is on this slice"), TOOLS, ("O",), "", ("label",), _painting),
    Command("previous_tool", translatable("Previous tool"), TOOLS, ("R",), "", ("label",), _painting_tool),
    Command("larger_brush", translatable("Larger brush"), TOOLS, ("+", "]"), "", ("label",), _painting),
    Command("smaller_brush", translatable("Smaller brush"), TOOLS, ("-", "["), "", ("label",), _painting),
    Command(
        "ball_brush",
        translatable("Brush as a ball, over several slices"),
        TOOLS,
        ("Shift+B",),
        "",
        ("label",),
        _painting_volume,
        True,
    ),
    Command(
        "gate",
        translatable("Paint only in a range of values"),
        TOOLS,
        ("J",),
        "gate",
        ("label",),
        _painting,
        True,
    ),
    Command("swap_background", translatable("Swap class and background"), TOOLS, ("X",), "", ("label",), _painting),
    Command(
        "copy_to_next",
        translatable("Copy the mask to the next slice"),
        TOOLS,
        ("Shift+PgDown",),
        "copy",
        ("label",),
        _painting_volume,
    ),
    Command(
        "copy_to_previous",
        translatable("Copy the mask to the previous slice"),
        TOOLS,
        ("Shift+PgUp",),
        "",
        ("label",),
        _painting_volume,
    ),
    Command("copy_slice", translatable("Copy the slice's mask"), TOOLS, ("Ctrl+C",), "", ("label",), _painting),
    Command("paste_slice", translatable("Paste it on this slice"), TOOLS, ("Ctrl+V",), "", ("label",), _painting),
    Command(
        "carry_next",
        translatable("Carry the mask on to the next slice"),
        TOOLS,
        ("Shift+N",),
        "",
        ("label",),
        _painting_volume,
    ),
    Command(
        "carry_previous",
        translatable("Carry the mask on to the previous slice"),
        TOOLS,
        ("Shift+P",),
        "",
        ("label",),
        _painting_volume,
    ),
    Command("fill_between", translatable("Fill between slices"), TOOLS, ("I",), "layers", ("label",), _painting_volume),
    Command("grow_seeds", translatable("Grow strokes"), TOOLS, ("Shift+Q",), "maximize", ("label",), _painting),
    Command(
        "carry_outline",
        translatable("Carry the outline through the slices"),
        TOOLS,
        ("Shift+I",),
        "stack",
        ("label",),
        _painting_volume,
    ),
    Command("clean_up", translatable("Clean up…"), TOOLS, ("Ctrl+L",), "wand", ("label",), _painting),
    Command("next_object", translatable("Next object"), OBJECTS, ("Shift+J",), "", ("label",), _objects),
    Command("previous_object", translatable("Previous object"), OBJECTS, ("Shift+H",), "", ("label",), _objects),
    Command(
        "split_object",
        translatable("Split an object by a line"),
        OBJECTS,
        ("Shift+X",),
        "scissors",
        ("label",),
        _object_edits,
        True,
        "tool",
    ),
    Command(
        "merge_objects", translatable("Merge the objects"), OBJECTS, ("Shift+M",), "merge", ("label",), _object_edits
    ),
    Command(
        "delete_objects", translatable("Delete the objects"), OBJECTS, ("Del",), "trash", ("label",), _object_edits
    ),
    Command(
        "class_of_objects",
        translatable("Give the objects the class that is painted"),
        OBJECTS,
        ("Shift+C",),
        "",
        ("label",),
        _object_edits,
    ),
    Command("renumber_objects", translatable("Number the objects anew"), OBJECTS, (), "", ("label",), _object_edits),
    Command("next_class", translatable("Next class"), CLASSES, (".",), "", ("label",), _painted_classes),
    Command("previous_class", translatable("Previous class"), CLASSES, (",",), "", ("label",), _painted_classes),
    *(
        Command(f"class_{n}", translatable("Class of the digit"), CLASSES, (str(n),), "", ("label",), _painted_classes)
        for n in range(1, 10)
    ),
    Command("background", translatable("Background"), CLASSES, ("0",), "", ("label",), _painted_classes),
    Command(
        "unlabelled",
        translatable("Unlabelled: never learnt, never scored"),
        CLASSES,
        ("Shift+K",),
        "",
        ("label",),
        _painted_classes,
    ),
    *(
        Command(
            f"label_{n}",
            translatable("This image is of the digit's class"),
            CLASSES,
            (str(n),),
            "",
            ("classify",),
            _labelling,
        )
        for n in range(1, 10)
    ),
    Command(
        "unlabel", translatable("This image has no class"), CLASSES, ("0", "Backspace"), "", ("classify",), _labelling
    ),
    Command(
        "lock_class", translatable("Lock or unlock the class"), CLASSES, ("K",), "lock", ("label",), _painted_classes
    ),
    Command("add_class", translatable("Add a class"), CLASSES, (), "plus", ("label",), _writable),
    Command("next_item", translatable("Next item"), ITEMS, ("D",), "arrow-right", (), _project),
    Command("previous_item", translatable("Previous item"), ITEMS, ("A",), "arrow-left", (), _project),
    Command("next_todo", translatable("Next item to do"), ITEMS, ("Ctrl+Shift+D",), "", (), _project),
    Command("previous_todo", translatable("Previous item to do"), ITEMS, ("Ctrl+Shift+A",), "", (), _project),
    Command(
        "find_item", translatable("Find an item"), ITEMS, ("Ctrl+P",), "search", ("data", "label", "classify"), _project
    ),
    Command("set_train", translatable("Put into the training set"), ITEMS, ("T",), "", ("data",), _writable),
    Command("set_val", translatable("Put into the validation set"), ITEMS, ("V",), "", ("data",), _writable),
    Command("set_test", translatable("Put into the test set"), ITEMS, ("E",), "", ("data",), _writable),
    Command("set_none", translatable("Take out of the sets"), ITEMS, ("U",), "", ("data",), _writable),
    Command("divide", translatable("Divide the items into sets"), ITEMS, (), "", ("data",), _writable),
    Command("remove_items", translatable("Remove from the project…"), ITEMS, ("Del",), "trash", ("data",), _writable),
    Command(
        "approve", translatable("Approve and next"), ITEMS, ("Ctrl+Return", "Ctrl+Enter"), "check", _SEEN, _writable
    ),
    Command("flag", translatable("Flag"), ITEMS, ("Ctrl+M",), "flag", _SEEN, _writable),
    Command("reject", translatable("Reject"), ITEMS, ("Ctrl+Backspace",), "x", ("review",), _writable),
    Command("correct", translatable("Correct in Label"), ITEMS, ("E",), "brush", ("review",), _painting),
    Command("next_difference", translatable("Next difference"), ITEMS, (".", "]"), "", ("review",), _prediction),
    Command(
        "previous_difference", translatable("Previous difference"), ITEMS, (",", "["), "", ("review",), _prediction
    ),
    Command("keep_mine", translatable("Keep mine"), ITEMS, ("1",), "", ("review",), _prediction),
    Command("take_model", translatable("Take the model's"), ITEMS, ("2",), "", ("review",), _take),
    Command("use_prediction", translatable("Use the prediction as mask"), ITEMS, ("Ctrl+U",), "copy", _SEEN, _take),
    Command(
        "use_prediction_class",
        translatable("Use the prediction of this class"),
        ITEMS,
        ("Ctrl+Shift+U",),
        "copy",
        _SEEN,
        _take_class,
    ),
    Command("train", translatable("Train, or stop the training"), LEARN, ("Ctrl+T",), "play", (), _train),
    Command("run_study", translatable("Run the study"), LEARN, (), "play", ("classify",), _study),
    Command("train_next", translatable("Train it afterwards"), LEARN, (), "plus", ("train",), _train_next),
    Command("pause", translatable("Pause or go on"), LEARN, ("Ctrl+Shift+P",), "pause", (), _training),
    Command("stop", translatable("Stop, keep the best"), LEARN, ("Ctrl+Shift+T",), "stop", (), _training),
    Command(
        "resume_run",
        translatable("Go on with this run from its last checkpoint"),
        LEARN,
        (),
        "play",
        ("train",),
        _resume,
    ),
    Command(
        "use_run",
        translatable("Show the predictions of this run, and fine-tune from it"),
        LEARN,
        (),
        "",
        ("train",),
        _project,
    ),
    Command(
        "export_model",
        translatable("Write the network as one file that works without the project"),
        LEARN,
        (),
        "export",
        ("train",),
        _project,
    ),
    Command(
        "use_augmentation",
        translatable("Use this augmentation for the next run"),
        LEARN,
        (),
        "",
        ("augment",),
        _writable,
    ),
    Command(
        "resample", translatable("Other samples of the augmentation"), LEARN, (), "shuffle", ("augment",), _project
    ),
    Command("predict_item", translatable("Predict this item"), LEARN, ("Ctrl+R",), "target", (), _run),
    Command("predict_set", translatable("Predict the set shown"), LEARN, (), "target", ("review", "classify"), _run),
    Command("explain_here", translatable("Explain here"), LEARN, ("H",), "question", ("review",), _explained),
    Command("predict_all", translatable("Predict all items"), LEARN, ("Ctrl+Shift+R",), "target", (), _run),
    Command("write_report", translatable("Report of the run in use…"), LEARN, (), "export", (), _run),
    Command("shortcuts", translatable("Keys and mouse"), HELP, ("F1",), "keyboard"),
    Command("dice_by_hand", translatable("Dice by hand…"), HELP, (), "grid"),
    Command("tasks_compared", translatable("Classes and masks…"), HELP, (), "question"),
    Command("log_folder", translatable("Open the log's folder"), HELP, (), "folder"),
    Command("about", translatable("About Contorno"), HELP, (), "info"),
)


class Commands(QObject):
    """The table as QActions of a window. Whoever can do a command connects to it, and the tab in front gets it; `refresh` dims what cannot be used now."""

    def __init__(self, window: QWidget, session: "ProjectSession", trainings: "TrainingRunner") -> None:
        super().__init__(window)
        self._session, self._trainings = session, trainings
        self._tab = TABS[0]
        self._actions: dict[str, QAction] = {}
        self._dispatchers: dict[str, _Dispatcher] = {}
        self._states: dict[str, CommandState] = {}  # as they are shown
        for command in TABLE:
            action = QAction(tr(command.text), self)
            action.setObjectName(command.id)
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
            self._dispatchers[command.id] = _Dispatcher(self)
            action.triggered.connect(self._dispatchers[command.id].run)
        for signal in (
            session.project_changed,
            session.items_changed,
            session.current.glimpse_came,
            session.current.image_changed,
            session.current.item_changed,
            session.current.history_changed,
        ):
            signal.connect(self.refresh)
        for signal in (session.predictions.prediction_changed, session.active_class_changed):
            signal.connect(self.refresh)
        trainings.training_changed.connect(self.refresh)
        self.connect_to(  # what is done by a service alone, and looks the same from every tab
            undo=session.current.undo,
            redo=session.current.redo,
            train=trainings.start_or_stop,
            train_next=trainings.start_next,
            pause=trainings.toggle_pause,
            stop=trainings.stop,
            predict_item=trainings.runs.predict_open_item,
            predict_all=trainings.runs.predict_all,
        )
        settings.watch().keys_changed.connect(self._take_keys)
        self._take_keys()

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def actions(self, *ids: str) -> list[QAction]:
        """The actions of these commands."""
        return [self._actions[id] for id in ids]

    def connect_to(self, tab: str = "", /, **handlers: Callable[[], object]) -> None:
        """Give commands, by id, what does them: while `tab` is in front, or, without one, wherever a tab has nothing of its own."""
        for id, handler in handlers.items():
            doers = self._dispatchers[id].handlers.setdefault(tab, [])
            if handler not in doers:  # who says it twice is asked once
                doers.append(handler)

    def is_handled(self, id: str) -> bool:
        """Whether the command does anything while the tab in front is there."""
        return bool(self._dispatchers[id].in_front())

    @property
    def tab(self) -> str:
        """The tab in front."""
        return self._tab

    def show_tab(self, tab: str) -> None:
        """Commands of other tabs are off; their keys are free for this one's."""
        self._tab = tab
        self.refresh()

    @Slot()
    def _take_keys(self) -> None:
        """The keys in force are the actions'."""
        found = keys.load().in_force(TABLE)
        for id, action in self._actions.items():
            action.setShortcuts([QKeySequence(key) for key in found[id]])
        self._states.clear()  # tool tips name the keys
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Enable what can be done now, and say of the others why not; undo and redo say what they would take back or do again."""
        about = self._steps_of_history()
        for command in TABLE:
            here = not command.tabs or self._tab in command.tabs
            why = command.why(self._session, self._trainings) if here else ""
            state = CommandState(here and not why, why, about.get(command.id, ""))
            if self._states.get(command.id) != state:  # few change at once, and a stroke asks for it
                self._states[command.id] = state
                self._show_state(command, state)

    def why_not(self, keys: QKeySequence) -> str:
        """Why the command of these keys cannot be given now; "" where it can, or where there is none."""
        found = (id for id, state in self._states.items() if state.why and keys in self._actions[id].shortcuts())
        return next((tr(self._states[id].why) for id in found), "")

    def _steps_of_history(self) -> dict[str, str]:
        current = self._session.current
        history = current.history()
        done = next((entry.name for entry in reversed(history) if not entry.undone), "")
        undone = next((entry.name for entry in history if entry.undone), "")
        return {
            "undo": current.unfinished or translate_stored(done),
            "redo": current.taken_back or translate_stored(undone),
        }

    def _show_state(self, command: Command, state: CommandState) -> None:
        action = self._actions[command.id]
        action.setEnabled(state.enabled)
        text = tr(command.text)
        if state.about:
            text = f"{text}: {state.about}"
        action.setText(text)
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        words = text + (f"  {key}" if key else "") + (f"\n{tr(state.why)}" if state.why else "")
        action.setToolTip(tip(words) if state.about else words)


class _Dispatcher(QObject):
    """Gives one command to the tab in front. It holds the handlers for as long as the commands live: a plain lambda on a signal
    would keep windows alive."""

    def __init__(self, commands: Commands) -> None:
        super().__init__(commands)
        self._commands = commands
        self.handlers: dict[str, list[Callable[[], object]]] = {}  # by tab, "" for every other

    def in_front(self) -> list[Callable[[], object]]:
        return self.handlers.get(self._commands.tab) or self.handlers.get("", [])

    @Slot()
    def run(self) -> None:
        for handler in list(self.in_front()):
            handler()
