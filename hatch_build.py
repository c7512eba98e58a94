"""Compiles the translations (.ts to .qm) with Qt's own lrelease whenever a wheel or an editable install is built."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        import PySide6

        name = "lrelease.exe" if sys.platform == "win32" else "lrelease"
        lrelease = Path(PySide6.__file__).parent / name
        for source in sorted(Path(self.root, "resources", "i18n").glob("*.ts")):
            command = [lrelease, "-silent", source, "-qm", source.with_suffix(".qm")]
            try:
                done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
                fault = f"status {done.returncode} {done.stdout}{done.stderr}".strip() if done.returncode else ""
            except OSError as refusal:
                fault = str(refusal)
            if fault:
                self.app.abort(
                    f"Qt's lrelease could not compile {source.name}: {fault}\n"
                    "Where a library is missing (on Debian libglib2.0-0 is the usual one), install it: tools/setup.sh knows them all."
                )
