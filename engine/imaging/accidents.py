"""Whether grids are one, and grids of masks that say where they lie and are wrong: scripts wrote them that know arrays alone."""

import numpy as np

from engine.imaging.geometry import Geometry, voxel_on_voxel


def is_made_up(place: Geometry, grid: Geometry) -> bool:
    """Whether the mask's grid begins at 0 with axes that are not turned, as scripts write where they know no better (NIfTI's
    identity), while the image of the same shape lies somewhere else or has voxels of another size than 1 mm. Grids that hold the
    same voxels in another order are no accident."""
    alike = place.shape == grid.shape and place.patient_based and grid.patient_based
    if not alike or place.same_grid(grid) or not _is_plain(place) or hold_same_voxels(place, grid):
        return False
    return not _is_plain(grid) or bool(np.allclose(place.spacing, 1.0))


def is_turned_round(place: Geometry, grid: Geometry) -> bool:
    """Whether the mask is as large as the image but for the order of its axes, and begins where the image does or at 0: an array
    (z, y, x) that was saved as (x, y, z), whose millimetres are not those of what was drawn."""
    if place.shape == grid.shape or sorted(place.shape) != sorted(grid.shape) or hold_same_voxels(place, grid):
        return False
    return _is_plain(place) or np.allclose(np.linalg.solve(grid.affine, place.affine), np.eye(4), atol=1e-3)


def hold_same_voxels(place: Geometry, grid: Geometry) -> bool:
    """Whether the grids differ by flips and the order of their axes alone."""
    corners = np.array([(*corner, 1) for corner in np.ndindex(2, 2, 2)], float).T
    corners[:3] *= np.array(place.shape)[:, None] - 1
    there = np.linalg.solve(grid.affine, place.affine @ corners)[:3]
    last = np.array(grid.shape)[:, None] - 1
    return voxel_on_voxel(place, grid) and bool(((there > -0.5) & (there < last + 0.5)).all())


def _is_plain(geometry: Geometry) -> bool:
    x_y_z = geometry.affine[:3, 2::-1]
    return not geometry.affine[:3, 3].any() and not (x_y_z - np.diag(np.diag(x_y_z))).any()
