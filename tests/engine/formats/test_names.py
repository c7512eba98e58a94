import unicodedata
from pathlib import PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formats.names import LONGEST, safe_name, unique


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("radiografía nº 1", "radiografía nº 1"),
        ("漢字", "漢字"),
        ("😀 tórax", "😀 tórax"),
        ("quote's & $(x) `y`;", "quote's & $(x) `y`;"),
        ("-dash", "_dash"),
        ("--all", "_-all"),
        ("two  spaces ", "two  spaces"),
        ("CON", "_CON"),
        ("con.a.b", "_con.a.b"),
        ("Lpt1 .x", "_Lpt1 .x"),
        ("COM¹", "_COM¹"),
        ("CONTROL", "CONTROL"),
        ("new\nline", "new_line"),
        ("a.b.c", "a.b.c"),
        ("dots...", "dots"),
        ("..", "_"),
        (".hidden", "_hidden"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        (r"C:\data\x", "C__data_x"),
        ("nul\0byte", "nul_byte"),
        ("caf\udce9", "café"),
        ("odd\udc80\ud800", "odd__"),
        ("cafe\u0301", "café"),
        ("png\u202egnp.exe", "png_gnp.exe"),
        ("", "item"),
        (" . ", "_"),
        ("0\xa0.", "0"),
        ("   ", "item"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(st.characters(), max_size=300), st.integers(8, LONGEST))
def test_any_text_becomes_a_name_for_every_system(text: str, room: int) -> None:
    name = safe_name(text, room)
    assert 0 < len(name.encode()) <= room
    assert name == unicodedata.normalize("NFC", name)
    assert not set(name) & set('<>:"/\\|?*') and name.isprintable() == all(c.isprintable() for c in name)
    assert not any(unicodedata.category(c) == "Cc" for c in name)
    assert name[0] not in "-. " and name[-1] not in ". "
    assert not PureWindowsPath(name).is_reserved()
    assert safe_name(name, room) == name  # a safe name stays


def test_long_names_are_cut_at_whole_characters() -> None:
    assert safe_name("x" * 240) == "x" * 200
    assert safe_name("漢" * 100, 200) == "漢" * 66
    assert safe_name("a" * 7 + " bcd", 8) == "a" * 7


def test_unique_ignores_case_and_composition() -> None:
    assert unique(["a", "A", "b", "a"]) == ["a", "A_2", "b", "a_3"]
    assert unique(["café", "cafe\u0301"]) == ["café", "cafe\u0301_2"]


def test_unique_takes_no_name_that_another_has() -> None:
    assert unique(["a", "a", "a_2"]) == ["a", "a_3", "a_2"]
    assert unique(["x" * 10, "x" * 10], room=10) == ["x" * 10, "x" * 8 + "_2"]
