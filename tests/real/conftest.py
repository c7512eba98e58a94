import os
from pathlib import Path

import pytest

from tests.journeys.conftest import run_program as run_program  # the journeys here drive the same program


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data: CONTORNO_DATA, or ../shared/data beside the repository."""
    default = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("CONTORNO_DATA") or default)
    if not folder.is_dir():
        pytest.skip("there is no real data: set CONTORNO_DATA to its folder")
    return folder
