"""The surface of a mask against what it is by definition, its normals against those of a sphere, and its picture from known sides."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from engine.imaging.geometry import Geometry, from_nifti
from engine.labels.edit import Box, Labels
from engine.labels.surface import Surface, SurfaceScene, surface_of, surface_renewed
from engine.progress import result_of

FRONT = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, -1.0, 0]])
COLORS = ("#E69F00", "#56B4E9")


def grid(shape: tuple[int, int, int], spacing: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Geometry:
    z, y, x = spacing
    return from_nifti(np.diag([x, y, z, 1.0]), (shape[2], shape[1], shape[0]))


def found(labels: Labels, spacing: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Surface:
    return result_of(surface_of(labels, grid(labels.shape, spacing)))


def places(surface: Surface) -> set[tuple[int, ...]]:
    return {(*voxel, value) for voxel, value in zip(surface.voxels.tolist(), surface.values.tolist(), strict=True)}


def by_definition(labels: Labels) -> set[tuple[int, ...]]:
    padded = np.pad(labels, 1)
    cross = ndimage.generate_binary_structure(3, 1)
    differs = ndimage.maximum_filter(padded, footprint=cross) != ndimage.minimum_filter(padded, footprint=cross)
    shell = differs[1:-1, 1:-1, 1:-1] & (labels > 0)
    return {(*map(int, at), int(labels[tuple(at)])) for at in np.argwhere(shell)}


def blobs(seed: int, shape: tuple[int, int, int] = (37, 30, 41)) -> Labels:
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.normal(size=shape), 3)
    labels: Labels = (smooth > 0.02).astype(np.uint8) + (smooth > 0.06)
    return labels


@pytest.mark.parametrize("seed", range(3))
def test_the_surface_is_what_borders_on_another_value(seed: int) -> None:
    labels = blobs(seed)
    assert places(found(labels)) == by_definition(labels)


def test_nothing_painted_has_no_surface() -> None:
    assert len(found(np.zeros((5, 6, 7), np.uint8))) == 0


def ball(spacing: tuple[float, float, float]) -> tuple[Labels, NDArray[np.float64]]:
    """A ball of 20 mm, and its middle as an index."""
    shape = tuple(int(56 / size) for size in spacing)
    middle = (np.array(shape) - 1) / 2
    away = [(np.arange(n) - m) * s for n, m, s in zip(shape, middle, spacing, strict=True)]
    z, y, x = np.meshgrid(*away, indexing="ij")
    return (z**2 + y**2 + x**2 < 400).astype(np.uint8), middle


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (3.0, 1.0, 1.0), (1.0, 0.7, 2.0)])
def test_normals_of_a_ball_point_from_its_middle(spacing: tuple[float, float, float]) -> None:
    labels, middle = ball(spacing)
    surface = found(labels, spacing)
    out = (surface.voxels - middle) @ surface.geometry.affine[:3, :3].T
    out /= np.linalg.norm(out, axis=1)[:, None]
    alike = (surface.normals * out).sum(axis=1)
    assert np.allclose(np.linalg.norm(surface.normals, axis=1), 1, atol=1e-3)
    assert np.mean(alike) > 0.97 and np.percentile(alike, 1) > 0.85


@pytest.mark.parametrize(
    "box", [Box((3, 4, 5), (9, 12, 20)), Box((0, 0, 0), (4, 30, 41)), Box((36, 29, 40), (37, 30, 41))]
)
def test_renewed_in_its_box_is_found_anew(box: Box) -> None:
    labels = blobs(4)
    before = found(labels)
    labels[box.slices] = np.random.default_rng(1).integers(0, 3, box.shape)
    after, anew = result_of(surface_renewed(before, labels, box)), found(labels)
    assert places(after) == places(anew)
    order, same = (np.lexsort(each.voxels.T) for each in (after, anew))
    assert np.allclose(after.normals[order], anew.normals[same], atol=1e-5)


def test_what_is_nearer_hides_what_lies_behind() -> None:
    """LPS y grows to the back: from the front the first class is seen, from the back the second."""
    labels = np.zeros((20, 20, 20), np.uint8)
    surface = found(labels)
    low = 12 if surface.geometry.affine[1, 1] < 0 else 4  # nearer to the front
    labels[5:15, low : low + 3, 5:15], labels[5:15, 16 - low : 19 - low, 5:15] = 1, 2
    scene = SurfaceScene(found(labels), COLORS)
    picture = scene.draw(FRONT, (100, 100), 5.0)
    voxel = picture.voxel(50, 50)
    assert voxel is not None and labels[voxel] == 1
    blue, green, red, _ = picture.pixels[50, 50].tolist()
    assert red > green > blue
    back = scene.draw(np.diag([-1.0, 1.0, -1.0]) @ FRONT, (100, 100), 5.0).voxel(50, 50)
    assert back is not None and labels[back] == 2
    alone = SurfaceScene(found(labels), COLORS, frozenset({1})).draw(FRONT, (100, 100), 5.0).voxel(50, 50)
    assert alone is not None and labels[alone] == 2, "hidden classes are not in the way"
    assert picture.voxel(2, 2) is None and picture.voxel(-1, 50) is None
    assert picture.pixels[2, 2].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (5.0, 1.0, 1.0), (1.0, 0.7, 2.0)])
@pytest.mark.parametrize("share", [1, 4])
def test_a_surface_has_no_holes(spacing: tuple[float, float, float], share: int) -> None:
    scene = SurfaceScene(found(ball(spacing)[0], spacing), COLORS)
    for angle in (0.0, 0.4, 1.1):
        turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]) @ FRONT
        seen = scene.draw(turn, (200, 200), 4.0, share=share).ids >= 0
        assert ndimage.binary_fill_holes(seen).sum() - seen.sum() < 0.01 * share * seen.sum()
        assert seen.sum() == pytest.approx(np.pi * (20 * 4) ** 2, rel=0.25 if share > 1 or max(spacing) > 2 else 0.1)


def test_a_voxel_is_drawn_where_it_is_projected() -> None:
    labels = np.zeros((30, 40, 50), np.uint8)
    labels[7, 33, 12] = 1
    scene = SurfaceScene(found(labels, (2.0, 1.0, 1.0)), COLORS)
    across, down, _ = scene.project((7, 33, 12), FRONT)
    picture = scene.draw(FRONT, (200, 240), 3.0, shift=(4, -6))
    row, column = round(100 + 3 * down + 4), round(120 + 3 * across - 6)
    assert picture.voxel(row, column) == (7, 33, 12)
    middle, reach = scene.frame()
    assert np.allclose(FRONT @ middle, scene.project((7, 33, 12), FRONT), atol=0.01) and reach < 5
