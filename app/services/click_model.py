"""The click model that the settings name: loaded by the job that needs it first, or why it cannot be used."""

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.progress import Progress, Work
from engine.words import translatable

if TYPE_CHECKING:
    from engine.labels.assist.click_model import ClickModel, ClickModelFiles


class LoadedClickModel:
    """Of one folder. `model` is for jobs of one lane alone; `fault` says why there is none, and is told once."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._model: ClickModel | None = None
        self.fault: EngineError | None = None

    @property
    def ready(self) -> bool:
        return self._model is not None

    def model(self) -> "ClickModel | None":
        """It, loaded now where it was not; None where none was chosen, or it cannot be used."""
        if self._model is None and self.folder and self.fault is None:
            from engine.labels.assist.click_model import ClickModel

            try:
                self._model = ClickModel(Path(self.folder))
            except EngineError as fault:
                self.fault = fault
            except OSError as fault:
                self.fault = EngineError(translatable("The folder cannot be read."))
                self.fault.__cause__ = fault
        return self._model


def inspecting(folder: Path) -> "Work[ClickModelFiles]":
    """What the click model of a folder says of itself. Raises EngineError where it is another network."""
    from engine.labels.assist.click_model import ClickModel

    yield Progress(0, 1)
    try:
        return ClickModel(folder).files
    except OSError as fault:
        raise EngineError(translatable("The folder cannot be read.")) from fault
