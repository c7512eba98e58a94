import os
import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import EngineError, NotReadable
from engine.imaging.hounsfield import BY_VALUES
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.progress import Notice, result_of
from engine.project.items import Item, content_hash
from engine.project.project import Project

MakeItem = Callable[..., Item]


def test_item_comes_back_as_it_was(project: Project, make_item: MakeItem) -> None:
    item = make_item(
        "ct",
        shape=(9, 40, 60),
        spacing=(2.5, 0.7, 0.7),
        color=True,
        modality="CT",
        patient="p1",
        split="val",
        state="flagged",
        label=1,
        calibrated=True,
        notes=(
            Notice("A slice is missing after {z:.1f} mm.", {"z": 2.5}),
            Notice("é"),
            Notice("by {what}", {"what": Notice("{n:.1f} mm", {"n": 2.0})}),
        ),
    )
    kept = project.items.add(item)
    assert kept == replace(item, id=kept.id) == project.items.get(kept.id) == project.items.named("ct")
    assert project.items.count() == 1


def test_names_that_are_taken_get_a_number(project: Project, make_item: MakeItem) -> None:
    names = [project.items.add(make_item("a", folder=f"f{n}")).name for n in range(3)]
    assert names == ["a", "a (2)", "a (3)"]


def test_unknown_items_are_refused(project: Project) -> None:
    with pytest.raises(EngineError, match="number 7"):
        project.items.get(7)
    with pytest.raises(EngineError, match="no item x"):
        project.items.named("x")


def test_many_items_are_one_query(project: Project, make_item: MakeItem) -> None:
    ids = [project.items.add(make_item(name)).id for name in "abcd"]
    said: list[str] = []
    project._store._db.set_trace_callback(said.append)
    assert [item.id for item in project.items.those(ids[::-1])] == ids[::-1] and len(said) == 1
    assert project.items.those([]) == [] and project.items.those(ids[:1]) == [project.items.get(ids[0])]
    with pytest.raises(EngineError, match="no item number 99"):
        project.items.those([ids[0], 99])


def test_items_of_a_set(project: Project, make_item: MakeItem) -> None:
    a, b, c = (project.items.add(make_item(name)) for name in "abc")
    project.items.set_splits({a.id: "train", b.id: "test", c.id: "train"})
    assert [item.name for item in project.items.all("train")] == ["a", "c"]
    assert [item.name for item in project.items.all("test")] == ["b"]
    assert project.items.all("val") == project.items.all("") == []
    assert len(project.items.all()) == 3


def test_what_is_set_is_kept(project: Project, make_item: MakeItem) -> None:
    item = project.items.add(make_item("a"))
    project.items.set_state(item.id, "done")
    project.items.set_labels({item.id: 1})
    assert project.items.get(item.id) == replace(item, state="done", label=1)
    project.items.set_labels({item.id: None})
    assert project.items.get(item.id).label is None


def test_a_state_has_its_reason_until_it_is_taken_back(project: Project, make_item: MakeItem) -> None:
    a, b = (project.items.add(make_item(name)) for name in "ab")
    project.items.set_state(a.id, "rejected", "moved while breathing")
    assert [(item.state, item.comment) for item in project.items.all()] == [
        ("rejected", "moved while breathing"),
        ("todo", ""),
    ]
    project.items.set_state(a.id, "flagged", "ask the surgeon")
    assert project.items.get(a.id).comment == project.items.named("a").comment == "ask the surgeon"
    with Project.open(project.path, write=False) as other:
        assert other.items.get(a.id) == replace(a, state="flagged", comment="ask the surgeon")
    project.items.set_state(a.id, "todo")
    assert project.items.get(a.id) == a
    project.items.set_state(b.id, "rejected", "gone")
    project.items.remove([b.id])
    assert project.items.add(make_item("c")).comment == ""


def test_removed_item_takes_its_layers_along_but_not_its_file(project: Project, make_item: MakeItem) -> None:
    item = project.items.add(make_item("a"))
    project.layers.make(item.id)
    project.items.remove([item.id])
    assert project.items.all() == [] and project.layers.of_item(item.id) == []
    assert Path(item.source.files[0]).exists()


def test_number_of_a_removed_item_is_not_given_again(project: Project, make_item: MakeItem) -> None:
    """A prediction that is still under way would land on the new one."""
    item = project.items.add(make_item("a"))
    project.items.remove([item.id])
    assert project.items.add(make_item("b")).id != item.id


def test_group_is_the_patient_or_the_item(project: Project, make_item: MakeItem) -> None:
    a, b = project.items.add(make_item("a", patient="p")), project.items.add(make_item("b"))
    assert a.group == "p" and str(b.id) in b.group


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
def test_file_names_that_are_no_text(project: Project, make_item: MakeItem, tmp_path: Path) -> None:
    file = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \n.png")
    Path(file).write_bytes(b"cafe")
    kept = project.items.add(replace(make_item("cafe"), source=Source((file,), "raster")))
    assert project.items.get(kept.id).source.files == (file,)
    assert project.items.get(kept.id).files() == (file,)
    os.rename(file, tmp_path / "elsewhere")
    with pytest.raises(NotReadable, match="not where it was"):
        project.items.get(kept.id).files()


def test_series_of_several_files(project: Project, make_item: MakeItem, tmp_path: Path) -> None:
    files = tuple(str(tmp_path / f"slice{n}.dcm") for n in range(3))
    for file in files:
        Path(file).write_text(file)
    kept = project.items.add(replace(make_item("ct"), source=Source(files, "dicom"), hash=content_hash(files)))
    assert project.items.get(kept.id).source == Source(files, "dicom")
    Path(files[1]).unlink()
    assert [item.name for item in project.items.missing()] == ["ct"]


def test_images_on_another_drive_keep_their_whole_path(
    project: Project, make_item: MakeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_way(*_: object) -> str:
        raise ValueError("path is on mount 'D:'")

    item = make_item("a")
    with monkeypatch.context() as patch:
        patch.setattr(os.path, "relpath", no_way)
        kept = project.items.add(item)
    assert project.items.get(kept.id).files() == item.source.files


def test_project_and_images_move_together(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "here" / "scans", "multiclass", parse_classes("a")) as project:
        item = make_item("a")
        (tmp_path / "images").rename(tmp_path / "here" / "images")
        file = str(tmp_path / "here" / "images" / "a.png")
        project.items.add(replace(item, source=Source((file,), "raster")))
    (tmp_path / "here").rename(tmp_path / "there")
    with Project.open(tmp_path / "there" / "scans") as project:
        assert project.items.all()[0].files() == (str(tmp_path / "there" / "images" / "a.png"),)
        assert project.items.missing() == []


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
def test_project_opened_through_a_link_finds_its_images(tmp_path: Path, make_item: MakeItem) -> None:
    (tmp_path / "far" / "away").mkdir(parents=True)
    with Project.create(tmp_path / "far" / "away" / "scans", "multiclass", parse_classes("a")) as project:
        project.items.add(make_item("a"))
    (tmp_path / "scans.contorno").symlink_to(project.path)
    with Project.open(tmp_path / "scans.contorno") as linked:
        assert linked.items.missing() == []
        linked.items.add(make_item("b"))
    with Project.open(project.path) as again:
        assert again.items.missing() == []


def test_moved_files_are_found_again(project: Project, make_item: MakeItem, tmp_path: Path) -> None:
    for name in "abc":
        project.items.add(make_item(name))
    assert result_of(project.items.find_moved(tmp_path)) == 0
    away = tmp_path / "backup" / "2024"
    away.mkdir(parents=True)
    for name in "ab":
        shutil.move(tmp_path / "images" / f"{name}.png", away)
    (tmp_path / "backup" / "a.png").write_text("another image of that name")
    assert [item.name for item in project.items.missing()] == ["a", "b"]
    assert result_of(project.items.find_moved(tmp_path / "backup")) == 2
    assert project.items.missing() == []
    assert project.items.named("a").files() == (str(away / "a.png"),)


def test_another_image_at_the_same_place_is_refused_until_the_right_one_is_found(
    project: Project, make_item: MakeItem, tmp_path: Path
) -> None:
    item = project.items.add(make_item("a"))
    (tmp_path / "moved").mkdir()
    shutil.move(item.source.files[0], tmp_path / "moved" / "a.png")
    Path(item.source.files[0]).write_bytes(b"b")
    with pytest.raises(NotReadable, match="a is another image than the one imported") as fault:
        item.present()
    assert "Find moved images" in fault.value.advice
    assert result_of(project.items.find_moved(tmp_path)) == 1
    assert project.items.get(item.id).present().files == (str(tmp_path / "moved" / "a.png"),)
    assert result_of(project.items.find_moved(tmp_path)) == 0


def test_names_are_found_again_after_a_copy_that_takes_accents_apart(
    project: Project, make_item: MakeItem, tmp_path: Path
) -> None:
    files = tuple(str(tmp_path / "t\u00f3rax" / f"se\u00f1al {n}.dcm") for n in range(2))
    (tmp_path / "t\u00f3rax").mkdir()
    for file in files:
        Path(file).write_text(file)
    project.items.add(replace(make_item("ct"), source=Source(files, "dicom"), hash=content_hash(files)))
    (tmp_path / "copy").mkdir()
    moved = tuple(str(tmp_path / "copy" / unicodedata.normalize("NFD", Path(file).name)) for file in files)
    for old, new in zip(files, moved, strict=True):
        os.rename(old, new)
    assert result_of(project.items.find_moved(tmp_path / "copy")) == 1
    assert project.items.named("ct").files() == moved


@pytest.mark.parametrize(
    ("old", "new"), [("set/p{n}/t1", "copy/p{n}/t1"), ("p{n}", "x/y/p{n}"), ("set/p{n}", "{n}/set/p{n}")]
)
def test_of_equal_files_each_is_found_where_its_folders_say(
    project: Project, make_item: MakeItem, tmp_path: Path, old: str, new: str
) -> None:
    """The nearest one is looked at first: of thousands of one name not every other one is."""
    for n in range(3):
        file = tmp_path / old.format(n=n) / "scan.png"
        file.parent.mkdir(parents=True)
        file.write_text("the same in all")
        source = Source((str(file),), "raster")
        project.items.add(replace(make_item(f"i{n}"), source=source, hash=content_hash(source.files)))
    for n in range(3):
        place = tmp_path / "there" / new.format(n=n)
        place.mkdir(parents=True)
        (tmp_path / old.format(n=n) / "scan.png").rename(place / "scan.png")
    assert result_of(project.items.find_moved(tmp_path / "there")) == 3
    found = [Path(item.source.files[0]).parent for item in project.items.all()]
    assert found == [tmp_path / "there" / new.format(n=n) for n in range(3)]


def test_changed_files_are_not_taken_for_moved_ones(project: Project, make_item: MakeItem, tmp_path: Path) -> None:
    item = project.items.add(make_item("a"))
    Path(item.source.files[0]).unlink()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "a.png").write_text("another image of that name")
    assert result_of(project.items.find_moved(tmp_path / "new")) == 0


def test_moved_series_is_found_with_all_its_files(project: Project, make_item: MakeItem, tmp_path: Path) -> None:
    files = [tmp_path / "ct" / part / "1.dcm" for part in ("a", "b")]
    for file in files:
        file.parent.mkdir(parents=True)
        file.write_text(str(file))
    texts = tuple(map(str, files))
    project.items.add(replace(make_item("ct"), source=Source(texts, "dicom"), hash=content_hash(texts)))
    (tmp_path / "ct").rename(tmp_path / "moved")
    assert result_of(project.items.find_moved(tmp_path)) == 1
    assert project.items.named("ct").files() == tuple(t.replace("/ct/", "/moved/") for t in texts)


def test_fingerprint_sees_every_part_of_a_small_file(tmp_path: Path) -> None:
    file, content = tmp_path / "x", bytearray(3 << 20)
    seen = set()
    for place in (None, 0, 1 << 20, (3 << 20) - 1):
        changed = bytearray(content)
        if place is not None:
            changed[place] = 1
        file.write_bytes(changed)
        seen.add(content_hash([str(file)]))
    assert len(seen) == 4


def test_fingerprint_tells_stripped_brains_apart(tmp_path: Path) -> None:
    """Volumes of one size, with the same header and nothing but zeros at both ends."""
    seen = set()
    for value in (1, 2):
        file = tmp_path / str(value)
        with file.open("wb") as stream:
            stream.truncate(32 << 20)
            stream.seek(10 << 20)
            stream.write(bytes([value]) * (12 << 20))
        seen.add(content_hash([str(file)]))
    assert len(seen) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes there")
def test_fingerprint_never_waits_for_a_pipe(project: Project, make_item: MakeItem, tmp_path: Path) -> None:
    item = project.items.add(make_item("a"))
    Path(item.source.files[0]).unlink()
    os.mkfifo(tmp_path / "a.png")
    assert result_of(project.items.find_moved(tmp_path)) == 0


def test_fingerprint_depends_on_the_place_within_and_on_the_order(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    assert len({content_hash([a]), content_hash([a], "train:1"), content_hash([a, b]), content_hash([b, a])}) == 4


def test_known_images_are_noticed(project: Project, make_item: MakeItem) -> None:
    item = project.items.add(make_item("a"))
    assert project.items.known() == {(Path(item.source.files[0]).name, item.hash, ""): item}


def test_modality_that_is_said_is_no_guess_any_more(project: Project, make_item: MakeItem) -> None:
    guess, other = Notice(BY_VALUES, {"low": -1000.0}), Notice("Odd.")
    made = [project.items.add(make_item(name, modality="CT", notes=(guess, other))) for name in "ab"]
    assert [item.guessed for item in made] == [True, True]
    project.items.set_modality([made[0].id], "mr ")
    first, second = project.items.all()
    assert (first.modality, first.notes, first.guessed) == ("MR", (other,), False) and second == made[1]
    project.items.put_back_modality(made)
    assert project.items.all() == made
