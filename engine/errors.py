"""What the engine refuses, in the user's words, with a way out."""

from collections.abc import Mapping

from engine.words import filled


class EngineError(Exception):
    """A refusal: what happened and what to do next.

    `message` and `hint` are templates in plain English ("{name} is cut short."), filled from `values`. They stay
    apart from their values so that the window can translate the template first.
    """

    def __init__(self, message: str, hint: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.values: Mapping[str, object] = values

    @property
    def text(self) -> str:
        return filled(self.message, self.values)

    @property
    def advice(self) -> str:
        return filled(self.hint, self.values)

    def __str__(self) -> str:
        return self.text


class NotReadable(EngineError):
    """A file that cannot be opened as an image, a mask, a model or a project."""


class NothingToScore(EngineError):
    """Nothing of a set was predicted, or nothing of it is labelled: there is no score, and nothing is wrong."""


class ProjectLocked(EngineError):
    """Somebody else has the project open for writing, or its folder is protected; it can still be opened to read."""


class ProjectGone(EngineError):
    """The project is no longer at the place where it was opened: what is changed from now on would be lost with this process."""
