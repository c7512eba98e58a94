import subprocess
import sys
from pathlib import Path

import pytest

_READ = """
import sys
from pathlib import Path
from engine.imaging.scan import scan
from engine.progress import result_of
result = result_of(scan([Path(sys.argv[1])]))
print(sorted([str(f.source.files[0]) for f in result.found] + [r.reason for r in result.refused]))
"""


def test_files_that_abort_other_readers_end_as_a_picture_or_a_reason(data: Path) -> None:
    folder = data.parent / "interop" / "faults" / "crashers"
    if not folder.is_dir():
        pytest.skip("the crashers are not there: they lie beside the real data in interop/faults/crashers")
    files = sorted(folder.glob("*.dcm"))
    assert len(files) == 7
    for file in files:  # each in a process of its own, since what is feared is the end of the process
        run = subprocess.run(
            [sys.executable, "-c", _READ, file], capture_output=True, text=True, timeout=60, check=False
        )
        assert run.returncode == 0, f"{file.name}: {run.returncode} {run.stderr[-300:]}"
        assert file.name in run.stdout
