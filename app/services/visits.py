"""The images that a person looked at, in that order: back and forward, as in a browser."""

from collections.abc import Container


class Visits:
    """Numbers of items, the one on the screen among them."""

    def __init__(self) -> None:
        self._ids: list[int] = []
        self._at = -1

    def look(self, id: int, *, back: bool = False) -> None:
        """That item is on the screen now. `back`: it was reached by going back beyond the first."""
        if 0 <= self._at < len(self._ids) and self._ids[self._at] == id:
            return
        if back:
            self._ids.insert(0, id)
            self._at = 0
        else:
            self._at += 1
            self._ids[self._at :] = [id]

    def back(self, known: Container[int]) -> int | None:
        """The last one before it that is still `known`; None where there is none."""
        return self._step(-1, known)

    def forward(self, known: Container[int]) -> int | None:
        """The one from which a person went back."""
        return self._step(1, known)

    def forget(self) -> None:
        """Another project: its numbers are other items'."""
        self._ids.clear()
        self._at = -1

    def _step(self, step: int, known: Container[int]) -> int | None:
        at = self._at + step
        while 0 <= at < len(self._ids):
            if self._ids[at] in known:
                self._at = at
                return self._ids[at]
            at += step
        return None
