import os
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from engine.errors import NotReadable
from engine.formats import nifti
from engine.imaging.files import display_name, item_name
from engine.imaging.geometry import from_nifti
from engine.imaging.image import Source
from engine.imaging.read import read_image
from engine.imaging.scan import Found, Scan, scan, told_apart
from engine.progress import Progress

Run = Callable[..., Scan]


def picture(path: Path, value: int = 7) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        Pillow.fromarray(np.full((4, 6), value, np.uint8)).save(file, "PNG")
    return path


def test_folders_are_walked_to_the_bottom_and_what_is_no_image_is_passed_over(tmp_path: Path, run_scan: Run) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "deep" / "er.dcm" / "b.png")
    picture(tmp_path / ".hidden" / "c.png")
    picture(tmp_path / "deep" / "@eaDir" / "thumb.png")
    picture(tmp_path / "__MACOSX" / "a.png")
    picture(tmp_path / "own.contorno" / "images" / "d.png")
    for name in (".DS_Store", "Thumbs.db", "README", "notes.txt", "index.csv", "._a.png"):
        (tmp_path / name).write_bytes(b"x")
    result = run_scan(tmp_path)
    assert [(one.name, one.shape, one.spacing) for one in result.found] == [
        ("a", (1, 4, 6), (1, 1, 1)),
        ("b", (1, 4, 6), (1, 1, 1)),
    ]
    assert result.refused == ()
    assert result.found[1].source.files == (str(tmp_path / "deep" / "er.dcm" / "b.png"),)


def test_a_file_that_was_pointed_at_is_never_passed_over(tmp_path: Path, run_scan: Run) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    (refused,) = run_scan(tmp_path / "notes.txt").refused
    assert refused.file == "notes.txt" and refused.reason.startswith("notes.txt holds text, not an image.")


def test_everything_odd_is_refused_by_name_and_the_good_one_comes_in(tmp_path: Path, run_scan: Run) -> None:
    picture(tmp_path / "good.png")
    (tmp_path / "empty.png").touch()
    (tmp_path / "one.tif").write_bytes(b"x")
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "noise.dcm").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "folder.dcm").mkdir()
    (tmp_path / "dangling.png").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to(".")
    os.mkfifo(tmp_path / "pipe.png")
    old = os.getcwd()
    os.chdir(tmp_path)  # the path of a socket must be short
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.png")
            result = run_scan(tmp_path)
    finally:
        os.chdir(old)
    assert [one.name for one in result.found] == ["good"]
    reasons = {one.file: one.reason for one in result.refused}
    assert set(reasons) == {"empty.png", "one.tif", "text.png", "noise.dcm", "dangling.png", "pipe.png", "socket.png"}
    assert "is empty" in reasons["empty.png"] and "nowhere" in reasons["dangling.png"] and "pipe" in reasons["pipe.png"]
    assert all(reason.startswith(name) and ". " in f"{reason} " for name, reason in reasons.items())


def test_a_pipe_is_refused_at_once_by_whoever_reads_it(tmp_path: Path) -> None:
    from engine.imaging.image import Source
    from engine.imaging.read import read_labels

    os.mkfifo(tmp_path / "pipe.png")
    for kind in ("raster", "dicom", "nifti", "npz"):
        with pytest.raises(NotReadable, match=r"pipe\.png is not a file with content"):
            read_image(Source((str(tmp_path / "pipe.png"),), kind, "train:0"))
    with pytest.raises(NotReadable, match=r"pipe\.png is not a file with content"):
        read_labels(tmp_path / "pipe.png")


def test_odd_names_come_in_and_can_be_shown(tmp_path: Path, run_scan: Run) -> None:
    names = ["radiografía nº 1.png", "漢字.png", "😀 tórax.png", "quote's & $(x) `y`;.png", "-dash.png", "two  spaces .png", "CON.png", "x" * 240 + ".png", "new\nline.png", "a.b.c.PNG"]  # fmt: skip
    for name in names:
        picture(tmp_path / name)
    picture(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")), 9)
    (tmp_path / "bad\nname.png").write_text("x")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.png")).write_text("x")
    result = run_scan(tmp_path)
    shown = {one.name for one in result.found}
    assert shown == {"radiografía nº 1", "漢字", "😀 tórax", "quote's & $(x) `y`;", "-dash", "two  spaces", "CON", "x" * 240, "new line", "a.b.c", "café"}  # fmt: skip
    for text in (*shown, *(r.file for r in result.refused), *(r.reason for r in result.refused)):
        assert text.isprintable() and text.encode()
    assert {r.file for r in result.refused} == {"bad name.png", "badÿ.png"}
    (latin,) = (one for one in result.found if one.name == "café")
    assert read_image(latin.source).pixels[0, 0, 0] == 9


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("a.nii.gz", "a"),
        ("b.ome.tif", "b"),
        ("1.2.840.17", "1.2.840.17"),
        ("IM.0001", "IM.0001"),
        ("c.JPEG", "c"),
        (".nii.gz", ".nii.gz"),
    ],
)
def test_item_names(name: str, item: str) -> None:
    assert item_name(f"/some/where/{name}") == item


def test_names_that_hold_nothing_to_show() -> None:
    assert display_name("/a/\n") == "?"


def test_the_same_file_comes_in_once_and_equal_names_are_told_apart(tmp_path: Path, run_scan: Run) -> None:
    one, other = picture(tmp_path / "x" / "a.png"), picture(tmp_path / "y" / "a.png")
    (tmp_path / "y" / "link.png").symlink_to(one)
    result = run_scan(one, tmp_path, other)
    assert [found.name for found in result.found] == ["a", "a (2)"]
    assert [found.source.files[0] for found in result.found] == [str(one), str(other)]


def test_progress_names_what_is_at_hand_and_ends_at_the_total(tmp_path: Path) -> None:
    for k in range(3):
        picture(tmp_path / f"{k}.png")
    events: list[Any] = list(scan([tmp_path]))
    assert all(isinstance(e, Progress) for e in events)
    assert events[0] == Progress(0, 3, "0.png") and events[-1] == Progress(3, 3)


def test_what_may_not_be_read_is_refused(tmp_path: Path, run_scan: Run) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    picture(tmp_path / "a.png").chmod(0)
    (tmp_path / "locked").mkdir(mode=0)
    assert [r.reason.split(".")[0] for r in run_scan(tmp_path).refused]
    (tmp_path / "locked").chmod(0o700)


def test_nothing_there_is_refused_not_raised(tmp_path: Path, run_scan: Run) -> None:
    (refused,) = run_scan(tmp_path / "gone.png").refused
    assert refused.file == "gone.png" and "is not there" in refused.reason and refused.error is not None


def test_numbered_images_keep_their_official_split_and_class(tmp_path: Path, run_scan: Run) -> None:
    images = np.random.default_rng(0).integers(0, 255, (12, 4, 5), np.uint8)
    np.savez_compressed(
        tmp_path / "small.npz", train_images=images, train_labels=np.arange(12)[:, None] % 2,
        val_images=images[:3], val_labels=np.zeros((3, 14), int), test_images=np.repeat(images[:2, ..., None], 3, axis=3),
    )  # fmt: skip
    result = run_scan(tmp_path)
    assert [len([f for f in result.found if f.split == s]) for s in ("train", "val", "test")] == [12, 3, 2]
    last = result.found[11]
    assert (last.name, last.label, last.split, last.shape) == ("small_train_11", 1, "train", (1, 4, 5))
    assert last.source.index == "train:11"
    np.testing.assert_array_equal(read_image(last.source).pixels[0], images[11])
    assert result.found[12].label is None and result.found[-1].color


def test_numbered_images_of_other_files_are_refused(tmp_path: Path, run_scan: Run) -> None:
    np.savez(tmp_path / "other.npz", weights=np.zeros(3))
    np.savez(tmp_path / "cut.npz", train_images=np.zeros((9, 28, 28), np.uint8))
    content = (tmp_path / "cut.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(content[:500])
    np.savez(tmp_path / "evil.npz", train_images=np.array([{}], object), allow_pickle=True)
    reasons = {r.file: r.reason for r in run_scan(tmp_path).refused}
    assert "MedMNIST" in reasons["other.npz"] and "damaged" in reasons["cut.npz"] and "run code" in reasons["evil.npz"]


def test_whether_a_size_of_the_voxels_is_known_is_kept(tmp_path: Path, run_scan: Run) -> None:
    picture(tmp_path / "a.png")
    nifti.write(tmp_path / "b.nii", np.zeros((3, 4, 5), np.uint8), from_nifti(np.eye(4), (5, 4, 3)))
    assert {one.name: (one.spacing, one.calibrated) for one in run_scan(tmp_path).found} == {
        "a": ((1.0, 1.0, 1.0), False),
        "b": ((1.0, 1.0, 1.0), True),
    }


def test_the_work_grows_with_the_pictures_and_not_with_their_square(
    tmp_path: Path, run_scan: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, asked, real = 40, list[str](), os.path.realpath
    for number in range(count):
        Pillow.fromarray(np.full((4, 4), number, np.uint8)).save(tmp_path / f"{number}.tif")

    def counting(path: str) -> str:
        asked.append(path)
        return real(path)

    monkeypatch.setattr("os.path.realpath", counting)
    assert len(run_scan(tmp_path).found) == count
    assert len(asked) < 10 * count


def test_thousands_of_one_name_are_told_apart_at_once() -> None:
    one = Found("scan", Source(("scan.nii",), "nifti"), (1, 1, 1), (1.0, 1.0, 1.0))
    began = time.process_time()
    names = [each.name for each in told_apart([one] * 20_000 + [replace(one, name="scan (3)")], ["scan (2)"])]
    assert time.process_time() - began < 5, "each looks through the names of all before it"
    assert names[:3] == ["scan", "scan (3)", "scan (4)"] and names[-1] == "scan (3) (2)"
    assert len(set(names)) == len(names)
