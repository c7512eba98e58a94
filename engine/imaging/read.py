"""The door for pixels: a source to an Image, a mask file to its numbers.

Readers are loaded when the first file of their kind is opened: together they would double the time to the first window.
"""

import io
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.files import damaged, decoding, display_name, kind_of, read_bytes
from engine.imaging.geometry import Geometry
from engine.imaging.glimpse import Glimpse, SliceWish
from engine.imaging.hounsfield import with_modality
from engine.imaging.image import Image, Source
from engine.imaging.mask_looks import BY_ITSELF, Convention
from engine.imaging.values import MaskFile, odd_values, one_number_a_colour, read_array, whole_numbers
from engine.imaging.windows import auto_window
from engine.progress import Notice, Work, result_of
from engine.words import translatable

_TOO_LONG = 200.0  # mm
PICTURES = frozenset(("png", "jpeg", "bmp", "webp", "gif"))


def read_image(source: Source) -> Image:
    """The whole image. `source.files` are absolute paths. Raises EngineError, naming the file, where it cannot be had."""
    return result_of(opening(source))


def opening(source: Source, wanted: SliceWish | int | None = None) -> Work[Image]:
    """As `read_image`, with the Progress of its reading. With the number of a `wanted` stored slice it yields Glimpses as well: of a
    volume that slice, or others on the way to it, of a large picture the whole at a lower resolution. A wish may change on the way."""
    wish = SliceWish(wanted) if isinstance(wanted, int) else wanted
    with decoding(source.files[0]), closing(_opening(source, wish)) as work:
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                return _consistent(end.value, source)
            if isinstance(event, Glimpse):
                event = _known(event, source)
            yield event


def _known(glimpse: Glimpse, source: Source) -> Glimpse:
    """Of the modality that the source is of, in a window by all that was read where the file states none."""
    image = with_modality(glimpse.image, source.modality)
    if glimpse.sample is not None:
        image = replace(image, window=auto_window(glimpse.sample, image.unit))
    return replace(glimpse, image=image, sample=None)


def first_slice(source: Source) -> Image:
    """Something to look at soon: a DICOM series' middle slice as an image of one slice; of other kinds, the whole image."""
    with decoding(source.files[0]):
        if source.kind != "dicom":
            return read_image(source)
        from engine.imaging import dicom_pixels

        return _consistent(dicom_pixels.first_slice(source.files, source.index), source)


def _consistent(image: Image, source: Source) -> Image:
    """The image, its pixels being as many as its geometry says: a header that lies ends here. Values that are odd are said, and
    those of CT known."""
    if image.pixels.shape not in (image.shape, (*image.shape, 3)):
        raise damaged(display_name(source.files[0]))
    image = with_modality(image, source.modality)
    odd = (*odd_values(image.pixels), *_odd_size(image.geometry))
    return replace(image, notes=(*image.notes, *odd)) if odd else image


def _odd_size(geometry: Geometry) -> tuple[Notice, ...]:
    """Of voxels that no scanner has: a header that is wrong about its unit."""
    size = max(geometry.spacing)
    if not geometry.calibrated or size < _TOO_LONG:
        return ()
    text = translatable("A voxel is {size:.4g} mm long by its file, whose unit may be wrong: so are all lengths then.")
    return (Notice(text, {"size": size}),)


def read_mask(path: Path, convention: Convention = BY_ITSELF) -> MaskFile:
    """A mask's numbers (z, y, x), its grid where the file has one (NIfTI, NRRD), and what was assumed in reading it.

    Palettes give their index, 1 bit gives 0 and 1, unless the convention says otherwise; colours give 0xRRGGBB unless all channels are equal; transparent places are background;
    channels are classes. EXIF's rotation is applied as it is to images. Raises NotReadable for what is damaged or no mask.
    """
    with decoding(str(path)):
        return _labels(str(path), convention)


def depends_on_others(path: Path) -> bool:
    """Whether a Convention may change what `read_mask` gives. By the file's head; of what is no mask, nothing is said."""
    file = str(path)
    try:
        kind = kind_of(file)
        if kind in ("png", "gif", "bmp"):
            from engine.imaging import raster

            return raster.may_look_otherwise(file)
        if kind == "tiff":
            from engine.imaging import tiff

            return tiff.may_look_otherwise(file)
        if kind == "nifti":
            from engine.imaging import nifti

            return nifti.has_volumes(file)
        if kind == "nrrd":
            from engine.imaging import nrrd

            return nrrd.has_volumes(file)
    except EngineError:  # said when it is read
        return False
    return False


def _labels(file: str, convention: Convention) -> MaskFile:
    kind = kind_of(file)
    if kind in PICTURES:
        from engine.imaging import raster

        return raster.read_labels(file, convention)
    if kind == "tiff":
        from engine.imaging import tiff

        return tiff.read_labels(file, convention)
    if kind == "nifti":
        from engine.imaging import nifti

        return nifti.read_labels(file, convention)
    if kind == "nrrd":
        from engine.imaging import nrrd

        return nrrd.read_labels(file, convention)
    if kind == "npy":
        return _array_labels(file)
    raise NotReadable(
        translatable("{name} is not a mask that can be read."),
        translatable("Masks are PNG, TIFF, BMP, NumPy (.npy), NIfTI or NRRD files."),
        name=display_name(file),
    )


def read_labels(path: Path) -> tuple[NDArray[np.int32], Geometry | None]:
    """The numbers and the grid of `read_mask`, for those who need no more."""
    mask = read_mask(path)
    return mask.values, mask.geometry


def _opening(source: Source, wanted: SliceWish | None = None) -> Work[Image]:
    file = source.files[0]
    if source.kind == "dicom":
        from engine.imaging import dicom_pixels

        return (yield from dicom_pixels.opening(source.files, source.index, wanted))
    if source.kind == "npz":
        from engine.imaging import medmnist

        return medmnist.read_image(source)
    if source.kind == "nifti":
        from engine.imaging import nifti

        return (yield from nifti.opening(file, wanted))
    if source.kind == "nrrd":
        from engine.imaging import nrrd

        return (yield from nrrd.opening(file, wanted))
    if kind_of(file) == "tiff":
        from engine.imaging import tiff

        return (yield from tiff.opening(source.files, wanted))
    from engine.imaging import raster

    return (yield from raster.opening(file, look=wanted is not None))


def _array_labels(file: str) -> MaskFile:
    shown = display_name(file)
    with decoding(file):
        values = read_array(io.BytesIO(read_bytes(file)), shown)
        if not values.size:
            raise damaged(shown)
        if values.ndim == 3 and values.shape[-1] == 3 and values.dtype == np.uint8:
            numbers, colored = one_number_a_colour(np.asarray(values, np.uint8), shown)
            return MaskFile(numbers[None], colored=colored)
        if values.ndim == 3 and values.shape[-1] == 1:
            values = values[..., 0]
        if values.ndim not in (2, 3):
            single, many = (
                translatable("{name} is no mask: it has 1 dimension."),
                translatable("{name} is no mask: it has {count} dimensions."),
            )
            raise NotReadable(single if values.ndim == 1 else many, name=shown, count=values.ndim)
        numbers, notes = whole_numbers(values, shown)
        return MaskFile(numbers if numbers.ndim == 3 else numbers[None], notes=notes)
