"""Tables that other programs write: any case, any column, any sign between them."""

from pathlib import Path

import pytest

from engine.errors import NotReadable
from engine.project.tables import Headers, ImageTable, propose_headers, read_rows


def _file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "t.csv"
    file.write_bytes(text.encode(encoding))
    return file


@pytest.mark.parametrize(
    "text", ["Item,CLASS\na,x\n", " item ;class\na;x\n", "sep=|\nitem|class\na|x\n", "\ufeffitem\tClass\na\tx\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_headers_in_any_case_and_sign(tmp_path: Path, text: str, encoding: str) -> None:
    file = _file(tmp_path, text if encoding == "utf-8" else text.removeprefix("\ufeff"), encoding)
    assert read_rows(file, ("item", "class")) == [{"item": "a", "class": "x"}]


def test_columns_can_be_chosen(tmp_path: Path) -> None:
    file = _file(tmp_path, "image_id,Class,dx\na,odd,mel\nb,odd,nv\n")
    table = ImageTable(file, "class", Headers("IMAGE_ID", "dx"))
    table.index_images({"a": "/d/a.png", "b": "/d/b.png"})
    assert (table.of("a"), table.of("b")) == ("mel", "nv")


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("image_id,dx,age\n", "class", ("image_id", "dx")),
        ("File Name;Label\n", "class", ("File Name", "Label")),
        ("path,Set\n", "split", ("path", "Set")),
        ("item,image,class,label\n", "class", ("item", "class")),
        ("what,ever\n", "class", ("", "")),
    ],
)
def test_columns_are_proposed(tmp_path: Path, text: str, column: str, expected: tuple[str, str]) -> None:
    headers, names = propose_headers(_file(tmp_path, text), column)
    assert headers == Headers(*expected) and len(names) == len(text.replace(";", ",").split(","))


@pytest.mark.parametrize(
    ("rows", "files", "expected"),
    [
        (("train/001.png",), ("/ds/test/001.png",), ("",)),
        (("train/001.PNG",), ("/ds/test/001.png",), ("",)),
        (("train/images/001.png",), ("/ds/test/images/001.png",), ("",)),
        (("test/001.png",), ("/ds/test/001.png",), ("test/001.png",)),
        (("train/001.png",), ("/test/ds/images/001.png",), ("train/001.png",)),
    ],
)
def test_a_row_of_another_set_is_about_no_image(
    tmp_path: Path, rows: tuple[str, ...], files: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert _said(tmp_path, rows, files) == expected


@pytest.mark.parametrize(
    ("rows", "files", "expected"),
    [
        (
            (r"C:\data\train\001.png", r"C:\data\test\001.png"),
            ("/home/u/ds/train/001.png", "/home/u/ds/test/001.png"),
            (r"C:\data\train\001.png", r"C:\data\test\001.png"),
        ),
        (("data/a/x/1.png", "data/b/x/1.png"), ("/u/a/x/1.png", "/u/c/x/1.png"), ("data/a/x/1.png", "")),
        (("C:/d/a/x/1.png", "C:/d/a/y/1.png"), ("/u/a/x/1.png", "/u/b/x/1.png"), ("C:/d/a/x/1.png", "")),
        (("C:/d/x/1.png", "C:/d/y/1.png"), ("/u/a/x/1.png", "/u/b/x/1.png"), ("", "")),
        (("p1/x/1.png", "p3/y/1.png"), ("/u/p2/x/1.png",), ("",)),
        (("C:/d/1.png",), ("/u/a/1.png", "/u/b/1.png"), ("", "")),
    ],
)
def test_rows_of_another_machine_are_known_by_the_end_of_their_paths(
    tmp_path: Path, rows: tuple[str, ...], files: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert _said(tmp_path, rows, files) == expected


def _said(folder: Path, rows: tuple[str, ...], files: tuple[str, ...]) -> tuple[str, ...]:
    """The row of each of the files, "" for none."""
    table = ImageTable(_file(folder, "item,class\n" + "".join(f"{row},{row}\n" for row in rows)), "class")
    names = [f"image {n}" for n in range(len(files))]
    table.index_images(dict(zip(names, files, strict=True)))
    assert table.unmatched_rows == len(rows) - len({table.of(name) for name in names} - {None})
    return tuple(table.of(name) or "" for name in names)


def test_a_column_that_is_missing_is_said_with_those_that_are_there(tmp_path: Path) -> None:
    file = _file(tmp_path, "name,set\na,train\n")
    with pytest.raises(NotReadable, match=r"lacks the column item\. It has: name, set") as fault:
        read_rows(file, ("item", "split"), {"split": "set"})
    assert fault.value.advice
    with pytest.raises(NotReadable, match="lacks the column wrong"):
        read_rows(file, ("item", "split"), {"item": "name", "split": "wrong"})


def test_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="has 2 columns called class"):
        read_rows(_file(tmp_path, "item,class,class\na,x,y\n"), ("item", "class"))
    with pytest.raises(NotReadable, match="has 2 columns called class"):
        read_rows(_file(tmp_path, "item,Class,CLASS\na,x,y\n"), ("item", "class"))
    file = _file(tmp_path, "item,Class,class,other,other\na,x,y,1,2\n")
    assert read_rows(file, ("item", "class")) == [{"item": "a", "class": "y"}]


@pytest.mark.parametrize("data", [b"item\0,class\na,x\n", bytes(64), b"PK\x03\x04\0\0\1\0item,class\n"])
def test_what_is_no_text_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(NotReadable, match=r"^t\.csv is no text, and so no table\.$"):
        read_rows(tmp_path / "t.csv", ("item", "class"))


def test_names_in_16_bits_keep_their_letters(tmp_path: Path) -> None:
    file = _file(tmp_path, "item;class\nt\u00f3rax;\u4e00\n", "utf-16-le")
    assert read_rows(file, ("item", "class")) == [{"item": "t\u00f3rax", "class": "\u4e00"}]


def test_a_pipe_is_no_table(tmp_path: Path) -> None:
    import os

    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(NotReadable, match="not a file with content"):
        read_rows(tmp_path / "pipe.csv", ("item",))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_accents_of_a_spreadsheet_on_windows_are_read(tmp_path: Path, encoding: str) -> None:
    file = _file(tmp_path, "Bild;class\r\nRöntgen 1.png;tumör\r\n", encoding)
    assert read_rows(file, ("item", "class"), {"item": "bild"}) == [{"item": "Röntgen 1.png", "class": "tumör"}]


def test_a_column_for_each_class_is_one_of_classes(tmp_path: Path) -> None:
    """As ISIC writes its answers."""
    file = _file(tmp_path, "image,MEL,NV,BKL\na,1.0,0.0,0.0\nb,0,0,1\nc,1.0,1.0,0.0\nd,0.0,0.0,0.0\n")
    headers, names = propose_headers(file, "class")
    assert headers == Headers("image", "class") and names == ("image", "MEL", "NV", "BKL", "class")
    rows = read_rows(file, ("item", "class"), {"item": "image"})
    assert [row["class"] for row in rows] == ["MEL", "BKL", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "image,class,a,b\nx,z,0,1\n",
        "image,sex,smoker\na,1,1\nb,0,0\nc,1,1\nd,0,1\n",
        "image,a\nx,1\n",
        "image,a,b\nx,1,0.5\n",
    ],
)
def test_other_columns_of_numbers_are_no_classes(tmp_path: Path, text: str) -> None:
    assert len(propose_headers(_file(tmp_path, text), "class")[1]) == len(text.split("\n")[0].split(","))
