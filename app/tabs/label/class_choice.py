"""What is proposed for all classes at once, or for the active one alone: who paints class by class has painted every slice already."""

from app.services.project_session import ProjectSession
from engine.errors import EngineError
from engine.labels.interpolation import NoSliceLeft
from widgets.text import tr


class ClassChoice:
    """`only` is the class that is asked for; None: all of them."""

    def __init__(self, session: ProjectSession) -> None:
        self._session = session
        self.only: int | None = None
        self._not_all: EngineError | None = None  # why it cannot be all of them

    def begin(self) -> None:
        """All of them are asked for first."""
        self.only, self._not_all = None, None

    def fall_back(self, fault: EngineError) -> bool:
        """It was refused: whether the active class alone is to be asked for now."""
        if self.only is not None or not self._session.active_class:
            return False
        self._not_all, self.only = fault, self._session.active_class
        return True

    def first(self, fault: EngineError) -> EngineError:
        """Why nothing is proposed, where the last that was asked for was refused: the first refusal says it best, unless it only says
        that every slice has something."""
        return fault if isinstance(self._not_all, NoSliceLeft) else self._not_all or fault

    def switch(self) -> None:
        """From all of them to the active one, or back."""
        self.only = self._session.active_class if self.only is None else None

    def answers(self) -> list[str]:
        """What can be asked for instead, in words; nothing where that is known to be refused."""
        active = self._session.active_class
        if self.only is not None:
            return [] if self._not_all is not None else [tr("All classes")]
        return [tr("Only {name}", name=self._session.class_name(active))] if active else []
