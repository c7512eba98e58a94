"""The surface of the open mask beside the slices: found in a job, found anew where the mask was changed."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from app.services.jobs import JobHandle, Lane
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.scan.view import ScanView
from engine.imaging.geometry import Geometry
from engine.labels.edit import EMPTY_BOX, Box, Edit, Labels
from engine.labels.surface import Surface, SurfaceScene, surface_of, surface_renewed
from engine.progress import Work
from widgets.surface_view import SurfaceView
from widgets.text import tr

_NOTE = "label surface"
_PART = 4  # where the changes take more than one in so many voxels, all of it is found anew


@dataclass(frozen=True)
class _Look:
    """How the surface is drawn: the colours of the classes, and which of them (mask values) are hidden."""

    colors: tuple[str, ...]
    hidden: frozenset[int]


class MaskSurface(QObject):
    """Nothing is worked out while the surface is not on the screen."""

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__(scan)
        self._session, self._jobs, self._scan = context.session, context.jobs, scan
        self._surface: Surface | None = None  # of the open mask
        self._changed = EMPTY_BOX  # since it was found
        self._job: JobHandle | None = None
        self._look: _Look | None = None  # as it was worked out last
        self.view = SurfaceView("label.surface")
        scan.views.set_fourth(self.view)
        scan.views.show_fourth(settings.ui_state(_NOTE) == "1")
        self.view.voxel_picked.connect(self._go)
        scan.views.moved.connect(self._moved)
        current = context.session.current
        current.item_about_to_close.connect(self._forget)
        current.edited.connect(self._edited)
        for signal in (scan.views.arranged, scan.overlay.changed, scan.image_shown, context.session.classes_changed):
            signal.connect(self._follow)
        context.commands.connect_to("label", surface=self.switch)

    @Slot()
    def switch(self) -> None:
        """Show it beside the three planes, or the planes alone."""
        shown = not self._scan.views.fourth_shown
        settings.set_ui_state(_NOTE, "1" if shown else "")
        self._scan.views.show_fourth(shown)
        if shown:
            self._scan.show_several(True)

    @Slot(int, int, int)
    def _go(self, z: int, y: int, x: int) -> None:
        self._scan.views.go((z, y, x))

    @Slot()
    def _moved(self) -> None:
        self.view.set_place(self._scan.views.place)

    @Slot()
    def _forget(self) -> None:
        """The mask goes."""
        if self._job is not None:
            self._job.drop()
        self._job, self._surface, self._changed, self._look = None, None, EMPTY_BOX, None
        self.view.set_scene(None)

    @Slot(object)
    def _edited(self, edit: Edit) -> None:
        if self._surface is not None or self._job is not None:
            self._changed = self._changed.union(edit.box)
            self._follow()

    @Slot()
    def _follow(self) -> None:
        """Bring it up to date, where it is seen and is not: one job at a time."""
        mask, image = self._session.current.mask, self._session.current.image
        if mask is None or image is None or self._job is not None:
            return
        if not self._scan.isVisible() or not self._scan.views.fourth_shown:
            return
        look = _Look(tuple(each.color for each in self._session.classes), self._scan.overlay.options.hidden)
        if self._surface is not None and self._changed.empty and look == self._look:
            return
        if self._surface is None:
            self.view.set_patient(image.geometry.patient_based)
            self.view.set_scene(None, tr("Working it out…"))
        surface, changed = self._surface, self._changed
        self._changed, self._look = EMPTY_BOX, look
        labels, geometry = mask.labels, image.geometry
        self._job = self._jobs.start(
            self,
            Lane.CASE,
            tr("Surface of the mask"),
            lambda: _made(surface, labels, changed, geometry, look),
            done=self._done,
            failed=self._failed,
            brief=True,
        )

    def _done(self, made: SurfaceScene) -> None:
        self._job, self._surface = None, made.surface
        empty = tr("Nothing is painted yet. Paint on the slices, and the surface of the mask appears here.")
        if len(made.surface):
            empty = tr("All classes are hidden. Show one in the list of classes.")
        self.view.set_scene(made, empty)
        self._follow()

    def _failed(self, fault: BaseException) -> None:
        self._job = None
        self._session.failed.emit(fault)


def _made(surface: Surface | None, labels: Labels, changed: Box, geometry: Geometry, look: _Look) -> Work[SurfaceScene]:
    large = changed.shape[0] * changed.shape[1] * changed.shape[2] * _PART > labels.size
    if surface is None or large:
        surface = yield from surface_of(labels, geometry)
    elif not changed.empty:
        surface = yield from surface_renewed(surface, labels, changed)
    return SurfaceScene(surface, look.colors, look.hidden)
