import imagecodecs
import numpy as np
import pytest

from engine.imaging.stream_size import stream_size

SIZES = [(8, 256), (37, 53), (300, 200), (240, 320), (300, 300), (90, 160), (550, 500)]


@pytest.mark.parametrize(
    "codec", ["jpeg8", "ljpeg", "jpegls", "jpeg2k", "htj2k", "jpegxl", "jpegxr", "lerc", "png", "webp"]
)
@pytest.mark.parametrize("size", SIZES)
def test_the_size_of_every_codec_is_read(codec: str, size: tuple[int, int]) -> None:
    encode = getattr(imagecodecs, f"{codec}_encode", None)
    if encode is None:
        pytest.skip(f"imagecodecs has no encoder for {codec}")
    picture = np.random.default_rng(0).integers(0, 4, (*size, 3), np.uint8)
    grey = np.ascontiguousarray(picture[..., 0])
    streams = [bytes(encode(picture if codec == "webp" else grey))]
    if codec == "jpegxl":
        streams.append(bytes(encode(picture, usecontainer=True)))
    if codec == "jpeg2k":
        streams.append(bytes(encode(picture, codecformat="jp2")))
    for stream in streams:
        said = stream_size(stream)
        assert said is not None and said[:2] == size


def test_what_is_no_stream_or_cut_short_says_nothing() -> None:
    picture = np.zeros((20, 30), np.uint8)
    names = ("jpeg8", "jpeg2k", "jpegxl", "jpegxr", "lerc")
    for encode in (getattr(imagecodecs, f"{name}_encode") for name in names):
        assert stream_size(bytes(encode(picture))[:10]) is None
    for data in (b"", b"nothing", b"\xff\xd8", b"\xff\xd8\xff\xda\0\2", b"\xff\xd8xy"):
        assert stream_size(data) is None
