from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import Split
from engine.errors import EngineError, NotReadable
from engine.imaging.image import Source
from engine.project.items import Item
from engine.project.splits import SETS, divide, divide_by_folders, divide_new, leaks, parse_ratios, read_table, together
from engine.project.tables import read_rows

Ratios = tuple[float, float, float]

KEPT: tuple[Split, ...] = ("test",)


def _items(patients: list[str], labels: list[int | None] | None = None) -> list[Item]:
    one = Item(0, "", Source(("/a.png",), "raster"), "", (1, 9, 9), (1, 1, 1), False, "", "")
    labels = labels or [None] * len(patients)
    return [
        replace(one, id=n + 1, name=f"i{n + 1}", patient=patient, label=label)
        for n, (patient, label) in enumerate(zip(patients, labels, strict=True))
    ]


def _counts(splits: dict[int, Split]) -> list[int]:
    counts = Counter(splits.values())
    return [counts[name] for name in SETS]


shares = st.tuples(*[st.integers(0, 100)] * 3).filter(lambda r: sum(r) > 0).map(lambda r: tuple(x / sum(r) for x in r))


@given(st.lists(st.sampled_from(["", *"abcdefgh"]), max_size=60), shares, st.integers(0, 9))
def test_patients_are_never_torn(patients: list[str], ratios: Ratios, seed: int) -> None:
    items = _items(patients)
    splits = divide(items, ratios, seed)
    assert set(splits) == {item.id for item in items}
    assert leaks([replace(item, split=splits[item.id]) for item in items]) == {}
    assert all(ratios[SETS.index(split)] > 0 for split in splits.values())
    groups = len({item.group for item in items})
    wanted = sum(share > 0 for share in ratios)
    assert len(set(splits.values())) == min(groups, wanted)


@given(st.integers(10, 300), shares, st.integers(0, 9))
def test_ratios_are_met_where_items_are_single(count: int, ratios: Ratios, seed: int) -> None:
    counts = _counts(divide(_items([""] * count), ratios, seed))
    for share, found in zip(ratios, counts, strict=True):
        assert abs(found - share * count) <= 2


@given(st.lists(st.integers(1, 8), min_size=30, max_size=60), st.integers(0, 9))
def test_ratios_are_near_with_patients_of_several_items(sizes: list[int], seed: int) -> None:
    items = _items([f"p{n}" for n, size in enumerate(sizes) for _ in range(size)])
    counts = _counts(divide(items, (0.7, 0.15, 0.15), seed))
    for share, found in zip((0.7, 0.15, 0.15), counts, strict=True):
        assert abs(found / len(items) - share) < 0.05


@given(st.lists(st.integers(0, 2), min_size=60, max_size=200), st.integers(0, 9))
def test_every_class_is_divided_alike(labels: list[int], seed: int) -> None:
    items = _items([""] * len(labels), list(labels))
    splits = divide(items, (0.6, 0.2, 0.2), seed)
    for label in set(labels):
        members = [item for item in items if item.label == label]
        for share, name in zip((0.6, 0.2, 0.2), SETS, strict=True):
            found = sum(splits[item.id] == name for item in members)
            assert abs(found - share * len(members)) <= 2


def test_rare_class_is_in_every_set() -> None:
    items = _items([""] * 100, [1 if n % 20 == 0 else 0 for n in range(100)])
    splits = divide(items, (0.6, 0.2, 0.2))
    assert {splits[item.id] for item in items if item.label == 1} == set(SETS)


def test_seed_decides() -> None:
    items = _items([""] * 50)
    assert divide(items, (0.7, 0.15, 0.15), 3) == divide(items, (0.7, 0.15, 0.15), 3)
    assert divide(items, (0.7, 0.15, 0.15), 3) == divide(items[::-1], (0.7, 0.15, 0.15), 3)
    assert divide(items, (0.7, 0.15, 0.15), 3) != divide(items, (0.7, 0.15, 0.15), 4)


def test_one_patient_stays_whole_unless_asked_otherwise() -> None:
    items = _items(["p"] * 20)
    assert _counts(divide(items, (0.5, 0.25, 0.25))) == [20, 0, 0]
    assert _counts(divide(items, (0.5, 0.25, 0.25), by_patient=False)) == [10, 5, 5]


def test_no_items_no_sets() -> None:
    assert divide([], (0.7, 0.15, 0.15)) == {}


@pytest.mark.parametrize(
    ("text", "ratios"),
    [
        ("70/15/15", (0.7, 0.15, 0.15)),
        ("7, 2, 1", (0.7, 0.2, 0.1)),
        ("1/0/0", (1, 0, 0)),
        ("0.5/0.25/0.25", (0.5, 0.25, 0.25)),
    ],
)
def test_ratios_are_parsed(text: str, ratios: Ratios) -> None:
    assert parse_ratios(text) == pytest.approx(ratios)


@pytest.mark.parametrize("text", ["", "70", "70/30", "a/b/c", "-1/1/1", "0/0/0", "nan/1/1", "inf/1/1", "1/2/3/4"])
def test_bad_ratios_are_refused(text: str) -> None:
    with pytest.raises(EngineError, match="not a split"):
        parse_ratios(text)


def test_leaks_are_patients_in_several_sets() -> None:
    items = _items(["a", "a", "b", "b", "", ""])
    sets: list[Split] = ["train", "test", "val", "val", "train", "test"]
    items = [replace(item, split=split) for item, split in zip(items, sets, strict=True)]
    assert leaks(items) == {"a": {"train", "test"}}
    assert leaks([replace(item, split="") for item in items]) == {}


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        ("item,split\ni1,train\ni2,val\ni3,test\n", 0),
        ("\ufeffsplit;item\r\nTraining;i1\r\nvalidation;i2\r\n test ;i3\r\n", 0),
        ("split,note,item\ntrain,x,i1.png\nval,,sub/i2.dcm\ntest,y,i3\nval,z,stranger\n", 1),
    ],
)
def test_sets_from_a_table(tmp_path: Path, text: str, strangers: int) -> None:
    file = tmp_path / "sets.csv"
    file.write_text(text, encoding="utf-8", newline="")
    assert read_table(file, _items([""] * 4)) == ({1: "train", 2: "val", 3: "test"}, strangers)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("item,split\ni1,train\ni2,holdout\n", "line 3: holdout"),
        ("name,set\ni1,train\n", "lacks the column item"),
        ("item\ni1\n", "lacks the column split"),
        ("", "is empty"),
        ("item,split\nstranger,train\n", "No item of"),
        ('item,split\n"' + "x" * 200000 + '",train\n', "cannot be read"),
    ],
)
def test_bad_tables_are_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "sets.csv"
    file.write_text(text)
    with pytest.raises(NotReadable, match=said) as fault:
        read_table(file, _items([""] * 4))
    assert fault.value.advice


def test_sets_are_known_by_the_words_that_folders_are_known_by(tmp_path: Path) -> None:
    file = tmp_path / "sets.csv"
    file.write_text("item,split\ni1,Entrenamiento\ni2, DEV\ni3,imagesTs\n")
    assert read_table(file, _items([""] * 4))[0] == {1: "train", 2: "val", 3: "test"}


def test_a_name_in_other_cases_is_the_same_where_it_can_mean_one_alone(tmp_path: Path) -> None:
    file = tmp_path / "sets.csv"
    rows = [r"C:\data\I1.PNG,train", "I3,val", "i3,test", "I4,val"]
    file.write_text("\n".join(["item,split", *rows]))
    items = _items([""] * 4)
    items = [replace(item, source=Source((f"/x/{item.name}.png",), "raster")) for item in items]
    two = replace(items[3], id=5, name="I4", source=Source(("/x/I4.png",), "raster"))
    assert read_table(file, [*items, two]) == ({1: "train", 3: "test", 5: "val"}, 1)


def _in_folders(*files: str) -> list[Item]:
    names = Counter[str]()
    result = []
    for n, file in enumerate(files, 1):
        stem = Path(file).stem
        names[stem] += 1
        name = stem if names[stem] == 1 else f"{stem} ({names[stem]})"
        result.append(replace(_items([""])[0], id=n, name=name, source=Source((file,), "raster")))
    return result


@pytest.mark.parametrize(
    ("rows", "sets"),
    [
        (["train/001.png,train", "test/001.png,test"], {1: "train", 2: "test"}),
        (["test/001.jpg,test", "a/train/001,train"], {1: "train", 2: "test"}),
        (["test\\001.png,test", "val/001.png,val"], {2: "test"}),
        (["001,train", "001 (2),test"], {1: "train", 2: "test"}),
        (["test/001.png,test", "test/001.png,test"], {2: "test"}),
    ],
)
def test_rows_tell_files_of_one_name_apart_by_their_folders(
    tmp_path: Path, rows: list[str], sets: dict[int, Split]
) -> None:
    file = tmp_path / "sets.csv"
    file.write_text("\n".join(["item,split", *rows]))
    items = _in_folders("/a/train/001.png", "/a/test/001.png", "/a/test/002.png")
    assert read_table(file, items)[0] == sets


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["001.png,train"], "which of several images it means by 001.png"),
        (["001,train"], "which of several images it means by 001"),
        (["train/001.png,train", "001.png,test"], "which of several|different things"),
        (["002,val", "002,test"], "different things of 002"),
    ],
)
def test_rows_that_could_mean_several_images_are_refused(tmp_path: Path, rows: list[str], said: str) -> None:
    file = tmp_path / "sets.csv"
    file.write_text("\n".join(["item,split", *rows]))
    with pytest.raises(EngineError, match=said) as fault:
        read_table(file, _in_folders("/a/train/001.png", "/a/test/001.png", "/b/test/001.png", "/a/test/002.png"))
    assert fault.value.advice


def test_missing_table_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"nowhere\.csv is not there"):
        read_rows(tmp_path / "nowhere.csv", ("item",))


def test_an_empty_cell_says_no_set(tmp_path: Path) -> None:
    file = tmp_path / "sets.csv"
    file.write_text("item,split\n001.png,train\n002.png,\n003.png,NaN\n")
    items = _in_folders("/a/001.png", "/a/002.png", "/a/003.png")
    assert read_table(file, items) == ({items[0].id: "train"}, 0)


def test_rows_of_uneven_length(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("item,split\na\nb,train,more,and more\n")
    assert read_rows(file, ("item", "split")) == [{"item": "a", "split": ""}, {"item": "b", "split": "train"}]


def test_new_items_join_the_set_of_their_patient() -> None:
    items = _items(["a", "b", "", "a", "b", "c", "", ""])
    items[0], items[1] = replace(items[0], split="test"), replace(items[1], split="val")
    new = {item.id for item in items[3:]}
    splits = divide_new(items, new, (0.5, 0.25, 0.25), 1)
    assert set(splits) == new
    assert splits[4] == "test" and splits[5] == "val"
    assert leaks([replace(item, split=splits.get(item.id, item.split)) for item in items]) == {}
    assert divide_new(items, set(), (0.5, 0.25, 0.25)) == {}


def _held(*values: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    return {number: held for number, held in enumerate(values, 1) if held}


def _sets_of(splits: dict[int, Split], ids: Iterable[int]) -> Counter[Split]:
    return Counter(splits[id] for id in ids)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=30), st.integers(0, 9), st.booleans())
def test_twins_are_never_torn(pairs: list[tuple[int, int]], seed: int, by_patient: bool) -> None:
    """Nor what is tied by them: a patient whose image is another's twin goes with that patient."""
    items = _items(["", *"abcdefg"] * 5)
    items[3], items[10] = replace(items[3], hash="x"), replace(items[10], hash="x")
    splits = divide(items, (0.6, 0.2, 0.2), seed, twins=pairs, by_patient=by_patient)
    assert set(splits) == {item.id for item in items} and splits[4] == splits[11]
    assert all(splits[one] == splits[other] for one, other in pairs)
    if by_patient:
        assert leaks([replace(item, split=splits[item.id]) for item in items]) == {}


@given(st.lists(st.frozensets(st.integers(1, 5), max_size=5), min_size=60, max_size=150), st.integers(0, 5))
def test_classes_of_masks_are_spread(held: list[frozenset[int]], seed: int) -> None:
    items, ratios = _items([""] * len(held)), (0.6, 0.2, 0.2)
    splits = divide(items, ratios, seed, held=dict(enumerate(held, 1)))
    for value in range(1, 6):
        holders = [id for id, values in enumerate(held, 1) if value in values]
        found = _sets_of(splits, holders)
        if len(holders) >= 3:
            assert found["train"], "every class is learnt"
        for share, name in zip(ratios, SETS, strict=True):
            assert abs(found[name] - share * len(holders)) <= 2 + 0.1 * len(holders)
    for share, name in zip(ratios, SETS, strict=True):
        assert abs(_counts(splits)[SETS.index(name)] - share * len(items)) <= 2 + 0.05 * len(items)


def test_rare_class_of_masks_is_in_every_set_though_its_items_are_few() -> None:
    for seed in range(10):
        items = _items([""] * 100)
        rare = {20, 55, 90}
        splits = divide(
            items, (0.7, 0.15, 0.15), seed, held={id: (1, 2) if id in rare else (1,) for id in range(1, 101)}
        )
        assert set(_sets_of(splits, rare)) == set(SETS)
        pair = {20, 55}
        splits = divide(
            items, (0.7, 0.15, 0.15), seed, held={id: (1, 2) if id in pair else (1,) for id in range(1, 101)}
        )
        assert "train" in _sets_of(splits, pair)


def test_labelled_items_are_spread_though_few_are() -> None:
    for seed in range(10):
        splits = divide(_items([""] * 200), (0.5, 0.25, 0.25), seed, held=dict.fromkeys(range(1, 21), (1,)))
        assert _sets_of(splits, range(1, 21)) == {"train": 10, "val": 5, "test": 5}
        assert _counts(splits) == [100, 50, 50]


def test_unlabelled_pixels_are_no_class() -> None:
    held = {id: (1, 255) if id < 4 else (1,) for id in range(1, 41)}
    plain = dict.fromkeys(range(1, 41), (1,))
    assert divide(_items([""] * 40), (0.6, 0.2, 0.2), held=held) == divide(
        _items([""] * 40), (0.6, 0.2, 0.2), held=plain
    )


@pytest.mark.parametrize(
    ("sizes", "patients"),
    [
        ([20] * 5, [3, 1, 1]),
        ([60, 10, 10, 10, 10], [3, 1, 1]),
        ([100, 1, 1, 1, 1], [3, 1, 1]),
        ([9, 8, 7], [1, 1, 1]),
        ([9, 8], [1, 1, 0]),
        ([9], [1, 0, 0]),
        (list(range(1, 11)), [7, 2, 1]),
        (list(range(1, 20)), [13, 3, 3]),
    ],
    ids=str,
)
def test_few_patients_are_shared_out_by_patients(sizes: list[int], patients: list[int]) -> None:
    items = _items([f"p{n}" for n, size in enumerate(sizes) for _ in range(size)])
    for seed in range(5):
        splits = divide(items, (0.7, 0.15, 0.15), seed)
        assert [len({i.patient for i in items if splits[i.id] == name}) for name in SETS] == patients


@given(st.lists(st.sampled_from(["", *"abcdefgh"]), min_size=1, max_size=60), st.integers(0, 9))
def test_kept_set_stays_and_nobody_else_knows_it(patients: list[str], seed: int) -> None:
    items = [replace(item, split="test" if item.id % 4 == 0 else "train") for item in _items(patients)]
    splits = divide(items, (0.8, 0.2, 0.5), seed, twins=[(1, 4), (2, 3)], keep=KEPT)
    assert {id for id, split in splits.items() if split == "test"} == {i.id for i in items if i.split == "test"}
    for group in together(items, [(1, 4), (2, 3)]):
        tested = any(item.split == "test" for item in group)
        assert {splits[item.id] for item in group} <= ({"test", ""} if tested else {"train", "val"})
    assert leaks([replace(item, split=splits[item.id]) for item in items]) == {}


def test_nothing_is_left_for_the_sets_that_are_not_kept() -> None:
    items = [replace(item, split="test") for item in _items([""] * 3)]
    with pytest.raises(EngineError, match="no share"):
        divide(items, (0, 0, 1), keep=KEPT)


def test_new_twin_joins_the_set_of_its_twin() -> None:
    items = _items(["", "", "c", "c"])
    items[0] = replace(items[0], split="test")
    assert divide_new(items, {2, 3, 4}, (1, 0, 0), twins=[(1, 3)]) == {2: "train", 3: "test", 4: "test"}


def test_validation_is_divided_off_what_the_folders_leave() -> None:
    patients = [f"p{n // 2}" for n in range(60)] + ["p0", "q", "q", ""]
    items = _items(patients)
    folders: dict[int, Split] = {item.id: "train" if item.id <= 60 else "test" for item in items[:-1]}
    found = divide_by_folders(items, [item.id for item in items], folders, (0.7, 0.15, 0.15))
    assert [found[61], found[62], found[63]] == ["test"] * 3, "what the folder says stays"
    assert found[1] == found[2] == "", "their patient is in the test set"
    placed = [replace(item, split=found[item.id]) for item in items]
    assert not leaks(placed) and found[64] in ("train", "val")
    count = Counter(found.values())
    assert count["test"] == 3 and abs(count["val"] - 59 * 15 / 85) <= 2
    assert found == divide_by_folders(items[::-1], [item.id for item in items], folders, (0.7, 0.15, 0.15))
    assert "val" not in divide_by_folders(items, [item.id for item in items], folders, (0, 0, 1)).values()


def test_folders_that_name_all_sets_leave_nothing_to_draw() -> None:
    items = _items(["a", "a", "b", ""])
    folders: dict[int, Split] = {1: "train", 2: "val", 3: "test"}
    assert divide_by_folders(items, [1, 2, 3, 4], folders, (0.7, 0.15, 0.15)) == {
        1: "train",
        2: "val",
        3: "test",
        4: "",
    }


def test_new_items_of_folders_join_what_is_in_the_project() -> None:
    first, second = _items(["a", "b"])
    old = [replace(first, split="val"), replace(second, split="test")]
    new = [replace(item, id=item.id + 10) for item in _items(["a", "b", "c", "d"])]
    folders: dict[int, Split] = {11: "train", 12: "train", 13: "train", 14: "test"}
    found = divide_by_folders([*old, *new], folders, folders, (1, 0, 0))
    assert found == {11: "val", 12: "", 13: "train", 14: "test"}
