"""Another image in the place of a slice view's own for a while: seen the same way, while the mouse and the keys stay the view's."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt

from engine.imaging.image import Image
from widgets.corners import CornerAnnotations
from widgets.layers import OverlayLayer
from widgets.slice_view import Look, SliceView


class Cover(SliceView):
    """Lies over all of `view` but its slice bar and what it asks. Nothing is drawn beneath it, and nothing is lost there."""

    def __init__(self, view: SliceView) -> None:
        super().__init__(view)
        self.setObjectName(f"{view.objectName()}.cover")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self.stackUnder(view.slice_bar)
        self._view_below = view
        view.installEventFilter(self)
        self.setGeometry(view.rect())

    def lay(self, image: Image, look: Look, layers: Sequence[OverlayLayer], corners: CornerAnnotations) -> None:
        """Show this instead, in the view's size."""
        if image is not self.image:
            self.set_image(image, look.plane, look.index)
            self.set_corners(corners)
        self.set_look(look)
        self.set_drawing(smooth=self._view_below.smooth)
        self.set_layers(layers)
        self.show()

    def lift(self) -> None:
        """Show the view again."""
        self.hide()
        self.set_image(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view_below.rect())
        return super().eventFilter(watched, event)

    def _show_bar(self) -> None:
        """The view's own stays in sight."""
        self.slice_bar.hide()
