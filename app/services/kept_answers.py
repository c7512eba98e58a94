"""The differences that a reader answered with "mine", kept with the project."""

from app.services.project_session import ProjectSession
from engine.scoring.differences import AnyDifference

_NOTE = "differences kept"  # of the project, with the item's number behind it


class KeptAnswers:
    """Those of one item. A region is known by where it lies, how large it is and what either side says there, an object by its fate too:
    a corrected one, or what another run says, is asked about again."""

    def __init__(self, session: ProjectSession) -> None:
        self._session = session
        self._item: int | None = None
        self._keys: dict[str, None] = {}

    def read(self) -> None:
        """Those of the current item."""
        item, project = self._session.current.item, self._session.project
        id = item.id if item is not None else None
        if id != self._item:
            self._item = id
            self._keys = dict.fromkeys(project.note(f"{_NOTE} {id}").split()) if project is not None and id else {}

    def forget(self) -> None:
        """Another project: its numbers are other items'."""
        self._item, self._keys = None, {}

    def __contains__(self, region: AnyDifference) -> bool:
        return bool(self._keys) and _word(region) in self._keys

    def add(self, region: AnyDifference) -> None:
        self._keys[_word(region)] = None
        self._session.set_note(f"{_NOTE} {self._item}", " ".join(self._keys))


def _word(region: AnyDifference) -> str:
    return ".".join(map(str, region.key))
