"""A click model from a file: what is taken for one, and what goes into it and comes out."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.assist.click_model import (
    ClickModel,
    ModelOutline,
    best_mask,
    encoder_input,
    prompt,
    to_low,
    to_slice,
)
from engine.labels.assist.crop import Click, ProposedRegion, Rect
from engine.labels.assist.graph_cut import GraphCut
from tests.engine.labels.assist.conftest import write_decoder, write_encoder

DOWN, ACROSS = np.mgrid[:128, :192]
ORGAN = (DOWN - 60) ** 2 + (ACROSS - 100) ** 2 < 40**2
SCAN = np.where(ORGAN, 200, 60).astype(np.uint8)
BOX = Rect(20, 60, 101, 141)


def test_the_files_say_what_they_are(click_model: Path) -> None:
    files = ClickModel(click_model).files
    assert files.encoder.name == "encoder.onnx" and files.decoder.name == "decoder.onnx"
    assert files.encoder_hash == hashlib.sha256((click_model / "encoder.onnx").read_bytes()).hexdigest()
    assert files.size == sum(path.stat().st_size for path in click_model.glob("*.onnx"))
    assert files.licence == "Do what you like."
    (click_model / "LICENSE.txt").unlink()
    assert ClickModel(click_model).files.licence == ""


def test_another_network_is_refused_in_words(click_model: Path) -> None:
    encoder, decoder = click_model / "encoder.onnx", click_model / "decoder.onnx"
    write_encoder(click_model / "another.onnx")
    with pytest.raises(EngineError, match="several"):
        ClickModel(click_model)
    (click_model / "another.onnx").unlink()
    write_encoder(encoder, channels=32)
    with pytest.raises(EngineError, match="no image encoder"):
        ClickModel(click_model)
    write_encoder(encoder)
    decoder.rename(click_model.parent / "decoder.onnx")
    with pytest.raises(EngineError, match="no mask decoder") as refused:
        ClickModel(click_model)
    assert "two .onnx files" in refused.value.hint
    decoder.write_bytes(b"not a network")
    with pytest.raises(EngineError, match=r"decoder\.onnx is no network"):
        ClickModel(click_model)
    for path in click_model.glob("*.onnx"):
        path.unlink()
    with pytest.raises(EngineError, match=r"no \.onnx file"):
        ClickModel(click_model)
    write_decoder(decoder)
    with pytest.raises(EngineError, match="no image encoder"):
        ClickModel(click_model)


def test_the_encoder_sees_normal_values_and_nothing_around_them() -> None:
    frame, scale = encoder_input(np.full((300, 512), 255, np.uint8))
    assert frame.shape == (1, 3, 1024, 1024) and scale == 2
    inside = frame[0, :, :600]
    for channel, mean, spread in zip(inside, (123.675, 116.28, 103.53), (58.395, 57.12, 57.375), strict=True):
        assert channel == pytest.approx((255 - mean) / spread, abs=1e-5)
    assert not frame[0, :, 600:].any()


def test_points_lie_in_the_encoders_frame_and_padding_stands_for_a_box() -> None:
    points, labels = prompt(2.0, Rect(10, 20, 30, 60), (Click((9.5, 19.5)), Click((0.0, 0.0), adds=False)))
    assert points.tolist() == [[[40, 20], [120, 60], [40, 20], [1, 1]]] and labels.tolist() == [[2, 3, 1, 0]]
    points, labels = prompt(2.0, None, (Click((9.5, 19.5)),))
    assert points.tolist() == [[[40, 20], [0, 0]]] and labels.tolist() == [[1, -1]]


def test_masks_come_back_to_the_pixels_they_were_made_of() -> None:
    scale = 1024 / 192
    back = to_slice(to_low(ProposedRegion.of(ORGAN), scale), scale, ORGAN.shape).on(ORGAN.shape)
    assert np.count_nonzero(back ^ ORGAN) < 0.02 * np.count_nonzero(ORGAN)


def test_it_begins_with_the_mask_that_fits_the_box_not_with_the_whole_body() -> None:
    scale = 1024 / 192
    body = to_low(ProposedRegion.of(np.ones(ORGAN.shape, bool)), scale)
    masks = np.stack([body, np.full_like(body, -5), to_low(ProposedRegion.of(ORGAN), scale)])
    assert best_mask(masks, np.array([1.02, 0.99, 0.8], np.float32), BOX, scale, ORGAN.shape) == 2


def test_a_box_a_click_and_the_click_taken_back(click_model: Path) -> None:
    model = ClickModel(click_model)
    outline = ModelOutline(model, model.encode(SCAN), BOX, GraphCut(SCAN, BOX))
    first = outline.propose().on(ORGAN.shape)
    assert np.count_nonzero(first ^ ORGAN) < 0.1 * np.count_nonzero(ORGAN)
    away = tuple(Click((60.0, 100.0), adds=False) for _ in range(9))  # the network counts them
    assert outline.propose(away).empty
    assert np.array_equal(outline.propose().on(ORGAN.shape), first)


def test_a_click_that_loses_the_mask_before_is_asked_again_without_it(click_model: Path) -> None:
    write_decoder(click_model / "decoder.onnx", forgets=True)
    model = ClickModel(click_model)
    outline = ModelOutline(model, model.encode(SCAN), BOX, GraphCut(SCAN, BOX))
    first = outline.propose().on(ORGAN.shape)
    assert np.array_equal(outline.propose((Click((60.0, 100.0)),)).on(ORGAN.shape), first)


def test_it_begins_from_a_given_region(click_model: Path) -> None:
    model = ClickModel(click_model)
    start = ORGAN & (DOWN < 60)
    outline = ModelOutline(model, model.encode(SCAN), BOX, GraphCut(SCAN, BOX), ProposedRegion.of(start))
    assert np.array_equal(outline.propose().on(ORGAN.shape), start)
    assert outline.propose((Click((80.0, 100.0)),)).on(ORGAN.shape)[80, 100]


def test_what_was_seen_is_not_encoded_again_and_another_window_is(click_model: Path) -> None:
    model = ClickModel(click_model)
    first = model.encode(SCAN)
    assert model.encode(SCAN.copy()) is first
    assert model.encode(SCAN // 2) is not first
    assert model.encode(np.repeat(SCAN[:, :, None], 3, axis=2)).values == pytest.approx(first.values)
