"""The way through the items: to the next one, to the next that is still to do, through the parts of a series."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.project.items import Item

if TYPE_CHECKING:
    from app.services.project_session import ProjectSession


class ItemWalk:
    """Where a person goes from the current item, and where the next step will lead."""

    def __init__(self, session: "ProjectSession") -> None:
        self._session = session
        self._last = _Step()

    def step(self, step: int, *, todo: bool = False, among: Sequence[int] = ()) -> None:
        """Go to the next (1) or previous (-1) item, or to the next that is still to do, in the order of the list `among` where it
        holds any, else of the project. The one after it in the same order is read ahead."""
        self._last = _Step(step, todo, tuple(among))
        following = self.following()
        if following is not None:
            self._session.current.open(following.id)

    def following(self) -> Item | None:
        """The item that the next step as the last one leads to."""
        step, todo, current = self._last.step, self._last.todo, self._session.current.item
        by_id = {item.id: item for item in self._session.items()}
        items = [by_id[id] for id in self._last.among if id in by_id] or list(by_id.values())
        if todo:  # a list may show one part of a series for all of them
            items = _with_parts(items, by_id.values())
        if not items:
            return None
        ids = [i.id for i in items]
        at = ids.index(current.id) if current is not None and current.id in ids else min(-step, 0)
        order = (items[(at + step * n) % len(items)] for n in range(1, len(items) + 1))
        return next((i for i in order if not todo or i.state == "todo"), None)

    def step_part(self, step: int) -> bool:
        """Go to the next (1) or previous (-1) part of the current item's series, from the last to the first; whether there is one."""
        parts, current = self.parts(), self._session.current
        if current.item is None or len(parts) < 2:
            return False
        at = [part.id for part in parts].index(current.item.id)
        current.open(parts[(at + step) % len(parts)].id)
        return True

    def parts(self) -> list[Item]:
        """The items of the current item's series, itself among them, in their order; none where it is of no series."""
        current = self._session.current.item
        if current is None or current.part is None:
            return []
        key = current.part.key
        return _in_order(item for item in self._session.items() if item.part is not None and item.part.key == key)


@dataclass(frozen=True)
class _Step:
    step: int = 1
    todo: bool = False
    among: tuple[int, ...] = ()


def _in_order(parts: Iterable[Item]) -> list[Item]:
    return sorted(parts, key=lambda item: (item.part.number if item.part is not None else 0, item.id))


def _with_parts(items: Sequence[Item], all: Iterable[Item]) -> list[Item]:
    """The items; in the place of the first one of a series, all that are of it."""
    series, result = defaultdict[str, list[Item]](list), list[Item]()
    for item in all:
        if item.part is not None:
            series[item.part.key].append(item)
    for item in items:
        result += [item] if item.part is None else _in_order(series.pop(item.part.key, ()))
    return result
