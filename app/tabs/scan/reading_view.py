"""What is there of an image while it is read: how that is looked at, and the whole after it."""

from dataclasses import dataclass, replace

from app.tabs.scan.look_memory import LookMemory
from app.tabs.scan.words import reading_words
from engine.imaging.glimpse import Glimpse
from engine.project.items import Item
from widgets.plane_views import PlaneViews
from widgets.slice_view import Look
from widgets.text import tr


def look_at_part(kept: Look | None, glimpse: Glimpse) -> Look:
    """The look that the whole will have, as far as one stored slice, or the picture at a lower resolution, can have it."""
    if kept is None or kept.plane != "axial":
        return Look(window=None if kept is None else kept.window, inverted=kept is not None and kept.inverted)
    zoom = None if kept.zoom is None else kept.zoom * glimpse.scale
    middle = kept.middle[0] / glimpse.scale, kept.middle[1] / glimpse.scale
    return replace(kept, index=0, zoom=zoom, middle=middle, place=None, table=None)


def look_at_whole(kept: Look | None, look: Look, glimpse: Glimpse) -> Look:
    """The look that a person took while a part was there, at the whole; the window that was kept stays where no other was taken."""
    zoom = None if look.zoom is None else look.zoom / glimpse.scale
    middle = look.middle[0] * glimpse.scale, look.middle[1] * glimpse.scale
    before = kept or Look()
    return replace(
        before,
        plane="axial",
        index=glimpse.index,
        window=look.window or before.window,
        zoom=zoom,
        middle=middle,
        inverted=look.inverted,
    )


@dataclass(frozen=True, eq=False)
class PartSeen:
    """What was there of an image while it was read, and how a person looked at it; `look` None where they changed nothing, `asked` None
    where they went to no other slice."""

    glimpse: Glimpse
    look: Look | None
    asked: int | None = None

    def at_whole(self, kept: Look | None) -> Look | None:
        """The look at the whole, of which `kept` is what would be without it."""
        look = kept if self.look is None else look_at_whole(kept, self.look, self.glimpse)
        return look if self.asked is None else replace(look or Look(), plane="axial", index=self.asked)


class ReadingView:
    """Shows what is there of the session's image on the views, for as long as it is read."""

    def __init__(self, views: PlaneViews, looks: LookMemory) -> None:
        self._views, self._looks = views, looks
        self._glimpse: Glimpse | None = None
        self._first_look = Look()  # as it was shown at first
        self._asked: int | None = None  # the slice that a person went to, there or not

    def show(self, item: Item, glimpse: Glimpse, percent: int | None) -> None:
        """More of the item's image was read."""
        first = self._views.first
        if glimpse is not self._glimpse:
            own = self._own_look
            self._views.set_image(glimpse.image)
            why = tr("{name} is still being read: wait until all of it is there.", name=item.name)
            first.set_reading(why, glimpse.count)
            self._views.set_look(own or look_at_part(self._looks.look_to_come(glimpse, item.shape), glimpse))
            self._glimpse = glimpse
            if own is None:
                self._first_look = first.look
        first.set_corners(reading_words(item, glimpse, percent, self._asked))

    def step(self, steps: int) -> int | None:
        """The slice that a person goes to who goes so many steps on; what is shown stays until that one is there. None where there is
        one alone."""
        glimpse = self._glimpse
        if glimpse is None or glimpse.count == 1:
            return None
        start = glimpse.index
        if self._asked is not None and (self._asked - start) * steps > 0:  # on its way there
            start = self._asked
        self._asked = min(max(start + steps, 0), glimpse.count - 1)
        return self._asked

    def end(self) -> PartSeen | None:
        """Another image comes on the views; None where they did not show a part of one."""
        seen = PartSeen(self._glimpse, self._own_look, self._asked) if self._glimpse is not None else None
        self._glimpse = self._asked = None
        return seen

    @property
    def _own_look(self) -> Look | None:
        """How a person looks at what is there of the image; None where nothing was changed."""
        look = self._views.first.look
        return None if self._glimpse is None or look == self._first_look else look
