"""Packed streams as Python's gzip reads them, whole, in members, padded, cut short and damaged."""

import gzip
import io
import zlib

import numpy as np
import pytest

from engine.imaging.gzip_stream import GzipStream

NOISE = np.random.default_rng(0).integers(0, 255, 3 << 20, np.uint8).tobytes()


@pytest.mark.parametrize("content", [b"", b"a", NOISE, bytes(8 << 20), NOISE + bytes(1 << 20)])
@pytest.mark.parametrize("level", [1, 9])
@pytest.mark.parametrize("after", [b"", bytes(700)])
def test_bytes_are_those_of_the_library(content: bytes, level: int, after: bytes) -> None:
    packed = gzip.compress(content, level) + after
    assert GzipStream(io.BytesIO(packed)).read(len(content) + 10) == content == gzip.decompress(packed)
    members = b"".join(gzip.compress(content[at::3], level) + after for at in range(3))
    assert GzipStream(io.BytesIO(members)).read(1 << 24) == gzip.decompress(members)


def test_places_are_found_forwards_and_backwards() -> None:
    stream = GzipStream(io.BytesIO(gzip.compress(NOISE[:1000]) + gzip.compress(NOISE[1000:])))
    for place in (5, 1500, 3, 2_000_000, 0):
        stream.seek(place)
        target = bytearray(700)
        assert stream.readinto(memoryview(target)) == 700 and target == NOISE[place : place + 700]
    stream.seek(len(NOISE) + 5)
    assert stream.read(5) == b""


@pytest.mark.parametrize("cut", [3, 12, 200_000, len(gzip.compress(NOISE, 1)) - 3])
def test_a_stream_that_is_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(EOFError):
        GzipStream(io.BytesIO(gzip.compress(NOISE, 1)[:cut])).read(len(NOISE) + 1)


@pytest.mark.parametrize("at", [0, -8, -2])
def test_a_wrong_head_checksum_or_length_is_refused(at: int) -> None:
    packed = bytearray(gzip.compress(NOISE, 1))
    packed[at] ^= 255
    with pytest.raises(zlib.error):
        GzipStream(io.BytesIO(packed)).read(len(NOISE) + 1)
    with pytest.raises(zlib.error):
        GzipStream(io.BytesIO(gzip.compress(b"a") + b"no member")).read(9)
