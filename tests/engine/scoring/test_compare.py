import json
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from engine.errors import EngineError
from engine.formats import nifti, png
from engine.imaging.geometry import Geometry, uncalibrated
from engine.imaging.values import color_number
from engine.progress import Notice, result_of
from engine.scoring.compare import compare_folders
from engine.scoring.metrics import to_json
from engine.scoring.report import segmentation_table


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name in ("reference", "predicted"):
        (tmp_path / name).mkdir()
    return tmp_path / "reference", tmp_path / "predicted"


def put(folder: Path, name: str, rows: object) -> None:
    png.write(folder / f"{name}.png", np.array(rows, np.uint8))


def test_the_lecture_in_files(folders: tuple[Path, Path]) -> None:
    put(folders[0], "x", [[0, 1, 1], [0, 2, 0], [2, 0, 1]])
    put(folders[1], "x", [[0, 1, 0], [2, 2, 0], [2, 0, 1]])
    found = result_of(compare_folders(*folders))
    assert list(found.classes) == ["1", "2"]
    assert [c.dice for c in found.classes.values()] == [0.8, 0.8]
    assert found.mean_dice == pytest.approx(0.8)
    assert to_json(found)["items"][0]["name"] == "x"  # type: ignore[index]


def test_nothing_in_either_mask_has_no_dice(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        put(folder, "x", [[0, 0], [0, 0]])
    found = result_of(compare_folders(*folders))
    assert (found.n, found.mean_dice, dict(found.classes)) == (1, None, {})


def test_classes_are_the_values_of_all_files(folders: tuple[Path, Path]) -> None:
    put(folders[0], "a", [[0, 10], [2, 255]])
    put(folders[1], "a", [[0, 10], [2, 0]])
    put(folders[0], "b", [[2, 2]])
    put(folders[1], "b", [[2, 0]])
    found = result_of(compare_folders(*folders))
    assert list(found.classes) == ["2", "10", "255"]  # by value, not by letter
    assert found.classes["2"].dice == pytest.approx((1 + 2 / 3) / 2)
    assert (found.classes["255"].dice, found.classes["10"].dice) == (0.0, 1.0)
    assert [list(i.classes) for i in found.items] == [["2", "10", "255"], ["2"]]


def test_values_beyond_a_byte_are_told_apart(folders: tuple[Path, Path]) -> None:
    for folder, rows in zip(folders, ([[0, 300], [44, 1000]], [[44, 300], [44, 0]]), strict=True):
        Image.fromarray(np.array(rows, np.uint16)).save(folder / "a.png")
    found = result_of(compare_folders(*folders))
    assert {n: c.dice for n, c in found.classes.items()} == {"44": 2 / 3, "300": 1.0, "1000": 0.0}


def test_files_are_paired_by_name_whatever_the_ending(folders: tuple[Path, Path]) -> None:
    labels = np.random.default_rng(0).integers(0, 3, (1, 8, 9), np.uint8)
    nifti.write(folders[0] / "a.b.nii.gz", labels, uncalibrated(8, 9))
    Image.fromarray(labels[0]).save(folders[1] / "a.b.tif")
    assert result_of(compare_folders(*folders)).mean_dice == 1.0


def test_files_without_a_partner_are_named(folders: tuple[Path, Path]) -> None:
    for folder, names in zip(folders, ("ab", "acdefghi"), strict=True):
        for name in names:
            put(folder, name, [[1]])
    events = list(compare_folders(*folders))
    said = [e.text for e in events if isinstance(e, Notice)]
    assert said == [
        "1 mask in reference has no partner and was left out: b.",
        "7 masks in predicted have no partner and were left out: c, d, e, f, g, ....",
    ]


def texts(folders: tuple[Path, Path]) -> list[str]:
    return [event.text for event in compare_folders(*folders) if isinstance(event, Notice)]


def test_folders_without_a_value_in_common_are_spoken_of(folders: tuple[Path, Path]) -> None:
    put(folders[0], "x", [[0, 255], [255, 0]])
    put(folders[1], "x", [[0, 1], [2, 0]])
    assert texts(folders) == [
        "The references hold the values 255 and the predictions 1, 2: none is in both, so nothing can agree."
    ]
    put(folders[1], "x", [[0, 255], [2, 0]])
    assert texts(folders) == []


def test_a_value_that_often_means_void_is_spoken_of(folders: tuple[Path, Path]) -> None:
    put(folders[0], "x", [[0, 255], [1, 2]])
    put(folders[1], "x", [[0, 1], [1, 2]])
    (said,) = texts(folders)
    assert said.startswith("The value 255 is in the references alone.") and said.endswith("--ignore 255.")
    assert [event.text for event in compare_folders(*folders, ignore=(255,)) if isinstance(event, Notice)] == []


def test_colours_are_called_what_they_are(folders: tuple[Path, Path]) -> None:
    """Blue has a number of its own inside, which is no grey; ignoring it takes that number."""
    blue, red = (0, 0, 255), (200, 0, 0)
    for folder, rows in zip(folders, ([[blue, red], [red, (0, 0, 0)]], [[blue, red], [blue, (0, 0, 0)]]), strict=True):
        Image.fromarray(np.array(rows, np.uint8)).save(folder / "a.png")
    found = result_of(compare_folders(*folders))
    assert {name: one.dice for name, one in found.classes.items()} == {"#c80000": 2 / 3, "#0000ff": 2 / 3}
    left = result_of(compare_folders(*folders, ignore=(color_number(0x0000FF),)))
    assert {name: one.dice for name, one in left.classes.items()} == {"#c80000": 2 / 3}


def test_a_mask_without_a_place_beside_one_with_it_is_spoken_of(folders: tuple[Path, Path]) -> None:
    labels = np.array([[[0, 1], [1, 0]]], np.uint8)
    placed = Geometry((1, 2, 2), np.diag([3.0, 1.0, 1.0, 1.0]), patient_based=True, calibrated=True)
    nifti.write(folders[0] / "x.nii.gz", labels, placed)
    put(folders[1], "x", labels[0])
    assert texts(folders) == ["x: one of both does not say where it lies; they were compared as they are stored."]


def test_what_cannot_be_compared_is_said(folders: tuple[Path, Path], tmp_path: Path) -> None:
    put(folders[0], "a", [[1]])
    put(folders[1], "b", [[1]])
    with pytest.raises(EngineError, match="No mask in reference has the name of one in predicted"):
        result_of(compare_folders(*folders))
    with pytest.raises(EngineError, match="gone is not a folder"):
        result_of(compare_folders(folders[0], tmp_path / "gone"))


def test_sizes_that_differ_are_refused_by_name(folders: tuple[Path, Path]) -> None:
    put(folders[0], "a", [[1, 0, 0]])
    put(folders[1], "a", [[1], [0], [0]])
    with pytest.raises(EngineError, match="a: the reference has 3 × 1 pixels, the prediction 1 × 3"):
        result_of(compare_folders(*folders))


def test_two_files_of_one_name_are_refused(folders: tuple[Path, Path]) -> None:
    put(folders[0], "a", [[1]])
    nifti.write(folders[0] / "a.nii", np.ones((1, 1, 1), np.uint8), uncalibrated(1, 1))
    with pytest.raises(EngineError, match="reference holds two masks named a"):
        result_of(compare_folders(*folders))


def test_a_map_of_many_values_is_refused(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        Image.fromarray(np.arange(400, dtype=np.uint16).reshape(20, 20)).save(folder / "a.png")
    with pytest.raises(EngineError, match="a holds 399 different values"):
        result_of(compare_folders(*folders))


def patient_grid(spacing: tuple[float, float, float]) -> Geometry:
    affine = uncalibrated(8, 9, 5, spacing).affine.copy()
    affine[:3, 3] = (-20.0, 30.0, 5.0)
    return Geometry((5, 8, 9), affine, patient_based=True, calibrated=True)


def flipped(labels: NDArray[np.uint8], grid: Geometry) -> tuple[NDArray[np.uint8], Geometry]:
    """The same voxels at the same millimetres, stored from the other end of the last axis."""
    turn = np.diag([1.0, 1, 1, 1])
    turn[2, 2], turn[2, 3] = -1, labels.shape[2] - 1
    return labels[:, :, ::-1].copy(), Geometry(grid.shape, grid.affine @ turn, patient_based=True, calibrated=True)


def test_volumes_are_compared_by_millimetres_not_by_array_order(folders: tuple[Path, Path]) -> None:
    labels = np.random.default_rng(0).integers(0, 3, (5, 8, 9), np.uint8)
    grid = patient_grid((3.0, 0.5, 0.5))
    nifti.write(folders[0] / "a.nii.gz", labels, grid)
    nifti.write(folders[1] / "a.nii.gz", *flipped(labels, grid))
    events = list(compare_folders(*folders))
    assert ["laid on the reference" in e.text for e in events if isinstance(e, Notice)] == [True]
    assert result_of(compare_folders(*folders)).mean_dice == 1.0


@pytest.mark.parametrize("lost", [0, 1])
def test_a_volume_whose_place_a_script_made_up_is_compared_as_it_is_stored(
    folders: tuple[Path, Path], lost: int
) -> None:
    labels = np.random.default_rng(0).integers(0, 3, (5, 8, 9), np.uint8)
    grid, made_up = patient_grid((3.0, 0.5, 0.5)), Geometry((5, 8, 9), np.eye(4)[[2, 1, 0, 3]], True, True)
    nifti.write(folders[lost] / "a.nii.gz", labels, made_up)
    nifti.write(folders[1 - lost] / "a.nii.gz", labels, grid)
    assert texts(folders) == ["a: one of both does not say where it lies; they were compared as they are stored."]
    assert result_of(compare_folders(*folders)).mean_dice == 1.0


def test_a_volume_with_its_axes_turned_round_is_refused(folders: tuple[Path, Path]) -> None:
    labels, grid = np.ones((5, 8, 9), np.uint8), patient_grid((1.0, 1.0, 1.0))
    nifti.write(folders[0] / "a.nii.gz", labels, grid)
    turned = Geometry((9, 8, 5), grid.affine, patient_based=True, calibrated=True)
    nifti.write(folders[1] / "a.nii.gz", labels.transpose(2, 1, 0), turned)
    with pytest.raises(EngineError, match="the reference has 9 × 8 × 5 pixels, the prediction 5 × 8 × 9"):
        result_of(compare_folders(*folders))


def test_distances_are_in_millimetres(folders: tuple[Path, Path]) -> None:
    labels = np.zeros((5, 8, 9), np.uint8)
    for folder, column in zip(folders, (2, 5), strict=True):
        marked = labels.copy()
        marked[2, 3, column] = 1
        nifti.write(folder / "a.nii.gz", marked, patient_grid((3.0, 0.5, 0.5)))
    found = result_of(compare_folders(*folders, distances=True)).classes["1"].surfaces
    assert [(each.unit, each.n) for each in found] == [("mm", 1)] and found[0].hd95 == pytest.approx(1.5, abs=1e-5)
    assert result_of(compare_folders(*folders)).classes["1"].surfaces == ()


def test_distances_of_pictures_are_in_pixels_and_never_averaged_with_millimetres(folders: tuple[Path, Path]) -> None:
    for folder, column in zip(folders, (2, 5), strict=True):
        marked = np.zeros((5, 8, 9), np.uint8)
        marked[2, 3, column] = 1
        nifti.write(folder / "a.nii.gz", marked, patient_grid((3.0, 0.5, 0.5)))
        Image.fromarray(marked[2]).save(folder / "b.png")
    found = result_of(compare_folders(*folders, distances=True))
    shown = to_json(found)["classes"]["1"]  # type: ignore[index]
    assert (shown["hd95_mm"], shown["hd95_px"]) == (pytest.approx(1.5, abs=1e-5), 3.0)
    assert (shown["distances_n_mm"], shown["distances_n_px"], shown["nsd"]) == (1, 1, None)
    items = {each["name"]: each["classes"]["1"] for each in to_json(found)["items"]}  # type: ignore[attr-defined]
    assert "hd95_px" not in items["a"] and "hd95_mm" not in items["b"]
    assert "have no common mean" in segmentation_table(found)


def _list(folder: Path, **about: object) -> None:
    """As an export of Contorno leaves it beside its files."""
    files = {f"{name}.png": {"item": name, **said} for name, said in about.items()}  # type: ignore[dict-item]
    (folder / "contorno.json").write_text(json.dumps({"program": "Contorno", "files": files}))


def test_values_that_both_name_are_compared_by_their_names(folders: tuple[Path, Path]) -> None:
    put(folders[0], "x", [[1, 1, 2], [0, 0, 2]])
    put(folders[1], "x", [[2, 2, 1], [0, 3, 1]])
    _list(folders[0], x={"values": {"0": "background", "1": "liver", "2": "kidney"}})
    _list(folders[1], x={"values": {"0": "background", "1": "Kidney", "2": "liver", "3": "gut"}})
    events = list(compare_folders(*folders))
    said = [event.text for event in events if isinstance(event, Notice)]
    assert said == ["x: the values are numbered otherwise in the prediction, and were taken by their names."]
    found = result_of(compare_folders(*folders))
    assert {name: one.dice for name, one in found.classes.items()} == {"1": 1.0, "2": 1.0, "3": 0.0}


def test_objects_of_one_name_count_together(folders: tuple[Path, Path]) -> None:
    """As an export of a project of objects leaves them: each value is one of them."""
    put(folders[0], "x", [[1, 1, 2], [0, 3, 3]])
    put(folders[1], "x", [[2, 2, 0], [0, 1, 4]])
    _list(folders[0], x={"values": {"0": "background", "1": "cell", "2": "cell", "3": "bead"}})
    _list(folders[1], x={"values": {"0": "background", "1": "bead", "2": "cell", "3": "cell", "4": "cell"}})
    found = result_of(compare_folders(*folders))
    assert {name: one.dice for name, one in found.classes.items()} == {
        "cell": pytest.approx(2 / 3),
        "bead": pytest.approx(2 / 3),
    }
    said = [event.text for event in compare_folders(*folders) if isinstance(event, Notice)]
    assert said[-1] == "The values of 1 mask are objects: those of one class were counted together: x."


def test_objects_of_one_class_beside_values_without_names(folders: tuple[Path, Path]) -> None:
    put(folders[0], "x", [[1, 1, 0], [0, 5, 5]])
    put(folders[1], "x", [[2, 2, 0], [0, 1, 0]])
    _list(folders[1], x={"values": {"1": "cell", "2": "cell"}})
    assert result_of(compare_folders(*folders)).classes["cell"].dice == pytest.approx(6 / 7)
    _list(folders[1], x={"values": {"1": "cell", "2": "bead", "3": "bead"}})
    with pytest.raises(EngineError, match="objects of several classes"):
        result_of(compare_folders(*folders))


def test_values_that_are_numbered_otherwise_in_each_file_go_by_their_names(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        put(folder, "x", [[1, 1, 2], [0, 0, 0]])
        put(folder, "y", [[1, 1, 2], [0, 0, 0]])
        _list(folder, x={"values": {"1": "liver", "2": "gut"}}, y={"values": {"1": "gut", "2": "liver"}})
    found = result_of(compare_folders(*folders))
    assert {name: one.pooled.truth for name, one in found.classes.items()} == {"gut": 3, "liver": 3}


@pytest.mark.parametrize("called", [{"1": "gut", "2": "kidney"}, {"1": "kidney", "2": "gut"}])
def test_one_number_for_two_things_is_refused(folders: tuple[Path, Path], called: dict[str, str]) -> None:
    for folder in folders:
        put(folder, "x", [[1, 1, 2], [0, 0, 2]])
    _list(folders[0], x={"values": {"1": "liver", "2": "kidney"}})
    _list(folders[1], x={"values": called})
    with pytest.raises(EngineError, match="in the reference and gut in the prediction"):
        result_of(compare_folders(*folders))


def test_what_an_export_says_that_nobody_labelled_is_not_scored(folders: tuple[Path, Path]) -> None:
    for name in ("x", "y"):
        put(folders[0], name, [[1, 1], [0, 0]])
        put(folders[1], name, [[1, 0], [0, 0]])
    _list(folders[0], y={"values": {"1": "liver"}, "labelled": False})
    found = result_of(compare_folders(*folders))
    assert {item.name: item.classes["1"].dice for item in found.items} == {"x": pytest.approx(2 / 3), "y": None}
    assert found.mean_dice == pytest.approx(2 / 3)


def test_what_the_list_beside_calls_unlabelled_is_not_scored(folders: tuple[Path, Path]) -> None:
    put(folders[0], "x", [[1, 1, 255], [0, 0, 255]])
    put(folders[1], "x", [[1, 0, 1], [0, 0, 0]])
    _list(folders[0], x={"values": {"1": "liver", "255": "unlabelled"}})
    events = list(compare_folders(*folders))
    said = [event.text for event in events if isinstance(event, Notice)]
    assert said == ["x: the value 255 is called unlabelled and was left out."]
    found = result_of(compare_folders(*folders))
    assert list(found.classes) == ["1"] and found.mean_dice == pytest.approx(2 / 3)


def test_of_a_volume_that_is_labelled_in_part_there_are_no_distances(folders: tuple[Path, Path]) -> None:
    labels = np.zeros((4, 8, 8), np.uint8)
    labels[:, 2:5, 2:5] = 1
    for folder in folders:
        nifti.write(folder / "x.nii.gz", labels, uncalibrated(8, 8, 4))
    about = {name: {"item": "x", "values": {"1": "liver"}} for name in ("x.nii.gz", "x.json")}
    (folders[0] / "contorno.json").write_text(json.dumps({"program": "Contorno", "files": about}))
    (folders[0] / "x.json").write_text(json.dumps({"slices": 4, "labelled": [1, 2]}))
    (item,) = result_of(compare_folders(*folders, distances=True)).items
    assert item.classes["1"].dice == 1.0 and item.classes["1"].truth == 18 and item.classes["1"].surface is None


# Numbers that a file alone does not explain --------------------------------------------------------------------------------

BLACK, WHITE, RED, GREEN = (0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0)
DRAWN = np.array([[0, 1, 1, 2], [0, 0, 2, 2]], np.uint8)


def indexed(file: Path, numbers: NDArray[np.uint8], *palette: tuple[int, int, int]) -> None:
    picture = Image.fromarray(numbers, "P")
    picture.putpalette([part for color in palette for part in color])
    picture.save(file)


def test_palettes_of_an_encoder_go_by_their_colours_in_the_whole_folder(folders: tuple[Path, Path]) -> None:
    truth, predicted = folders
    green = np.where(DRAWN == 2, 1, 0).astype(np.uint8)
    indexed(truth / "a.png", DRAWN, BLACK, WHITE, GREEN)
    indexed(truth / "b.png", green, BLACK, GREEN)  # 1 is green here and white there
    Image.fromarray(np.array((BLACK, WHITE, GREEN), np.uint8)[DRAWN]).save(predicted / "a.png")
    Image.fromarray(np.array((BLACK, GREEN), np.uint8)[green]).save(predicted / "b.png")
    events = list(compare_folders(*folders))
    found = result_of(compare_folders(*folders))
    assert {name: one.dice for name, one in found.classes.items()} == {"255": 1.0, "#00ff00": 1.0}
    assert [e.text for e in events if isinstance(e, Notice)] == [
        f"{name}: Its colours were taken: the numbers that its palette gives them are those of the program that saved it."
        for name in "ab"
    ]


def test_one_palette_for_all_goes_by_its_numbers_whatever_the_other_folder_does(folders: tuple[Path, Path]) -> None:
    for name, drawn in (("a", DRAWN), ("b", np.where(DRAWN == 2, 2, 0).astype(np.uint8))):
        indexed(folders[0] / f"{name}.png", drawn, BLACK, RED, GREEN)
        put(folders[1], name, drawn)
    indexed(folders[1] / "c.png", DRAWN, BLACK, WHITE, RED)  # without a partner: no word about the other folder
    assert result_of(compare_folders(*folders)).mean_dice == 1.0


def test_greys_of_few_bits_are_the_same_in_every_file_of_a_folder(folders: tuple[Path, Path]) -> None:
    lesion = np.where(DRAWN == 2, 255, 0).astype(np.uint8)
    Image.fromarray(lesion).convert("1").save(folders[0] / "a.png")  # white is 1 where a file stands for itself
    put(folders[0], "b", lesion)
    for name in "ab":
        put(folders[1], name, lesion)
    found = result_of(compare_folders(*folders))
    assert {name: one.dice for name, one in found.classes.items()} == {"255": 1.0}


@pytest.mark.parametrize("both_in_one", [True, False])
def test_channels_of_which_nobody_knows_the_first_are_refused(folders: tuple[Path, Path], both_in_one: bool) -> None:
    """Some leave places free and would be numbered from 1, others do not: in a folder, or in one folder against the other."""
    free = np.stack([DRAWN == 1, DRAWN == 2]).astype(np.uint8)
    full = np.stack([DRAWN != 2, DRAWN == 2]).astype(np.uint8)
    for folder, channels in zip(
        folders, ({"a": free, "b": full} if both_in_one else {"a": free}, {"a": full}), strict=True
    ):
        for name, each in channels.items():
            tifffile.imwrite(folder / f"{name}.tif", each, imagej=True, metadata={"axes": "CYX"})
    with pytest.raises(EngineError, match="Of the masks with 2 channels some leave places free"):
        result_of(compare_folders(*folders))


def test_an_accent_is_one_however_it_is_written(folders: tuple[Path, Path]) -> None:
    """macOS takes it apart, and so do archives from there."""
    for folder, form in zip(folders, ("NFC", "NFD"), strict=True):
        put(folder, unicodedata.normalize(form, "cráneo"), [[0, 1]])  # type: ignore[arg-type]
        put(folder, "x", [[0, 1]])
    work = list(compare_folders(*folders))
    assert not [event for event in work if isinstance(event, Notice)]
    assert result_of(compare_folders(*folders)).n == 2
