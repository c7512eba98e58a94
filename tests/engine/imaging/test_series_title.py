"""What the volumes of one series are called together."""

import pytest

from engine.imaging.image import SeriesPart, series_title


@pytest.mark.parametrize(
    ("names", "label", "title"),
    [
        (["cine SAX phase 1 of 20", "cine SAX phase 2 of 20"], "phase 1 of 20", "cine SAX"),
        (["cine SAX phase 1 of 20 (2)", "cine SAX phase 2 of 20 (2)"], "phase 1 of 20", "cine SAX (2)"),
        (["MR1_J2KI", "MR1_JPLL", "MR1_JLSN"], "comment 1 of 3", "MR1"),
        (["case12", "case13"], "echo 1", "case"),
        (["heart_01.a", "heart_02.a"], "echo 1", "heart"),
        (["CT1_J2KI", "CT1_UNC"], "comment 1 of 2", "CT1"),
        (["one", "two"], "echo 1", "one"),
        (["same", "same"], "", "same"),
        (["echo 1", "echo 2"], "echo 1", "echo"),
    ],
)
def test_title_is_what_they_share(names: list[str], label: str, title: str) -> None:
    parts = [SeriesPart("key", number, len(names), label) for number, _ in enumerate(names, 1)]
    assert series_title(names, parts) == title
