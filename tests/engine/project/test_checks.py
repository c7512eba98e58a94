from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from engine.labels.classes import UNLABELLED, parse_classes
from engine.progress import Notice, Progress, result_of
from engine.project.checks import Finding, MaskValues, check, mask_values
from engine.project.items import Item
from engine.project.layers import pack
from engine.project.likely_masks import LIKE_A_MASK, LIKE_A_SHEET
from engine.project.project import Project

MakeItem = Callable[..., Item]


def _found(project: Project) -> dict[str, Finding]:
    findings = [
        found for found in result_of(check(project)) if found.kind != "empty_set"
    ]  # few items fill no three sets
    kinds = {finding.kind: finding for finding in findings}
    assert len(kinds) == len(findings)
    assert all("{" not in finding.text for finding in findings)
    return kinds


def _add(project: Project, item: Item, value: int | None = 1) -> int:
    kept = project.items.add(item)
    if value is not None:
        labels = np.zeros(item.shape, np.uint8)
        labels[0, 3:9, 3:9] = value
        project.layers.replace(project.layers.make(kept.id), pack(labels), range(item.shape[0]))
    return kept.id


def test_sound_project_has_no_findings(project: Project, make_item: MakeItem) -> None:
    for number in range(4):
        _add(project, make_item(f"i{number}", split="train", patient=f"p{number}"), number % 2 + 1)
    assert _found(project) == {}
    steps = [event for event in check(project) if isinstance(event, Progress)]
    assert [step.done for step in steps] == [0, 1, 2, 3] * 2 and steps[0].total == 4  # masks, then images


def test_sets_that_nobody_is_in(project: Project, make_item: MakeItem) -> None:
    ids = [_add(project, make_item(f"i{number}", split="train"), number % 2 + 1) for number in range(3)]

    def said() -> list[tuple[str, str]]:
        return [(one.level, one.text) for one in result_of(check(project)) if one.kind == "empty_set"]

    (val, test) = said()
    assert val == ("look", "The validation set is empty: the best epoch cannot be told.")
    assert test[0] == "look" and test[1].startswith("The test set is empty")
    project.items.set_splits({ids[0]: "val", ids[1]: "test"})
    assert said() == []
    project.items.set_splits({ids[2]: "val"})
    assert said() == [("wrong", "The training set is empty: nothing can be learnt.")]
    project.items.set_splits(dict.fromkeys(ids, ""))
    assert said() == [], "there is another finding for that"


def test_patients_in_several_sets(project: Project, make_item: MakeItem) -> None:
    a = _add(project, make_item("a", split="train", patient="p"))
    b = _add(project, make_item("b", split="test", patient="p"), 2)
    _add(project, make_item("c", split="test", patient="q"))
    found = _found(project)
    assert set(found) == {"leak", "unlearnt"}
    assert found["leak"].level == "wrong" and found["leak"].items == (a, b)
    assert found["leak"].text == "Patient p is in more than one set: test, train."


def test_duplicates_within_and_across_sets(project: Project, make_item: MakeItem) -> None:
    a = _add(project, make_item("a", content=b"same", split="train"))
    b = _add(project, make_item("b", content=b"same", split="train"), 2)
    found = _found(project)
    assert set(found) == {"duplicate"}
    assert found["duplicate"].level == "look" and found["duplicate"].items == (a, b)
    project.items.set_splits({b: "test"})
    assert _found(project)["duplicate"].level == "wrong"
    assert "a, b" in _found(project)["duplicate"].text


def test_images_that_differ_by_noise_alone(project: Project, make_item: MakeItem) -> None:
    draw = np.random.default_rng(0)
    shown = cv2.GaussianBlur(draw.normal(120, 400, (40, 60)), (0, 0), 3).clip(0, 255).astype(np.uint8)
    pictures = [shown, shown + draw.integers(0, 2, shown.shape, np.uint8), shown[::-1].copy()]
    ids = []
    for number, picture in enumerate(pictures):
        data = cv2.imencode(".png", picture)[1].tobytes()
        ids.append(_add(project, make_item(f"i{number}", content=data, split="train"), number % 2 + 1))
    found = _found(project)
    assert set(found) == {"twins"} and found["twins"].level == "look" and found["twins"].items == (ids[0], ids[1])
    project.items.set_splits({ids[1]: ""})
    assert _found(project)["twins"].level == "look", "who is in no set is learnt nowhere"
    project.items.set_splits({ids[1]: "test"})
    assert _found(project)["twins"].level == "wrong"
    assert _found(project)["twins"].text.endswith("stand in different sets: i0, i1.")


def test_one_patient_for_all(project: Project, make_item: MakeItem) -> None:
    ids = [_add(project, make_item(f"i{n}", split="train", patient="ANON"), n % 2 + 1) for n in range(3)]
    found = _found(project)
    assert set(found) == {"one_patient"} and found["one_patient"].items == tuple(ids)
    project.items.set_splits({ids[2]: "test"})
    assert set(_found(project)) == {"one_patient"}, "no other division is better"
    _add(project, make_item("other", split="train", patient="q"))
    assert set(_found(project)) == {"leak"}


def test_what_is_probably_no_scan(project: Project, make_item: MakeItem) -> None:
    for number in range(2):
        _add(project, make_item(f"i{number}", split="train"), number % 2 + 1)
    mask = _add(project, make_item("seg", split="train", notes=(Notice(LIKE_A_MASK, {"name": "i0"}),)))
    sheet = _add(project, make_item("sheet", split="train", notes=(Notice(LIKE_A_SHEET),)))
    found = _found(project)
    assert set(found) == {"no_scan"} and found["no_scan"].items == (mask, sheet)


def test_values_of_masks_are_read_once(project: Project, make_item: MakeItem) -> None:
    a = _add(project, make_item("a"), 2)
    b = _add(project, make_item("b"), 255)
    _add(project, make_item("c"), None)
    assert result_of(mask_values(project)) == {a: (0, 2), b: (0, 255)}
    assert result_of(mask_values(project, (a,))) == {b: (0, 255)}
    told = [event for event in mask_values(project) if isinstance(event, MaskValues)]
    assert [event.values for event in told] == [{a: (0, 2), b: (0, 255)}]


def test_files_that_are_gone_and_items_without_a_set(project: Project, make_item: MakeItem) -> None:
    a = _add(project, make_item("a"))
    b = _add(project, make_item("b", split="train"), 2)
    Path(project.items.get(b).source.files[0]).unlink()
    found = _found(project)
    assert set(found) == {"missing", "unsplit", "unlearnt"}
    assert found["missing"].items == (b,) and found["unsplit"].items == (a,)


def test_odd_sizes_and_colours(project: Project, make_item: MakeItem) -> None:
    ids = [_add(project, make_item(f"i{n}", split="train", shape=(1, 40, 60)), n % 2 + 1) for n in range(4)]
    small = _add(project, make_item("small", split="train", shape=(1, 15, 19)))
    large = _add(project, make_item("large", split="train", shape=(1, 40, 181), color=True))
    found = _found(project)
    assert set(found) == {"size", "color"}
    assert found["size"].items == (small, large)
    assert found["color"].items == (large,)
    project.items.remove([small])
    for id in ids[1:]:
        project.items.remove([id])
    assert set(_found(project)) == {"absent"}, "two items are too few to say what is usual"


def test_rarer_of_grey_and_colour_is_named(project: Project, make_item: MakeItem) -> None:
    grey = _add(project, make_item("grey", split="train"))
    for number in range(3):
        _add(project, make_item(f"c{number}", split="train", color=True), 2)
    assert _found(project)["color"].items == (grey,)


def test_masks_empty_unknown_and_without(project: Project, make_item: MakeItem) -> None:
    empty = _add(project, make_item("empty", split="train"), 0)
    unknown = _add(project, make_item("unknown", split="train"), 7)
    without = _add(project, make_item("without", split="train"), None)
    _add(project, make_item("good", split="train"), 1)
    found = _found(project)
    assert set(found) == {"empty", "values", "unmasked", "absent"}
    assert found["empty"].items == (empty,)
    assert found["values"].items == (unknown,) and found["values"].level == "wrong"
    assert found["unmasked"].items == (without,)
    assert found["absent"].text == "No mask holds the class heart."


def test_volumes_that_are_labelled_in_part(project: Project, make_item: MakeItem) -> None:
    half = _add(project, make_item("half", split="train", shape=(20, 40, 60)), None)
    labels = np.zeros((20, 40, 60), np.uint8)
    labels[4, :9], labels[4, 9:19] = 1, 2
    project.layers.replace(project.layers.make(half), pack(labels), (2, 4, 9))
    found = _found(project)
    assert set(found) == {"half"} and found["half"].items == (half,) and found["half"].level == "look"
    assert found["half"].text == "1 volume: 3 of 20 slices are labelled; the others are neither learnt nor scored."
    other = _add(project, make_item("other", split="train", shape=(5, 40, 60)), None)
    project.layers.replace(project.layers.make(other), pack(labels[:5]))
    assert _found(project)["half"].text.startswith("2 volumes: 4 of 25 slices are labelled;")


def test_unlabelled_pixels_are_named_and_are_no_class(project: Project, make_item: MakeItem) -> None:
    void = _add(project, make_item("void", split="train"), 255)
    for value in (1, 2):
        _add(project, make_item(f"i{value}", split="train"), value)
    found = _found(project)
    assert set(found) == {"void", "empty"} and found["void"].items == found["empty"].items == (void,)
    assert found["void"].text == "1 mask has unlabelled pixels: they are neither learnt nor scored."


def test_a_mask_of_unlabelled_pixels_alone_is_not_called_empty(project: Project, make_item: MakeItem) -> None:
    for value in (1, 2):
        _add(project, make_item(f"i{value}", split="train"), value)
    whole = _add(project, make_item("whole", split="train"), None)
    project.layers.replace(project.layers.make(whole), pack(np.full((1, 40, 60), UNLABELLED, np.uint8)))
    part = _add(project, make_item("part", split="train", shape=(3, 40, 60)), None)
    labels = np.zeros((3, 40, 60), np.uint8)
    labels[1] = UNLABELLED
    project.layers.replace(project.layers.make(part), pack(labels), (1,))
    for findings in (result_of(check(project)), result_of(check(project, result_of(mask_values(project))))):
        found = {finding.kind: finding for finding in findings}
        assert "empty" not in found and "void" not in found
        assert found["void_alone"].items == (whole, part) and found["void_alone"].level == "look"
        assert found["void_alone"].text == "2 masks hold only unlabelled pixels: nothing of them is learnt or scored."


def test_class_that_the_training_set_does_not_show(project: Project, make_item: MakeItem) -> None:
    _add(project, make_item("a", split="train"))
    _add(project, make_item("b", split="test"), 2)
    assert _found(project)["unlearnt"].text == "The training set has no example of heart: it is not learnt."
    rejected = _add(project, make_item("c", split="train", state="rejected"), 2)
    assert "unlearnt" in _found(project)
    project.items.set_state(rejected, "todo")
    assert _found(project) == {}


def test_project_without_masks_says_so_once(project: Project, make_item: MakeItem) -> None:
    for name in "ab":
        _add(project, make_item(name, split="train"), None)
    assert set(_found(project)) == {"unmasked"}
    project.items.remove([item.id for item in project.items.all()])
    assert _found(project) == {}


def test_classification_without_classes(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "x", "classification", parse_classes("a,b")) as project:
        project.items.add(make_item("a", split="train", label=0))
        bare = project.items.add(make_item("b", split="train"))
        found = _found(project)
        assert set(found) == {"unlabelled", "absent"} and found["unlabelled"].items == (bare.id,)
        assert found["absent"].text == "No item is of the class b."
        other = project.items.add(make_item("c", split="test", label=1))
        assert _found(project)["unlearnt"].text == "The training set has no example of b: it is not learnt."
        project.items.set_splits({other.id: "train"})
        assert set(_found(project)) == {"unlabelled"}
        project.items.set_labels({bare.id: 1})
        assert _found(project) == {}


def test_one_is_counted_as_one(project: Project, make_item: MakeItem) -> None:
    _add(project, make_item("empty"), 0)
    _add(project, make_item("bare"), None)
    found = _found(project)
    assert found["unsplit"].text == "2 items are in no set."
    assert found["empty"].text == "1 mask is empty."
    assert found["unmasked"].text == "1 item has no mask."
    assert found["absent"].text.startswith("No mask holds any of the classes ")


def test_of_dozens_of_classes_the_first_are_named(project: Project, make_item: MakeItem) -> None:
    project.set_classes(parse_classes(",".join(f"c{number}" for number in range(1, 41))))
    _add(project, make_item("a"), 1)
    text = _found(project)["absent"].text
    assert text.endswith(f"{', '.join(f'c{number}' for number in range(2, 14))}, … (+27).")


def test_masks_that_are_known_are_not_read_again(project: Project, make_item: MakeItem) -> None:
    a = _add(project, make_item("a", split="train", patient="p"))
    b = _add(project, make_item("b", split="train", patient="q"), 2)
    before = {finding.kind for finding in result_of(check(project))}
    told = {finding.kind: finding.items for finding in result_of(check(project, {a: (0,), b: (0, 2, 9)}))}
    assert {kind: items for kind, items in told.items() if kind not in before} == {
        "empty": (a,),
        "values": (b,),
        "absent": (),
    }


def test_one_image_of_two_classes_is_named(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "c", "classification", parse_classes("a,b")) as project:
        for name, label in (("x", 0), ("y", 1), ("z", None)):
            project.items.add(make_item(name, hash="same", label=label))
        found = _found(project)
        assert found["contradiction"].level == "wrong"
        assert found["contradiction"].text == "The same image is of different classes: x, y, z."
