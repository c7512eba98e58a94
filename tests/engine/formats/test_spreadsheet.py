import csv
import io

import pytest

from engine.formats.spreadsheet import csv_bytes


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_bytes([[text, -1.5, 2]]).decode(), newline=""))
    assert row == [f"'{text}", "-1.5", "2"]


def test_other_texts_stay_as_they_are() -> None:
    assert csv_bytes([["item", "lung"], ["caf\udce9, 2", 0.25]]) == b'item,lung\r\n"caf\xe9, 2",0.25\r\n'
