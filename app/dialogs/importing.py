"""Add images: hands what is to come in to the Data tab, where the import step asks its questions beside the images."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.shell import settings
from app.shell.context import AppContext
from engine.project.importing import ImportPlan
from widgets.text import tr


def ask_import(context: AppContext, paths: Sequence[Path], parent: QWidget) -> ImportPlan | None:
    """Start the import step on `paths`, or on a folder that is asked for. The Data tab goes on from there, so None comes back."""
    from app.tabs.data.tab import DataTab

    if not paths:
        start = settings.ui_state("images", str(Path.home()))
        chosen = QFileDialog.getExistingDirectory(parent, tr("Choose a folder of images"), start)
        if not chosen:
            return None
        paths = [Path(chosen)]
    context.commands["tab_data"].trigger()
    tab = parent.findChild(DataTab, "data_tab")
    if isinstance(tab, DataTab):
        tab.begin_import(paths)
    return None
