"""Which slices of a series are one volume: by what differs at a place, in the words of public and private attributes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from engine.imaging.dicom_facts import FACTS
from engine.imaging.dicom_frames import to_index
from engine.imaging.dicom_volumes import Images
from engine.imaging.dicom_volumes import volumes as arranged
from engine.imaging.image import Image, Source
from engine.imaging.read import first_slice, read_image
from engine.imaging.scan import Found, Scan

Make: TypeAlias = Callable[..., Any]
Facts: TypeAlias = dict[str, Any]
_HEIGHTS = 6


@pytest.fixture
def volumes(make_slice: Make, run_scan: Callable[..., Scan], tmp_path: Path) -> Callable[..., list[Found]]:
    """Writes a series in which each place is taken once for each of `kinds`, and scans it.

    The slice at place z of kind k holds 100 (k + 1) + z. A kind is DICOM's keywords, or a function of z that gives them, and
    "private": (group, creator, element, VR, value). Those (z, k) in `without` are not written.
    """

    def make(
        kinds: Sequence[Facts | Callable[[int], Facts]],
        without: Sequence[tuple[int, int]] = (),
        heights: int = _HEIGHTS,
        place: Callable[[int, int], Sequence[float] | None] = lambda z, k: (0, 0, 3 * z),
        numbered: Callable[[int, int], int] | None = None,
        **more: Any,
    ) -> list[Found]:
        for z in range(heights):
            for k, kind in enumerate(kinds):
                if (z, k) in without:
                    continue
                facts = {**(kind(z) if callable(kind) else kind)}
                private = facts.pop("private", None)
                number = numbered(z, k) if numbered is not None else z * len(kinds) + k + 1
                where = place(z, k)
                if where is None:
                    facts = {"ImagePositionPatient": None, "ImageOrientationPatient": None, **facts}
                path = make_slice(
                    f"s/{number:04d}", np.full((4, 4), 100 * (k + 1) + z, np.int16), where or (),
                    **{"InstanceNumber": number, "Modality": "MR", **more, **facts},
                )  # fmt: skip
                if private is not None:
                    group, creator, element, vr, value = private
                    ds = pydicom.dcmread(path)
                    ds.private_block(group, creator, create=True).add_new(element, vr, value)
                    ds.save_as(path)
        scan = run_scan(tmp_path / "s")
        assert not scan.refused
        return list(scan.found)

    return make


def values(found: Found) -> list[int]:
    image = read_image(found.source)
    assert image.shape == found.shape and image.geometry.spacing == pytest.approx(found.spacing)
    return [int(plane[0, 0]) for plane in image.pixels]


def texts(found: Found) -> list[str]:
    return [note.text for note in found.notes]


_ALL = list(range(_HEIGHTS))
_LACKS = [z for z in _ALL if z != 3]


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        ([{"EchoNumbers": 1, "EchoTime": 10}, {"EchoNumbers": 2, "EchoTime": 20}], ["echo 1", "echo 2"]),
        ([{"EchoTime": 2.3}, {"EchoTime": 4.6}], ["TE 2.3 ms", "TE 4.6 ms"]),
        ([{"DiffusionBValue": 0.0}, {"DiffusionBValue": 1000.0}], ["b 0", "b 1000"]),
        ([{"SequenceName": "*ep_b0"}, {"SequenceName": "*ep_b1000t"}], ["b 0", "b 1000"]),
        ([{"ImageType": ["ORIGINAL", "PRIMARY", w, "ND"]} for w in ("M", "P")], ["magnitude", "phase"]),
        ([{"ImageType": ["ORIGINAL", "PRIMARY", w, "FFE"]} for w in ("M_FFE", "P_FFE")], ["magnitude", "phase"]),
        ([{"ImageType": ["DERIVED", "PRIMARY", "DIXON", w]} for w in ("FAT", "WATER")], ["fat", "water"]),
        ([{"ImageType": ["DERIVED", "PRIMARY", "OTHER", w]} for w in ("ODD", "VERYODD")], ["ODD", "veryodd"]),
        ([{"KVP": 80}, {"KVP": 140}], ["80 kV", "140 kV"]),
        ([{"TriggerTime": 0}, {"TriggerTime": 120}], ["0 ms", "120 ms"]),
        ([{"TemporalPositionIdentifier": 1}, {"TemporalPositionIdentifier": 2}], ["phase 1 of 2", "phase 2 of 2"]),
        ([{"AcquisitionNumber": 1}, {"AcquisitionNumber": 2}], ["acquisition 1", "acquisition 2"]),
        ([{}, {"ContrastBolusAgent": "Somebody"}], ["no contrast agent", "contrast agent"]),
        ([{"ConvolutionKernel": "B30f"}, {"ConvolutionKernel": "B70f"}], ["B30f", "B70f"]),
        ([{"InversionTime": 50}, {"InversionTime": 900}], ["TI 50 ms", "TI 900 ms"]),
        ([{"FlipAngle": 5}, {"FlipAngle": 15}], ["flip 5", "flip 15"]),
        ([{"SliceThickness": 1}, {"SliceThickness": 3}], ["1 mm", "3 mm"]),
        ([{"StationName": "A"}, {"StationName": "B"}], ["station 1 of 2", "station 2 of 2"]),
        ([{"Units": "BQML"}, {"Units": "CNTS"}], ["BQML", "CNTS"]),
        ([{"ImageComments": "Somebody 40 %"}, {"ImageComments": "Somebody 75 %"}], ["comment 1 of 2", "comment 2 of 2"]),
        ([{"FrameReferenceTime": 0}, {"FrameReferenceTime": 900}], ["phase 1 of 2", "phase 2 of 2"]),
        ([{"ContentTime": "101500"}, {"ContentTime": "101502.5"}], ["phase 1 of 2", "phase 2 of 2"]),
        ([{"private": (0x19, "SIEMENS MR HEADER", 0x0C, "IS", b)} for b in (0, 800)], ["b 0", "b 800"]),
        ([{"private": (0x43, "GEMS_PARM_01", 0x39, "IS", [b, 8, 0, 0])} for b in (0, 1000000800)], ["b 0", "b 800"]),
        ([{"private": (0x2001, "Philips Imaging DD 001", 0x03, "FL", b)} for b in (0.0, 800.0)], ["b 0", "b 800"]),
        ([{"private": (0x43, "GEMS_PARM_01", 0x2F, "SS", n)} for n in (0, 1)], ["magnitude", "phase"]),
        ([{"private": (0x51, "SIEMENS MR HEADER", 0x0F, "LO", n)} for n in ("C1", "C2")], ["coil 1 of 2", "coil 2 of 2"]),
    ],
    ids=lambda value: value[1] if isinstance(value[0], str) else "",
)  # fmt: skip
def test_what_differs_at_a_place_is_a_volume_of_its_own_and_none_fills_another(
    volumes: Callable[..., list[Found]], kinds: list[Facts], names: list[str]
) -> None:
    first, second = volumes(kinds, without=[(3, 0)])
    assert [first.name, second.name] == [f"chest {name}" for name in names]
    assert values(first) == [100 + z for z in _LACKS] and values(second) == [200 + z for z in _ALL]
    assert f"Volume 1 of 2 of one series: {names[0]}." in texts(first)
    assert "Missing here: 1 of the 6 places of this series (z = 9.0 mm)." in texts(first)
    assert texts(second) == [f"Volume 2 of 2 of one series: {names[1]}."]
    assert first.part is not None and second.part is not None and first.part.key == second.part.key
    assert [(p.number, p.count, p.label) for p in (first.part, second.part)] == [(1, 2, names[0]), (2, 2, names[1])]


def test_the_key_of_a_series_tells_no_uid_and_stays_the_same(
    volumes: Callable[..., list[Found]], run_scan: Callable[..., Scan], tmp_path: Path
) -> None:
    first, second = volumes([{"EchoNumbers": 1}, {"EchoNumbers": 2}])
    for file in second.source.files[2:]:
        Path(file).unlink()
    again = run_scan(tmp_path / "s").found
    assert {one.part.key for one in (first, second, *again) if one.part is not None} == {first.part.key}  # type: ignore[union-attr]
    assert "1.2.3" not in repr(first.part)


def test_an_end_that_is_missing_is_said_too(volumes: Callable[..., list[Found]]) -> None:
    first, _ = volumes([{"EchoNumbers": 1}, {"EchoNumbers": 2}], without=[(0, 0), (5, 0)])
    assert texts(first)[0] == "Missing here: 2 of the 6 places of this series (z = 0.0, 15.0 mm)."
    assert values(first) == [101, 102, 103, 104]


def test_b_value_and_direction_name_a_volume_together(volumes: Callable[..., list[Found]]) -> None:
    weighted = [{"DiffusionBValue": 900.0, "DiffusionGradientOrientation": list(d)} for d in np.eye(3)]
    found = volumes([{"DiffusionBValue": 0.0}, *weighted])
    assert [one.part.label for one in found if one.part is not None] == [
        "b 0", "b 900 direction 1", "b 900 direction 2", "b 900 direction 3",
    ]  # fmt: skip
    assert [set(np.array(values(one)) // 100) for one in found] == [{1}, {2}, {3}, {4}]


def test_times_that_drift_from_slice_to_slice_are_phases_and_a_missing_one_shifts_none(
    volumes: Callable[..., list[Found]],
) -> None:
    def phase(k: int) -> Callable[[int], Facts]:
        return lambda z: {"TriggerTime": round(40 * k * (1 + 0.02 * z), 1)}

    found = volumes([phase(k) for k in range(5)], without=[(1, 2)])
    assert [one.name for one in found] == [f"chest phase {k} of 5" for k in range(1, 6)]
    for k, one in enumerate(found):
        assert values(one) == [100 * (k + 1) + z for z in _ALL if (z, k) != (1, 2)]


def test_descriptions_that_differ_are_the_names(volumes: Callable[..., list[Found]]) -> None:
    found = volumes([{"SeriesDescription": "early"}, {"SeriesDescription": "late"}])
    assert [one.name for one in found] == ["early", "late"] and len({one.part.key for one in found if one.part}) == 1


def test_a_number_that_grows_with_the_slices_tears_no_volume(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([lambda z: {"AcquisitionNumber": z // 3, "TriggerTime": 20 * z, "ContentTime": f"1200{z:02d}"}])
    assert values(one) == [100 + z for z in _ALL] and one.part is None and one.name == "chest"


def test_a_private_number_without_meaning_tears_no_volume(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([lambda z: {"private": (0x43, "GEMS_PARM_01", 0x39, "IS", [7 * z, 8, 0, 0])}])
    assert values(one) == [100 + z for z in _ALL]


def test_energies_at_places_of_their_own_are_not_mixed(volumes: Callable[..., list[Found]]) -> None:
    low, high = volumes([{"KVP": 80}, {"KVP": 140}], place=lambda z, k: (0, 0, 6 * z + 3 * k))
    assert values(low) == [100 + z for z in _ALL] and values(high) == [200 + z for z in _ALL]
    assert low.spacing[0] == high.spacing[0] == 6 and not any("Missing" in text for text in texts(low))


def test_what_was_made_after_the_examination_is_no_slice_of_it(volumes: Callable[..., list[Found]]) -> None:
    def kind(z: int) -> Facts:
        made = ["DERIVED", "SECONDARY", "REFORMATTED"]
        return {"ImageType": made if z == _HEIGHTS - 1 else ["ORIGINAL", "PRIMARY", "AXIAL"]}

    taken, made = volumes([kind])
    assert values(taken) == [100 + z for z in _ALL[:-1]] and values(made) == [100 + _ALL[-1]]
    assert [one.part.label for one in (taken, made) if one.part] == ["primary", "secondary"]


@pytest.mark.parametrize("numbered", [lambda z, k: 2 * z + k + 1, lambda z, k: 6 * k + z + 1])
@pytest.mark.parametrize("lacking", [(0, 0), (3, 0), (5, 1)])
def test_where_nothing_differs_the_numbers_tell_which_is_missing(
    volumes: Callable[..., list[Found]], numbered: Callable[[int, int], int], lacking: tuple[int, int]
) -> None:
    found = volumes([{}, {}], without=[lacking], numbered=numbered)
    assert [one.name for one in found] == ["chest part 1 of 2", "chest part 2 of 2"]
    for k, one in enumerate(found):
        assert values(one) == [100 * (k + 1) + z for z in _ALL if (z, k) != lacking]


@pytest.mark.parametrize(
    "who",
    [
        {"PatientID": "OTHER"},
        {"PatientName": "Other^Person"},
        {"PatientBirthDate": "19500101"},
        {"StudyInstanceUID": "1.9"},
        {"FrameOfReferenceUID": "1.9"},
    ],
)
@pytest.mark.parametrize("shift", [0.0, 1.5, 18.0])
def test_patients_and_studies_are_never_mixed(volumes: Callable[..., list[Found]], who: Facts, shift: float) -> None:
    found = volumes([{}, who], place=lambda z, k: (0, 0, 3 * z + shift * k))
    assert sorted(values(one) for one in found) == [[100 + z for z in _ALL], [200 + z for z in _ALL]]
    assert all("were kept apart" in texts(one)[0] and one.part is None for one in found)


def test_a_frame_of_reference_for_each_file_tells_nothing(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([lambda z: {"FrameOfReferenceUID": f"1.2.{z + 1}"}])
    assert values(one) == [100 + z for z in _ALL]


def test_slices_with_a_series_uid_each_are_joined_and_said(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([lambda z: {"SeriesInstanceUID": f"1.2.{z + 1}", "SeriesNumber": 4}])
    assert values(one) == [100 + z for z in _ALL]
    assert texts(one) == ["Each slice has a series UID of its own; they were joined by their places and numbers."]


def test_single_slices_of_different_series_are_not_joined(volumes: Callable[..., list[Found]]) -> None:
    assert len(volumes([lambda z: {"SeriesInstanceUID": f"1.2.{z + 1}", "SeriesNumber": z}])) == 6


@pytest.mark.parametrize("depth", [0.0, 2.0])
def test_stations_of_a_table_are_not_interleaved(volumes: Callable[..., list[Found]], depth: float) -> None:
    coronal = [1, 0, 0, 0, 0, -1]
    found = volumes([{}, {}], place=lambda z, k: (0, 4 * z + depth * k, 300 * k), ImageOrientationPatient=coronal)
    assert [one.name for one in found] == ["chest station 1 of 2", "chest station 2 of 2"]
    assert [values(one) for one in found] == [[100 + z for z in _ALL], [200 + z for z in _ALL]]
    assert [one.spacing[0] for one in found] == [4, 4] and found[0].part is None


def test_tilted_stations_are_told_apart_by_what_their_slices_say(volumes: Callable[..., list[Found]]) -> None:
    found = volumes(
        [{"AcquisitionNumber": 1}, {"AcquisitionNumber": 2}], place=lambda z, k: (0, 1.5 * z + 300 * k, 3 * z + 1.5 * k)
    )
    assert [one.name for one in found] == ["chest station 1 of 2", "chest station 2 of 2"]
    assert [values(one) for one in found] == [[100 + z for z in _ALL], [200 + z for z in _ALL]]


def test_acquisitions_that_overlap_without_sharing_a_place_are_not_interleaved(
    volumes: Callable[..., list[Found]],
) -> None:
    found = volumes(
        [{"AcquisitionNumber": 1}, {"AcquisitionNumber": 2}],
        place=lambda z, k: (0, 0, 3 * z + 10.5 * k),
        without=[(2, 1)],
    )
    assert [one.name for one in found] == ["chest acquisition 1", "chest acquisition 2"]
    assert [values(one) for one in found] == [[100 + z for z in _ALL], [200 + z for z in _ALL if z != 2]]


def test_a_volume_that_was_taken_in_two_turns_is_one(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([{"AcquisitionNumber": 1}, {"AcquisitionNumber": 2}], place=lambda z, k: (0, 0, 6 * z + 3 * k))
    assert one.shape[0] == 12 and one.spacing[0] == 3


def test_directions_name_the_stacks_of_a_series(volumes: Callable[..., list[Found]]) -> None:
    sagittal = [0, 1, 0, 0, 0, -1]
    found = volumes([{}, {"ImageOrientationPatient": sagittal}], place=lambda z, k: (3 * z * k, 0, 3 * z * (1 - k)))
    assert [one.name for one in found] == ["chest axial", "chest sagittal"]


def test_stacks_of_one_direction_are_named_by_their_size(
    make_slice: Make, run_scan: Callable[..., Scan], tmp_path: Path
) -> None:
    for z in range(3):
        make_slice(f"s/a{z}", np.zeros((4, 4), np.uint16), (0, 0, z), InstanceNumber=z)
        make_slice(f"s/b{z}", np.zeros((4, 6), np.uint16), (0, 0, z), InstanceNumber=10 + z)
    assert [one.name for one in run_scan(tmp_path / "s").found] == ["chest 4 x 4", "chest 6 x 4"]


@pytest.mark.parametrize(("description", "names"), [("", ["0001", "0002"]), ("cine", ["cine 0 ms", "cine 40 ms"])])
def test_single_pictures_keep_the_names_of_their_files_where_the_header_has_none(
    volumes: Callable[..., list[Found]], description: str, names: list[str]
) -> None:
    found = volumes([{"TriggerTime": 0}, {"TriggerTime": 40}], heights=1, SeriesDescription=description)
    assert [one.name for one in found] == names and all(one.part is not None for one in found)


def test_a_lone_scout_does_not_rename_the_series(volumes: Callable[..., list[Found]]) -> None:
    def with_scout(z: int) -> Facts:
        return {"ImageOrientationPatient": [1, 0, 0, 0, 0, -1], "PixelSpacing": [1, 1]} if z == 0 else {}

    assert [one.name for one in volumes([with_scout])] == ["0001", "chest"]


def test_slices_that_turn_are_a_stack_without_a_distance(volumes: Callable[..., list[Found]]) -> None:
    def turned(z: int) -> Facts:
        return {"ImageOrientationPatient": [np.cos(0.4 * z), np.sin(0.4 * z), 0, 0, 0, -1]}

    (one,) = volumes([turned], place=lambda z, k: (-50 * np.cos(0.4 * z), -50 * np.sin(0.4 * z), 20))
    assert values(one) == [100 + z for z in _ALL]
    assert "point in different directions" in texts(one)[0] and "lengths are in pixels" in texts(one)[1]
    geometry = read_image(one.source).geometry
    assert not geometry.patient_based and not geometry.calibrated


def test_slices_along_a_curve_are_a_stack_without_a_distance(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([{}], heights=10, place=lambda z, k: (0, 10 * np.sin(z / 2), 3 * z), numbered=lambda z, k: 20 - z)
    assert values(one) == [109 - z for z in range(10)], "in the order of their numbers"
    assert "do not lie on one line" in texts(one)[0]
    assert not read_image(one.source).geometry.calibrated


def test_a_tilted_gantry_is_still_a_volume(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([{}], place=lambda z, k: (0, 1.2 * z, 3 * z))
    assert texts(one) == ["The slices are shifted against each other (tilted gantry)."]
    assert read_image(one.source).geometry.patient_based


def test_slices_without_positions_are_a_stack_by_their_numbers(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([lambda z: {"SliceLocation": 30 - 5 * z}], place=lambda z, k: None, Modality="CT")
    assert values(one) == [100 + z for z in _ALL] and one.spacing == (5, 0.5, 0.25)
    assert texts(one) == ["The slices have no positions: they are a stack in the order of their numbers."]
    assert not read_image(one.source).geometry.patient_based
    assert first_slice(one.source).pixels[0, 0, 0] == 103


def test_slices_with_neither_positions_nor_numbers_go_by_their_locations(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([lambda z: {"SliceLocation": 30 - 5 * z, "InstanceNumber": None}], place=lambda z, k: None)
    assert values(one) == [105 - z for z in _ALL] and one.spacing[0] == 5


def test_slices_without_a_direction_are_a_stack_at_their_distance(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([{}], ImageOrientationPatient=None)
    assert values(one) == [100 + z for z in _ALL] and one.spacing[0] == 3
    assert not read_image(one.source).geometry.patient_based


def test_without_positions_and_locations_no_distance_is_invented(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([{}], without=[(3, 0)], place=lambda z, k: None, Modality="CT")
    assert values(one) == [100 + z for z in _LACKS]
    assert not read_image(one.source).geometry.calibrated
    assert texts(one)[1:] == [
        "The distance between the slices is not known: lengths are in pixels.",
        "A slice is missing after the one with number 3.",
    ]


def test_echoes_without_positions_are_not_mixed(volumes: Callable[..., list[Found]]) -> None:
    def echo(n: int) -> Callable[[int], Facts]:
        return lambda z: {"EchoNumbers": n, "SliceLocation": 3 * z}

    found = volumes([echo(1), echo(2)], without=[(3, 0)], place=lambda z, k: None)
    assert [values(one) for one in found] == [[100 + z for z in _LACKS], [200 + z for z in _ALL]]
    assert any("z = 9.0 mm" in text for text in texts(found[0]))


def test_one_position_put_in_for_all_is_none(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([lambda z: {"SliceLocation": 2 * z}], place=lambda z, k: (0, 0, 0))
    assert values(one) == [100 + z for z in _ALL] and one.spacing[0] == 2
    assert "no positions" in texts(one)[0] and read_image(one.source).notes == one.notes


def test_echoes_whose_position_was_put_in_are_not_mixed(volumes: Callable[..., list[Found]]) -> None:
    def echo(n: int) -> Callable[[int], Facts]:
        return lambda z: {"EchoNumbers": n, "SliceLocation": 2 * z}

    found = volumes([echo(1), echo(2)], without=[(3, 0)], place=lambda z, k: (0, 0, 0))
    assert [values(one) for one in found] == [[100 + z for z in _LACKS], [200 + z for z in _ALL]]


@pytest.mark.parametrize("fact", [{"TemporalPositionIdentifier": 2}, {"TriggerTime": 40}])
def test_phases_whose_places_are_a_hair_apart_are_not_interleaved(
    volumes: Callable[..., list[Found]], fact: Facts
) -> None:
    (keyword,) = fact
    found = volumes([{keyword: 1}, fact], place=lambda z, k: (0, 0, 3 * z + 0.03 * k))
    assert [values(one) for one in found] == [[100 + z for z in _ALL], [200 + z for z in _ALL]]


@pytest.mark.parametrize("more", [{"Modality": "DX"}, {"Modality": "CT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}])
def test_radiographs_and_screenshots_are_no_stack(volumes: Callable[..., list[Found]], more: Facts) -> None:
    assert len(volumes([{}], place=lambda z, k: None, **more)) == 6


def test_window_of_a_series_is_that_of_its_middle_slice(volumes: Callable[..., list[Found]]) -> None:
    def window(z: int) -> Facts:
        return {
            "WindowCenter": [50 * z, 7],
            "WindowWidth": [100 * z + 1, 9],
            "RescaleSlope": 1 + z,
            "RescaleIntercept": 0,
        }

    (one,) = volumes([window], Modality="PT", Units="BQML")
    image = read_image(one.source)
    assert [(w.center, w.width) for w in image.windows] == [(150, 301), (7, 9)] and image.window == image.windows[0]
    assert first_slice(one.source).window == image.window and image.unit == "BQML"


def test_a_fact_that_is_damaged_does_not_cost_the_image(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([{"private": (0x2001, "Philips Imaging DD 001", 0x03, "UN", b"\x01\x02\x03")}])
    assert values(one) == [100 + z for z in _ALL]


# Multi-frame objects


def frame(height: float, **groups: Facts) -> Dataset:
    """Functional groups of a frame: name of the sequence = its attributes."""
    result = Dataset()
    for name, facts in {"PlanePositionSequence": {"ImagePositionPatient": [0, 0, height]}, **groups}.items():
        group = Dataset()
        for keyword, value in facts.items():
            setattr(group, keyword, value)
        setattr(result, name, Items([group]))
    return result


@pytest.fixture
def enhanced(make_slice: Make, run_scan: Callable[..., Scan], tmp_path: Path) -> Callable[..., list[Found]]:
    """Writes an enhanced object of (value, functional groups) a frame and scans it."""

    def make(frames: Sequence[tuple[int, Dataset]], name: str = "m.dcm", **more: Any) -> list[Found]:
        shared, direction, measures = Dataset(), Dataset(), Dataset()
        direction.ImageOrientationPatient, measures.PixelSpacing = [1, 0, 0, 0, 1, 0], [0.5, 0.25]
        if "PlaneOrientationSequence" not in frames[0][1]:
            shared.PlaneOrientationSequence = Items([direction])
        shared.PixelMeasuresSequence = Items([measures])
        facts = {
            "ImagePositionPatient": None, "ImageOrientationPatient": None, "PixelSpacing": None,
            "NumberOfFrames": len(frames), "SharedFunctionalGroupsSequence": Items([shared]),
            "PerFrameFunctionalGroupsSequence": Items([groups for _, groups in frames]), "Modality": "MR", **more,
        }  # fmt: skip
        make_slice(f"e/{name}", np.stack([np.full((4, 5), v, np.uint16) for v, _ in frames]), **facts)
        return list(run_scan(tmp_path / "e").found)

    return make


@pytest.mark.parametrize(
    ("group", "keyword", "told", "names"),
    [
        ("MRDiffusionSequence", "DiffusionBValue", (0.0, 1000.0), ["b 0", "b 1000"]),
        ("MREchoSequence", "EffectiveEchoTime", (10.0, 20.0), ["TE 10 ms", "TE 20 ms"]),
        ("FrameContentSequence", "TemporalPositionIndex", (1, 2), ["phase 1 of 2", "phase 2 of 2"]),
        ("FrameContentSequence", "DimensionIndexValues", ([1, 7], [2, 7]), ["index 1", "index 2"]),
        ("FrameContentSequence", "StackID", ("1", "2"), ["stack 1 of 2", "stack 2 of 2"]),
        ("CardiacSynchronizationSequence", "NominalCardiacTriggerDelayTime", (0.0, 40.0), ["0 ms", "40 ms"]),
        ("MRImageFrameTypeSequence", "ComplexImageComponent", ("MAGNITUDE", "PHASE"), ["magnitude", "phase"]),
        ("CTXRayDetailsSequence", "KVP", (80, 140), ["80 kV", "140 kV"]),
    ],
)
def test_frames_are_grouped_by_what_their_functional_groups_say(
    enhanced: Callable[..., list[Found]], group: str, keyword: str, told: tuple[Any, Any], names: list[str]
) -> None:
    frames = []
    for z in range(5):
        for k in (0, 1) if z % 2 else (1, 0):  # every other place the other way round
            if (z, k) != (2, 0):
                frames.append((100 * (k + 1) + z, frame(3 * z, **{group: {keyword: told[k]}})))
    first, second = enhanced(frames)
    assert [first.name, second.name] == [f"m {name}" for name in names]
    assert values(first) == [100, 101, 103, 104] and values(second) == [200, 201, 202, 203, 204]
    assert "Missing here: 1 of the 5 places of this series (z = 6.0 mm)." in texts(first)
    assert first.part is not None and second.part is not None and first.part.key == second.part.key
    assert first_slice(second.source).pixels[0, 0, 0] == 202


def test_only_the_frames_of_a_volume_are_decoded(
    enhanced: Callable[..., list[Found]], monkeypatch: pytest.MonkeyPatch
) -> None:
    frames = [(z, frame(3 * (z // 10), FrameContentSequence={"TemporalPositionIndex": z % 10})) for z in range(40)]
    found = enhanced(frames)
    monkeypatch.setattr("engine.imaging.budget.budget", lambda: 4 * 4 * 5 * 2)  # room for one volume of four slices
    assert len(found) == 10 and values(found[3]) == [3, 13, 23, 33]


def test_frames_of_two_directions_are_two_volumes(enhanced: Callable[..., list[Found]]) -> None:
    def turned(z: int, direction: list[int]) -> Dataset:
        return frame(3 * z, PlaneOrientationSequence={"ImageOrientationPatient": direction})

    frames = [(z, turned(z, [1, 0, 0, 0, 1, 0])) for z in range(3)]
    frames += [(10 + z, frame(0, PlaneOrientationSequence={"ImageOrientationPatient": [1, 0, 0, 0, 0, -1]},
                PlanePositionSequence={"ImagePositionPatient": [0, 4 * z, 0]})) for z in range(3)]  # fmt: skip
    found = enhanced(frames)
    assert [(one.name, one.source.index, one.spacing[0]) for one in found] == [
        ("m axial", "f0-2", 3), ("m coronal", "f3-5", 4),
    ]  # fmt: skip
    assert [values(one) for one in found] == [[0, 1, 2], [10, 11, 12]]


def test_echoes_of_one_place_are_apart_and_times_are_a_stack(enhanced: Callable[..., list[Found]]) -> None:
    frames = [
        (10 * echo + t, frame(0, MREchoSequence={"EffectiveEchoTime": echo}, FrameContentSequence={"TemporalPositionIndex": t}))
        for t in (1, 2, 3)
        for echo in (4, 8)
    ]  # fmt: skip
    found = enhanced(frames)
    assert [one.name for one in found] == ["m TE 4 ms", "m TE 8 ms"]
    assert [values(one) for one in found] == [[41, 42, 43], [81, 82, 83]]


def test_objects_that_hold_a_phase_each_are_parts_of_one_series(enhanced: Callable[..., list[Found]]) -> None:
    for t in (2, 1):
        phases = [(10 * t + z, frame(3 * z, FrameContentSequence={"TemporalPositionIndex": t})) for z in range(3)]
        found = enhanced(phases, f"{t}.dcm", SeriesInstanceUID="1.2.7")
    assert [one.name for one in found] == ["1 phase 1 of 2", "2 phase 2 of 2"]
    assert [values(one) for one in found] == [[10, 11, 12], [20, 21, 22]]
    assert {(one.part.key, one.part.count) for one in found if one.part is not None} == {(found[0].part.key, 2)}  # type: ignore[union-attr]


def of_one_file(make_slice: Make, run_scan: Callable[..., Scan], path: str, frames: int, **more: Any) -> list[Found]:
    pixels = np.stack([np.full((4, 5), z, np.int16) for z in range(frames)])
    return list(run_scan(make_slice(path, pixels, (-8, -9, 100), NumberOfFrames=frames, **more)).found)


@pytest.mark.parametrize(("between", "thickness", "word"), [(0.7, 9.0, "distance"), (None, 0.7, "thickness")])
def test_a_volume_in_one_ct_file_has_its_place(
    make_slice: Make, run_scan: Callable[..., Scan], between: float | None, thickness: float, word: str
) -> None:
    (one,) = of_one_file(make_slice, run_scan, "cbct", 5, SpacingBetweenSlices=between, SliceThickness=thickness)
    geometry = read_image(one.source).geometry
    np.testing.assert_allclose(geometry.affine @ (4, 0, 0, 1), (-8, -9, 100 + 4 * 0.7, 1))
    assert geometry.patient_based and geometry.calibrated and values(one) == [0, 1, 2, 3, 4]
    assert len(one.notes) == 1 and word in texts(one)[0] and "0.7 mm" in texts(one)[0]


def test_a_film_of_an_angiogram_is_no_volume(make_slice: Make, run_scan: Callable[..., Scan]) -> None:
    (one,) = of_one_file(
        make_slice,
        run_scan,
        "xa",
        5,
        Modality="XA",
        SpacingBetweenSlices=2,
        FrameIncrementPointer=0x00181063,
        FrameTime=40,
    )
    assert not read_image(one.source).geometry.patient_based and values(one) == [0, 1, 2, 3, 4]


def nuclear(kind: str, step: float, **more: Any) -> Facts:
    detector = Dataset()
    detector.ImagePositionPatient, detector.ImageOrientationPatient = [-50, -60, 80], [1, 0, 0, 0, 1, 0]
    return {
        "Modality": "NM", "ImageType": ["ORIGINAL", "PRIMARY", kind, "EMISSION"], "SpacingBetweenSlices": step,
        "DetectorInformationSequence": Items([detector]), "ImagePositionPatient": None, "ImageOrientationPatient": None, **more,
    }  # fmt: skip


@pytest.mark.parametrize("step", [4.0, -4.0])
def test_a_tomogram_of_nuclear_medicine_keeps_the_place_of_its_detector(
    make_slice: Make, run_scan: Callable[..., Scan], step: float
) -> None:
    (one,) = of_one_file(make_slice, run_scan, "spect", 5, **nuclear("RECON TOMO", step, NumberOfSlices=5))
    image = read_image(one.source)
    assert values(one) == [0, 1, 2, 3, 4] and image.geometry.patient_based
    np.testing.assert_allclose(image.geometry.affine @ (4, 0, 0, 1), (-50, -60, 80 + 4 * step, 1))


def test_a_gated_tomogram_is_a_volume_for_each_time(make_slice: Make, run_scan: Callable[..., Scan]) -> None:
    gated = nuclear(
        "RECON GATED TOMO", 4, NumberOfSlices=3, SliceVector=[1, 2, 3] * 2, TimeSlotVector=[1] * 3 + [2] * 3
    )
    found = of_one_file(make_slice, run_scan, "gated", 6, **gated)
    assert [one.name for one in found] == ["gated phase 1 of 2", "gated phase 2 of 2"]
    assert [values(one) for one in found] == [[0, 1, 2], [3, 4, 5]]


def test_projections_of_nuclear_medicine_are_no_volume(make_slice: Make, run_scan: Callable[..., Scan]) -> None:
    (one,) = of_one_file(make_slice, run_scan, "tomo", 4, **nuclear("TOMO", 4))
    assert not read_image(one.source).geometry.patient_based


def test_an_index_of_frames_is_short_where_they_are_regular() -> None:
    assert to_index(range(0, 2000, 2)) == "f0-1998/2"
    assert to_index([4, 3, 2, 7]) == "f4,3,2,7"
    assert to_index([0, 1, 2, 5]) == "f0-2,5"


# Words


@pytest.mark.parametrize("signed", [False, True])
def test_values_at_the_top_of_their_words_are_moved_down(
    make_slice: Make, run_scan: Callable[..., Scan], signed: bool
) -> None:
    true = np.arange(64, dtype=np.int16).reshape(8, 8) - (32 if signed else 0)
    words = ((true << 4) | 0b0101).astype(np.int16 if signed else np.uint16)
    paths = [make_slice(f"h/{k}", words, (0, 0, k), BitsStored=12, HighBit=15, InstanceNumber=k) for k in range(3)]
    (one,) = run_scan(paths[0].parent).found
    image: Image = read_image(one.source)
    np.testing.assert_array_equal(image.pixels[1], true)
    np.testing.assert_array_equal(first_slice(one.source).pixels[0], true)


@pytest.mark.parametrize(("kind", "padding", "written"), [(np.int16, -2000, 63536), (np.uint16, 65535, 65535)])
def test_padding_does_not_decide_the_window(make_slice: Make, kind: Any, padding: int, written: int) -> None:
    pixels = np.linspace(100, 200, 64).astype(kind).reshape(8, 8)
    pixels[:3] = padding
    path = make_slice(
        "pad", pixels, PixelPaddingValue=written if kind is np.uint16 else padding, RescaleSlope=2, RescaleIntercept=-10
    )
    window = read_image(Source((str(path),), "dicom")).window
    assert 190 < window.low < window.high < 400


@pytest.mark.parametrize("wrong", [{"BitsAllocated": 32776}, {"BitsStored": 20}, {"SamplesPerPixel": 7}])
def test_absurd_words_are_refused_by_name_and_the_rest_comes_in(
    make_slice: Make, run_scan: Callable[..., Scan], wrong: Facts
) -> None:
    make_slice("w/bad", np.zeros((4, 4), np.uint16), SeriesInstanceUID="9", **wrong)
    good = make_slice("w/good", np.zeros((4, 4), np.uint16))
    scan = run_scan(good.parent)
    assert [one.name for one in scan.found] == ["good"] and [one.file for one in scan.refused] == ["bad"]
    assert "it claims" in scan.refused[0].reason


@pytest.mark.parametrize("frames", [2_000_000_000, 900_000])
def test_a_claim_of_frames_without_end_is_refused_at_once(
    enhanced: Callable[..., list[Found]], run_scan: Callable[..., Scan], tmp_path: Path, frames: int
) -> None:
    enhanced([(z, frame(z)) for z in range(3)])
    ds = pydicom.dcmread(tmp_path / "e" / "m.dcm")
    ds.NumberOfFrames = frames
    ds.save_as(tmp_path / "e" / "m.dcm")
    scan = run_scan(tmp_path / "e")
    assert not scan.found and [one.file for one in scan.refused] == ["m.dcm"]


def test_more_frames_than_the_header_claims_are_not_taken_for_slices_and_that_is_said(
    make_slice: Make, run_scan: Callable[..., Scan]
) -> None:
    path = make_slice(
        "many",
        np.zeros((12, 3, 3, 3), np.uint8),
        NumberOfFrames=12,
        Rows=3,
        Columns=3,
        SamplesPerPixel=3,
        PhotometricInterpretation="RGB",
        PlanarConfiguration=0,
    )
    ds = pydicom.dcmread(path)
    ds.NumberOfFrames = 1
    ds.save_as(path)
    image = read_image(Source((str(path),), "dicom"))
    assert image.pixels.shape == (1, 3, 3, 3)
    said = "The file holds pixels of 12 frames, and its header counts 1: the last are left out."
    assert said in [note.text for note in image.notes] and said in texts(run_scan(path).found[0])


@pytest.mark.parametrize(("shape", "bits"), [((1, 1), 8), ((3, 3), 8), ((3, 3), 1), ((4, 5), 16)])
def test_a_byte_that_is_filled_up_is_no_frame(make_slice: Make, shape: tuple[int, int], bits: int) -> None:
    path = make_slice("one", np.zeros(shape, np.uint16 if bits == 16 else np.uint8), Rows=shape[0], Columns=shape[1])
    if bits == 1:
        ds = pydicom.dcmread(path)
        ds.BitsAllocated = ds.BitsStored = 1
        ds.HighBit, ds.PixelData = 0, b"\0\0"
        ds.save_as(path)
    assert not any("frames" in note.text for note in read_image(Source((str(path),), "dicom")).notes)


# Many at once


@pytest.mark.parametrize("seed", range(40))
def test_whatever_differs_no_volume_mixes_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    facts = [k for k, fact in enumerate(FACTS) if not fact.time]
    first, second = (int(k) for k in random.choice(facts, 2, replace=False))
    kinds = [(a, b) for a in range(random.integers(2, 4)) for b in range(random.integers(1, 4))]
    images, owners = list[tuple[Any, ...]](), list[tuple[int, int]]()
    for z in range(8):
        for kind in kinds:
            if random.random() < 0.95:
                said: list[Any] = [None] * len(FACTS)
                said[first], said[second] = float(kind[0]), float(kind[1])
                images.append((tuple(said), z, (0.0, 0.0, 0.0, float(len(images)))))
                owners.append(kind)
    facts_of, places, order = (list(column) for column in zip(*images, strict=True))
    found = arranged(Images(facts_of, places, order))
    assert [len({owners[m] for m in volume.members}) for volume in found] == [1] * len(kinds)
    assert sorted(m for volume in found for m in volume.members) == list(range(len(images)))


def test_series_of_one_name_are_told_apart_by_their_modality(
    make_slice: Make, run_scan: Callable[..., Scan], tmp_path: Path
) -> None:
    for kind in ("CT", "PT"):
        for z in range(3):
            facts = {
                "Modality": kind,
                "SeriesDescription": "WB",
                "InstanceNumber": z + 1,
                "SeriesInstanceUID": f"1.2.{len(kind)}.{ord(kind[0])}",
            }
            make_slice(f"s/{kind}{z}", np.full((4, 4), z, np.int16), (0, 0, 3 * z), **facts)
    assert sorted(one.name for one in run_scan(tmp_path / "s").found) == ["WB CT", "WB PT"]


def test_a_slice_that_lost_its_rescale_is_said(volumes: Callable[..., list[Found]]) -> None:
    scale = {"Modality": "CT", "RescaleSlope": 1, "RescaleIntercept": -1024}
    (one,) = volumes([lambda z: scale | ({"RescaleIntercept": 0} if z == 2 else {})])
    assert [note.text for note in one.notes] == [
        "Slices stored from 0 HU, and not from -1024: 1 of 6. Where the file is wrong, they are not in HU."
    ]
    (same,) = volumes([scale])
    assert same.notes == ()


@pytest.mark.parametrize("lost", [0, 2])
def test_an_unsigned_slice_that_lost_its_rescale_is_said(
    make_slice: Make, run_scan: Callable[..., Scan], lost: int
) -> None:
    """Alone it cannot be told to be in HU."""
    for z in range(5):
        scale = {} if z == lost else {"RescaleSlope": 1, "RescaleIntercept": -1024}
        make_slice(f"s/{z}", np.full((4, 4), 1024 + z, np.uint16), (0, 0, 3 * z), InstanceNumber=z + 1, **scale)
    (one,) = run_scan(
        make_slice("s/4", np.full((4, 4), 1028, np.uint16), (0, 0, 12), InstanceNumber=5, **scale).parent
    ).found
    assert "Slices stored from 0 HU, and not from -1024: 1 of 5. Where the file is wrong, they are not in HU." in texts(
        one
    )


# Places


@pytest.mark.parametrize("step", [0.002, 0.009, 0.010, 0.011])
@pytest.mark.parametrize("rows", [None, "missing"])
def test_slices_of_micro_ct_are_places_of_their_own(
    make_slice: Make, run_scan: Callable[..., Scan], tmp_path: Path, step: float, rows: str | None
) -> None:
    spacing = {"PixelSpacing": [step, step], "SliceThickness": step}
    for z in range(30):
        if rows is None or z != 7:
            where = (0.3 * step, -12.5, round(17.3 + z * step, 6))
            make_slice(f"m/{z:02d}", np.full((4, 4), z, np.int16), where, InstanceNumber=z + 1, **spacing)
    (one,) = run_scan(tmp_path / "m").found
    image = read_image(one.source)
    assert values(one) == [z for z in range(30) if rows is None or z != 7]
    assert image.geometry.spacing == pytest.approx((step, step, step), rel=1e-3) and image.geometry.patient_based
    assert len(texts(one)) == (0 if rows is None else 1)
    assert all(f"(gap {2000 * step:.0f} µm, step {1000 * step:.0f} µm)" in text for text in texts(one))


def test_frames_of_micro_ct_are_places_of_their_own(enhanced: Callable[..., list[Found]]) -> None:
    found = enhanced([(z, frame(0.009 * z)) for z in range(5)], PixelSpacing=[0.009, 0.009])
    image = read_image(found[0].source)
    assert len(found) == 1 and image.geometry.patient_based
    assert image.geometry.spacing == pytest.approx((0.009, 0.009, 0.009))


# Careless anonymizers


def test_one_instance_uid_for_all_makes_no_copies(volumes: Callable[..., list[Found]]) -> None:
    found = volumes([{"TemporalPositionIdentifier": k} for k in (1, 2, 3)], SOPInstanceUID="1.2.3")
    assert [values(one) for one in found] == [[100 * k + z for z in _ALL] for k in (1, 2, 3)]


def test_one_instance_uid_for_all_slices_without_positions_makes_no_copies(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([{}], place=lambda z, k: None, SOPInstanceUID="1.2.3", Modality="CT")
    assert values(one) == [100 + z for z in _ALL]


def test_a_copy_with_another_number_stays_a_copy(make_slice: Make, run_scan: Callable[..., Scan]) -> None:
    for z in range(3):
        for number in (z + 1, z + 11):
            facts = {"SOPInstanceUID": f"1.2.{z + 1}", "InstanceNumber": number}
            path = make_slice(f"c/{number}", np.full((4, 4), z, np.int16), (0, 0, 3 * z), **facts)
    scan = run_scan(path.parent)
    assert [values(one) for one in scan.found] == [[0, 1, 2]]
    assert len(scan.refused) == 3 and all("is a copy of" in one.reason for one in scan.refused)


def _new_uids(z: int, **more: Any) -> Facts:
    uids = ("SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID")
    return {uid: f"1.{n}.{z + 1}" for n, uid in enumerate(uids, 2)} | {"SeriesNumber": 4} | more


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({}, "a series and a study UID"),
        ({"StudyInstanceUID": "1.9"}, "a series UID"),
        ({"FrameOfReferenceUID": "1.9"}, "a series and a study UID"),
        ({"FrameOfReferenceUID": None}, "a series and a study UID"),
    ],
)
def test_slices_whose_uids_are_all_new_are_joined_and_said(
    volumes: Callable[..., list[Found]], kept: Facts, said: str
) -> None:
    (one,) = volumes([lambda z: _new_uids(z, **kept)])
    assert values(one) == [100 + z for z in _ALL] and said in texts(one)[0]


@pytest.mark.parametrize(
    ("place", "more"),
    [
        (lambda z, k: (0, 0, 3 * z + 1.5 * k), lambda k: {}),
        (lambda z, k: (0, 0, 3 * z), lambda k: {}),
        (lambda z, k: (0, 0, 3 * z + 18 * k), lambda k: {"PatientID": f"{k}"}),
    ],
    ids=["between each other", "at the same places", "one above the other"],
)
def test_two_stacks_whose_uids_are_all_new_are_never_mixed(
    volumes: Callable[..., list[Found]], place: Any, more: Callable[[int], Facts]
) -> None:
    kinds = [lambda z, k=k: _new_uids(10 * z + k, **more(k)) for k in (0, 1)]
    found = volumes(kinds, place=place, numbered=lambda z, k: z + 1 + 10 * k)
    assert all(len({value // 100 for value in values(one)}) == 1 for one in found)


@pytest.mark.parametrize(
    ("heights", "numbers"),
    [((10, 40, 80, 100, 130, 160), (4, 14, 27, 33, 44, 54)), ((0, 3, 7, 9, 12, 15), (1, 2, 3, 4, 5, 6))],
)
def test_single_slices_of_several_studies_stay_alone(
    volumes: Callable[..., list[Found]], heights: Sequence[int], numbers: Sequence[int]
) -> None:
    """One from each visit, as people keep what they showed."""
    found = volumes([_new_uids], place=lambda z, k: (0, 0, heights[z]), numbered=lambda z, k: numbers[z])
    assert [len(values(one)) for one in found] == [1] * _HEIGHTS


def test_a_slice_that_is_missing_among_new_uids_is_said(volumes: Callable[..., list[Found]]) -> None:
    (one,) = volumes([_new_uids], without=[(2, 0)])
    assert values(one) == [100, 101, 103, 104, 105] and any("A slice is missing" in text for text in texts(one))


def test_slices_of_nobody_whose_uids_are_all_new_stay_alone(volumes: Callable[..., list[Found]]) -> None:
    found = volumes([lambda z: _new_uids(z, PatientID=None, PatientName=None)])
    assert [len(values(one)) for one in found] == [1] * _HEIGHTS
