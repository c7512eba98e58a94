"""How explanations are made and shown in every tab: by which method, and how strongly the heat covers the scan."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox

from app.services.project_session import ProjectSession
from app.shell import settings
from app.shell.i18n import translate_error
from engine.errors import EngineError
from engine.learning.explanations import EXPLANATIONS, suited_method
from widgets.controls import named
from widgets.sliders import Slider
from widgets.text import tip, tr
from widgets.word_combo import WordCombo

_GRADCAM = "gradcam"


class MethodChoice(WordCombo):
    """Which way to explain; remembered. The same choice stands in more than one place: see `show_choice`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        named(self, name, tr("Method"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(9)
        for place, (id, method) in enumerate(EXPLANATIONS.items()):
            self.addItem(tr(method.title), id)
            self.setItemData(place, tip(tr(method.help)), Qt.ItemDataRole.ToolTipRole)
        self.show_choice()
        self.activated.connect(self._keep)

    def show_choice(self) -> None:
        self.setCurrentIndex(max(self.findData(settings.ui_state("classify.method", _GRADCAM)), 0))
        self.setToolTip(str(self.itemData(self.currentIndex(), Qt.ItemDataRole.ToolTipRole)))

    @Slot()
    def _keep(self) -> None:
        settings.set_ui_state("classify.method", str(self.currentData()))
        self.show_choice()


def chosen_method(arch: str) -> str:
    """The remembered method, or what suits the network."""
    return suited_method(settings.ui_state("classify.method", _GRADCAM), arch)


def opacity() -> float:
    return min(max(float(settings.ui_state("classify.opacity", "0.6")), 0.0), 1.0)


def why_not(fault: BaseException, session: ProjectSession) -> str:
    """Why there is no map, to be said where it would be. What nobody foresaw is shown too."""
    if isinstance(fault, EngineError):
        return " ".join(filter(None, translate_error(fault)))
    session.failed.emit(fault)
    return str(fault)


class OpacitySlider(Slider):
    """How strongly the heat covers the scan; remembered."""

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("Opacity"), 0.0, 1.0, opacity(), step=0.05, decimals=2)
        self.setToolTip(tr("How strongly the heat covers the image"))
        self.changed.connect(self._keep)

    @Slot(float)
    def _keep(self, value: float) -> None:
        settings.set_ui_state("classify.opacity", f"{value:.2f}")
