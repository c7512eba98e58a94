import csv
import warnings
from pathlib import Path

import numpy as np
import pydicom
from pydicom.pixels.processing import apply_modality_lut

from engine.errors import EngineError
from engine.imaging.geometry import resample_labels
from engine.imaging.image import Source
from engine.imaging.read import first_slice, read_image, read_labels
from engine.imaging.scan import scan
from engine.progress import result_of
from engine.project.likely_masks import unlikely_scans


def test_every_dicom_file_that_somebody_reads_is_read(data: Path) -> None:
    """All that pydicom reads with GDCM by the index, and six more; four of them are segmentations, refused as images."""
    folder, read, missed, texts = data / "dicom_mix_dev", 0, [], []
    for row in csv.DictReader((folder / "index.csv").read_text().splitlines()):
        source = Source((str(folder / row["file"]),), "dicom")
        try:
            image, first = read_image(source), first_slice(source)
        except EngineError as fault:
            texts.append((Path(row["file"]).name, fault.text))
            if row["decode"].startswith("ok"):
                missed.append((row["file"], fault.text))
            continue
        read += 1
        assert image.pixels.shape[:3] == image.shape and first.shape == (1, *image.shape[1:])
        np.testing.assert_array_equal(first.pixels[0], image.pixels[image.shape[0] // 2])
        if row["decode"].startswith("ok") and not image.color:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                dataset = pydicom.dcmread(source.files[0])
                expected = apply_modality_lut(dataset.pixel_array, dataset) * float(dataset.get("DoseGridScaling", 1))
            np.testing.assert_allclose(image.pixels.astype(float), expected.reshape(image.shape), rtol=1e-6)
    assert read >= 113
    assert all(text.startswith(name) for name, text in texts)
    assert all("segmentation" in text for _, text in missed) and len(missed) == 4


def test_labels_are_laid_on_the_ct_at_their_millimetre(data: Path) -> None:
    folder = data / "ct_totalseg_dicom"
    result = result_of(scan([folder / "dicom"]))
    (one,) = result.found
    assert not result.refused and one.shape == (20, 512, 512) and one.notes == ()
    np.testing.assert_allclose(one.spacing, (2, 0.9765625, 0.9765625))
    image = read_image(one.source)
    assert image.pixels.dtype == np.int16 and image.unit == "HU" and image.pixels.min() == -1024
    values, grid = read_labels(folder / "seg.nii.gz")
    assert grid is not None
    laid = resample_labels(values.astype(np.uint8), grid, image.geometry)
    index = np.stack(np.nonzero(values))
    mm = grid.affine @ np.vstack([index, np.ones(index.shape[1])])
    back = np.linalg.solve(image.geometry.affine, mm)[:3]
    assert np.abs(back - np.rint(back)).max() < 0.01
    np.testing.assert_array_equal(laid[tuple(np.rint(back).astype(int))], values[tuple(index)])
    assert (laid > 0).sum() == index.shape[1]
    spleen = image.pixels[laid == 1]
    assert 20 < np.median(spleen) < 250  # soft tissue with contrast, not air: the labels are where the organs are


def test_the_series_of_a_study_are_told_apart(data: Path) -> None:
    found = result_of(scan([data / "mr_brain_pgbm003" / "dicom"])).found
    assert {one.name: one.shape for one in found} == {
        "T1post": (22, 320, 280), "FLAIR_reg": (22, 320, 280), "HippoCrop": (40, 50, 34),
    }  # fmt: skip
    assert len({one.patient for one in found}) == 1


def test_pictures_and_masks_of_every_set_open(data: Path) -> None:
    folders = (
        "cxr_lungs_shenzhen/images",
        "em_isbi2012",
        "hippocampus_msd/images",
        "nuclei_dsb2018_coco",
        "wbc_jtsc/images",
        "spine_mri_20/images",
    )
    for name in folders:
        files = sorted(p for p in (data / name).rglob("*") if p.suffix in (".png", ".bmp", ".gz", ".tif", ".jpg"))[:8]
        result = result_of(scan(files))
        assert len(result.found) == len(files) > 0 and not result.refused
    values = {
        name: set(np.unique(read_labels(next(iter(sorted((data / name).glob("*.*")))))[0]))
        for name in ("wbc_jtsc/masks", "cxr_lungs_shenzhen/masks", "hippocampus_msd/labels")
    }
    assert values["wbc_jtsc/masks"] <= {0, 1, 2, 128, 255} and values["cxr_lungs_shenzhen/masks"] == {0, 255}
    assert values["hippocampus_msd/labels"] == {0, 1, 2}


def test_pneumoniamnist_has_its_official_split(data: Path) -> None:
    found = result_of(scan([data / "pneumoniamnist" / "pneumoniamnist.npz"])).found
    counts = [sum(one.split == split for one in found) for split in ("train", "val", "test")]
    assert counts == [4708, 524, 624]
    assert {one.label for one in found} == {0, 1} and sum(
        one.label == 1 and one.split == "test" for one in found
    ) == 390
    assert read_image(found[-1].source).pixels.shape == (1, 28, 28)


def test_mnist_opens_in_its_own_form(data: Path) -> None:
    result = result_of(scan([data / "mnist_t10k" / "t10k-images-idx3-ubyte.gz"]))
    assert len(result.found) == 10000 and not result.refused
    counts = [sum(one.label == digit for one in result.found) for digit in range(10)]
    assert counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009] and {
        one.split for one in result.found
    } == {"test"}
    assert read_image(result.found[0].source).pixels.shape == (1, 28, 28)


def test_masks_and_sheets_among_scans_are_noticed_and_scans_are_not(data: Path) -> None:
    def unlikely(name: str) -> dict[str, str]:
        return {k: v.of for k, v in result_of(unlikely_scans(result_of(scan([data / name])).found)).items()}

    assert unlikely("ct_totalseg_dicom") == {"seg": "CT Body 3.0", "sheet": ""}
    spine = unlikely("spine_mri_20")
    assert len(spine) == 21 and spine["0 (2)"] == "0" and spine["sheet"] == ""
    assert unlikely("mr_brain_pgbm003") == {"sheet": ""}
