"""The program's language: Qt translators for English and Spanish. Texts are marked by `tr` of widgets.text."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

import resources
from engine.words import shown_words
from widgets.text import tr

if TYPE_CHECKING:
    from engine.errors import EngineError
    from engine.progress import Notice

_log = logging.getLogger(__name__)
_installed: list[QTranslator] = []


def language(wanted: str = "system") -> str:
    """ "en" or "es": the wanted one, or the system's where it is one of ours."""
    code = wanted if wanted != "system" else QLocale.system().name()[:2]
    return "es" if code == "es" else "en"


def install(wanted: str = "system") -> str:
    """Make the application speak that language from the next text on; the one that it speaks comes back."""
    for translator in _installed:
        QCoreApplication.removeTranslator(translator)
    _installed.clear()
    chosen = language(wanted)
    QLocale.setDefault(QLocale(chosen))
    if chosen != "en":
        qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{chosen}.qm"
        ours = [resources.path(f"i18n/{name}_{chosen}.qm") for name in ("keys", "contorno")]
        for file in (qt, *ours):  # the last one is asked first: our keys are as short as on the keyboard
            translator = QTranslator()
            if translator.load(str(file)):
                QCoreApplication.installTranslator(translator)
                _installed.append(translator)
            else:
                _log.warning("no translation %s: install Contorno again", file.name)
    return chosen


def translate_error(fault: "EngineError") -> tuple[str, str]:
    """An engine error's message and advice in the program's language."""
    values = _translated(fault.values)
    advice = tr(fault.hint, **values) if fault.hint else ""
    return tr(fault.message, **values), advice


def translate_stored(text: str) -> str:
    """What a project keeps of ours, as the names of edits, in the program's language."""
    return shown_words(text, tr)


def translate_notice(notice: "Notice") -> str:
    """A notice in the program's language, with the notices that it holds."""
    return tr(notice.message, **_translated(notice.values))


def _translated(values: Mapping[str, object]) -> dict[str, object]:
    from engine.progress import Notice

    return {key: translate_notice(value) if isinstance(value, Notice) else value for key, value in values.items()}
