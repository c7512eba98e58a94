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
            subprocess.run([lrelease, "-silent", source, "-qm", source.with_suffix(".qm")], check=True)
