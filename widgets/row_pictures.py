"""The small pictures of rows: asked for once as they come into sight, kept while there is room, painted with their proportions."""

from collections import OrderedDict
from collections.abc import Collection

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap

from widgets import theme


class RowPictures(QObject):
    """The pictures that came, by the id of their item. `wanted(id)` is sent once for one that is not there."""

    wanted = Signal(int)

    def __init__(self, most: int = 400) -> None:
        """`most` are kept, those seen last: 400 of 52 x 40 at twice the density take 13 MB."""
        super().__init__()
        self._most = most
        self._pictures: OrderedDict[int, QPixmap] = OrderedDict()
        self._asked: set[int] = set()

    def get(self, id: int) -> QPixmap | None:
        """The picture; asks for it, once, where there is none yet."""
        found = self._pictures.get(id)
        if found is not None:
            self._pictures.move_to_end(id)
        elif id not in self._asked:
            self._asked.add(id)
            self.wanted.emit(id)
        return found

    def put(self, id: int, image: QImage) -> None:
        self._pictures[id] = QPixmap.fromImage(image)
        while len(self._pictures) > self._most:
            dropped, _ = self._pictures.popitem(last=False)
            self._asked.discard(dropped)

    def expect(self, ids: Collection[int]) -> None:
        """Only these are there now: the others may be asked for again when they come back."""
        self._asked.intersection_update(ids)

    def forget(self) -> None:
        """Ask again for all: those that came, or never came, are out of date."""
        self._pictures.clear()
        self._asked.clear()

    def ids(self) -> set[int]:
        """Those that are there."""
        return set(self._pictures)


def paint_picture(painter: QPainter, area: QRectF, picture: QPixmap | None) -> None:
    """The picture within the area, whole; a plain ground while it has not come."""
    if picture is None or picture.isNull():
        painter.fillRect(area, theme.color("raised"))
        return
    painter.fillRect(area, theme.color("scan"))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    size = picture.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(area.center())
    painter.drawPixmap(place, picture, QRectF(picture.rect()))
