from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest

from engine.imaging.image import Source
from engine.imaging.read import read_image, read_labels
from engine.imaging.scan import scan
from engine.phantom import (
    CHEST_CLASSES,
    CLASSES,
    Phantom,
    chest,
    patient,
    write_chests,
    write_demo,
    write_mask,
    write_series,
)
from engine.phantom.series import geometry_of, name_of
from engine.phantom.shapes import Grid, ellipsoid, joined, noise, tube, within, without
from engine.progress import Progress, result_of

LIVER, SPLEEN, STOMACH, AORTA, KIDNEYS, VERTEBRA, LESION = range(1, 8)


@pytest.fixture(scope="module")
def some() -> list[Phantom]:
    return [patient(seed, slices=12, side=96) for seed in (1, 2, 3, 4)]


def test_a_seed_is_a_patient(some: list[Phantom]) -> None:
    again = patient(1, slices=12, side=96)
    assert np.array_equal(again.pixels, some[0].pixels) and np.array_equal(again.labels, some[0].labels)
    assert again.spacing == some[0].spacing
    assert not np.array_equal(some[0].labels, some[1].labels)


def test_the_same_patient_is_seen_in_any_grid(some: list[Phantom]) -> None:
    fine = patient(1, slices=12, side=192)
    coarse = fine.labels[:, ::2, ::2]
    for value in range(1, 7):
        one, other = coarse == value, some[0].labels == value
        assert 2 * (one & other).sum() / (one.sum() + other.sum()) > 0.75


def test_scan_is_in_hounsfield_units_and_millimetres(some: list[Phantom]) -> None:
    for phantom in some:
        assert phantom.pixels.dtype == np.int16 and phantom.labels.dtype == np.uint8
        assert phantom.pixels.shape == phantom.labels.shape == (12, 96, 96)
        assert phantom.pixels.min() >= -1024 and phantom.pixels.max() > 250
        assert np.median(phantom.pixels[:, :8, :8]) < -900  # air in the corner
        assert phantom.spacing[0] == 8.0 and 3.0 < phantom.spacing[1] == phantom.spacing[2] < 5.0


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [(LIVER, 80, 125), (SPLEEN, 110, 140), (AORTA, 180, 260), (KIDNEYS, 120, 190), (VERTEBRA, 120, 330)],
)
def test_organs_have_their_density(some: list[Phantom], value: int, low: float, high: float) -> None:
    for phantom in some:
        assert low < np.median(phantom.pixels[phantom.labels == value]) < high


def test_lesions_are_darker_than_the_liver_and_most_patients_have_some(some: list[Phantom]) -> None:
    with_lesion = [p for p in some if (p.labels == LESION).sum() > 20]
    assert len(with_lesion) >= 3
    for phantom in with_lesion:
        of_lesion, of_liver = (np.median(phantom.pixels[phantom.labels == v]) for v in (LESION, LIVER))
        assert of_lesion < of_liver - 12


def test_organs_lie_where_they_belong(some: list[Phantom]) -> None:
    for phantom in some:
        center = {v: np.argwhere(phantom.labels == v).mean(axis=0) for v in range(1, 7)}
        assert center[LIVER][2] < 48 < center[SPLEEN][2]  # the patient's right is on the left of the picture
        assert center[STOMACH][1] < center[AORTA][1] < center[VERTEBRA][1]  # from front to back
        assert center[KIDNEYS][0] < center[SPLEEN][0]  # towards the feet
        left, right = (phantom.labels[:, :, half] == KIDNEYS for half in (slice(48, None), slice(0, 48)))
        assert left.sum() > 100 and right.sum() > 100
        volume = (phantom.labels == LIVER).sum() * np.prod(phantom.spacing) / 1000
        assert 700 < volume < 2600  # ml, of the part that is in the scan


def test_organs_go_on_from_slice_to_slice(some: list[Phantom]) -> None:
    for phantom in some:
        for value in (LIVER, AORTA):
            areas = phantom.labels == value
            assert areas.any(axis=(1, 2)).all()
            for one, following in pairwise(areas):
                assert (one & following).sum() / min(one.sum(), following.sum()) > 0.5


def test_gas_lies_above_the_fluid_in_the_stomach(some: list[Phantom]) -> None:
    phantom = some[0]
    stomach = np.argwhere((phantom.labels == STOMACH) & (phantom.pixels < -600))
    fluid = np.argwhere((phantom.labels == STOMACH) & (phantom.pixels > -20) & (phantom.pixels < 60))
    assert len(stomach) > 20 and stomach[:, 1].mean() < fluid[:, 1].mean() - 3


def test_the_magnetic_variant_has_the_same_anatomy_under_a_bias_field(some: list[Phantom]) -> None:
    scan_ = patient(1, slices=12, side=96, modality="MR")
    assert np.array_equal(scan_.labels, some[0].labels)
    assert scan_.pixels.min() >= 0 and scan_.modality == "MR"
    fat, body = some[0].pixels < -60, some[0].pixels > -200
    assert np.median(scan_.pixels[fat & body]) > 1.5 * np.median(scan_.pixels[some[0].labels == LIVER])
    liver = scan_.labels == LIVER
    columns = np.argwhere(liver)[:, 1]
    front, back = (scan_.pixels[liver][columns < 40].mean(), scan_.pixels[liver][columns > 56].mean())
    assert abs(front - back) > 15


def test_nonsense_sizes_are_refused() -> None:
    with pytest.raises(ValueError):
        patient(1, slices=0)
    with pytest.raises(ValueError):
        patient(1, side=8)


def test_one_slice_is_possible() -> None:
    assert len(np.unique(patient(2, slices=1, side=64).labels)) >= 4


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_series_opens_as_any_other(tmp_path: Path, modality: str) -> None:
    phantom = patient(3, slices=4, side=64, modality="CT" if modality == "CT" else "MR")
    files = write_series(tmp_path, phantom, 3)
    image = read_image(Source(tuple(map(str, files)), "dicom"))
    assert np.array_equal(image.pixels, phantom.pixels)
    assert image.modality == modality and image.unit == ("HU" if modality == "CT" else "")
    assert image.geometry.same_grid(geometry_of(phantom))
    assert image.geometry.spacing == pytest.approx(phantom.spacing, abs=1e-4)
    assert not image.notes


def test_dicom_header_is_sound(tmp_path: Path) -> None:
    phantom = patient(3, slices=3, side=64)
    heads = [pydicom.dcmread(f) for f in write_series(tmp_path, phantom, 3)]
    assert len({str(h.SOPInstanceUID) for h in heads}) == 3
    assert len({str(h.SeriesInstanceUID) for h in heads}) == len({str(h.FrameOfReferenceUID) for h in heads}) == 1
    for head in heads:
        assert head.PatientID == "PHANTOM-03" and head.SOPClassUID.name == "CT Image Storage"
        for uid in (head.SOPInstanceUID, head.SeriesInstanceUID, head.StudyInstanceUID, head.FrameOfReferenceUID):
            assert uid.startswith("2.25.") and uid.is_valid
    again = [pydicom.dcmread(f) for f in write_series(tmp_path / "again", phantom, 3)]
    assert [h.SOPInstanceUID for h in again] == [h.SOPInstanceUID for h in heads]
    other = pydicom.dcmread(write_series(tmp_path / "other", phantom, 4)[0])
    assert other.SeriesInstanceUID != heads[0].SeriesInstanceUID


def test_mask_lies_on_the_series(tmp_path: Path) -> None:
    phantom = patient(3, slices=4, side=64)
    write_mask(tmp_path / "masks" / "one.nii.gz", phantom)
    values, geometry = read_labels(tmp_path / "masks" / "one.nii.gz")
    assert geometry is not None and geometry.same_grid(geometry_of(phantom))
    assert np.array_equal(values, phantom.labels)


def test_demo_is_written_once_and_found_by_the_scan(tmp_path: Path) -> None:
    events = list(write_demo(tmp_path, patients=2, slices=3, side=64))
    assert all(isinstance(e, Progress) for e in events) and len(events) == 3
    before = {f: (f.stat().st_mtime_ns, f.read_bytes()) for f in tmp_path.rglob("*") if f.is_file()}
    done = result_of(write_demo(tmp_path, patients=2, slices=3, side=64))
    assert {f: (f.stat().st_mtime_ns, f.read_bytes()) for f in tmp_path.rglob("*") if f.is_file()} == before
    assert len(before) == 2 * 3 + 2 and all(f.exists() for one in done for f in (*one.series, one.mask))
    found = result_of(scan([tmp_path / "images"]))
    assert not found.refused
    assert sorted(f.name for f in found.found) == [name_of(1), name_of(2)] == [one.name for one in done]
    assert len({f.patient for f in found.found}) == 2
    assert {one.mask.name for one in done} == {f"{f.name}.nii.gz" for f in found.found}


def test_demo_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    done = result_of(write_demo(tmp_path, patients=1, slices=3, side=64))
    wanted = done[0].mask.read_bytes()
    done[0].mask.unlink()
    done[0].series[1].unlink()
    assert result_of(write_demo(tmp_path, patients=1, slices=3, side=64)) == done
    assert done[0].mask.read_bytes() == wanted and done[0].series[1].exists()


def test_demo_of_fewer_slices_leaves_none_of_the_longer_one(tmp_path: Path) -> None:
    result_of(write_demo(tmp_path, patients=1, slices=5, side=64))
    (done,) = result_of(write_demo(tmp_path, patients=1, slices=3, side=64))
    assert sorted((tmp_path / "images").rglob("*.dcm")) == list(done.series)
    assert len(result_of(scan([tmp_path / "images"])).found) == 1


def test_class_names_go_with_the_labels(some: list[Phantom]) -> None:
    assert len(CLASSES) == 7 == max(int(p.labels.max()) for p in some)


def test_chest_films_differ_by_class_and_seed() -> None:
    films = [chest(seed, side=96) for seed in range(12)]
    assert [label for _, label in films] == [0, 1] * 6
    assert all(film.dtype == np.uint8 and film.shape == (96, 96) for film, _ in films)
    assert np.array_equal(films[3][0], chest(3, side=96)[0])
    assert len({film.tobytes() for film, _ in films}) == 12


def test_opacities_make_the_lungs_uneven() -> None:
    """A plain number, the spread of grey within the lungs, already tells most films apart: the classes can be learnt."""
    spread: dict[int, list[float]] = {0: [], 1: []}
    for seed in range(40):
        film, label = chest(seed, side=96)
        smooth = cv2.GaussianBlur(film, (0, 0), 2)
        lungs = np.concatenate([smooth[26:66, 15:36].ravel(), smooth[26:66, 60:81].ravel()])
        spread[label].append(float(np.quantile(lungs, 0.8) - np.quantile(lungs, 0.2)))
    normal, opacity = np.array(spread[0]), np.array(spread[1])
    assert (opacity[:, None] > normal[None, :]).mean() > 0.75


def test_chest_folder_holds_a_folder_per_class(tmp_path: Path) -> None:
    files = result_of(write_chests(tmp_path, films=4, side=64))
    assert [f.parent.name for f in files] == list(CHEST_CLASSES) * 2
    picture = cv2.imdecode(np.frombuffer(files[1].read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None and np.array_equal(picture, chest(1, side=64)[0])
    with pytest.raises(ValueError):
        chest(0, side=4)


GRID = Grid.straight(3, 61, (1.0, 1.0, 1.0))


def test_shapes_measure_millimetres() -> None:
    ball = ellipsoid(GRID, (0, 0, 0), (10, 10, 10))
    assert ball[1, 30, 30] < 0 and abs(ball[1, 30, 40]) < 1e-3 and ball[1, 30, 45] == pytest.approx(5, abs=0.01)
    pipe = tube(GRID, [(-10, 0, 0), (10, 0, 0)], [4, 2])
    assert pipe[1, 30, 20] == pytest.approx(-4) and pipe[1, 38, 30] == pytest.approx(5)
    with pytest.raises(ValueError):
        tube(GRID, [(0, 0, 0)], [1])


def test_bodies_are_joined_and_cut() -> None:
    left, right = (ellipsoid(GRID, (x, 0, 0), (8, 8, 8)) for x in (-6, 6))
    assert (joined(left, right, 2) < 0).sum() >= ((left < 0) | (right < 0)).sum()
    cut, kept = without(left, right, 0.01) < 0, within(left, right, 0.01) < 0
    assert (
        np.array_equal(cut, (left < 0) & (right > 0)) or abs(int(cut.sum()) - int(((left < 0) & (right > 0)).sum())) < 9
    )
    assert not (cut & kept).any()


def test_the_part_near_a_point_holds_it() -> None:
    part, box = GRID.near([(20.0, -10.0, 0.0)], 2)
    assert 20.0 in part.x and -10.0 in part.y and np.array_equal(part.x, GRID.x[box])
    nothing, _ = GRID.near([(500.0, 0.0, 0.0)], 2)
    assert nothing.x.size == 0


def test_noise_is_standard_and_smooth() -> None:
    waves = noise(np.random.default_rng(1), Grid.straight(4, 128, (8, 1, 1)), 30)
    assert waves.dtype == np.float32 and waves.shape == (4, 128, 128)
    assert abs(float(waves.mean())) < 1e-4 and float(waves.std()) == pytest.approx(1, abs=1e-3)
    assert float(np.abs(np.diff(waves, axis=2)).max()) < 0.6
