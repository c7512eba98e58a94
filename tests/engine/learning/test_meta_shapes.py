"""Shapes that are reckoned at once are those of torch's own rules."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.learning.meta_shapes import QuickShapes


@pytest.mark.parametrize(
    "run",
    [
        lambda x: functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False),
        lambda x: functional.interpolate(x, scale_factor=(2.5, 0.5), mode="bilinear", align_corners=True),
        lambda x: functional.interpolate(x, size=(13, 40), mode="bilinear", align_corners=False),
        lambda x: functional.relu(x) + x[:, :1],
        lambda x: nn.ReLU6(inplace=True)(nn.ReLU6()(x)) + 1,
        lambda x: functional.gelu(x) + torch.sigmoid(x) * torch.tanh(functional.silu(x)),
        lambda x: nn.BatchNorm2d(8, device="meta").eval()(x),
        lambda x: nn.GroupNorm(4, 8, device="meta")(x),
        lambda x: nn.LayerNorm([8, 10, 20], device="meta")(x),
        lambda x: nn.Linear(200, 7, device="meta")(x.flatten(2)),
        lambda x: nn.Linear(1600, 7, device="meta")(x.flatten(1)),
        lambda x: functional.scaled_dot_product_attention(x, x, x),
        lambda x: nn.Conv2d(8, 5, 3, stride=2, device="meta")(x),
        lambda x: nn.Conv2d(8, 4, 3, padding=2, dilation=2, groups=4, device="meta")(x),
        lambda x: nn.ConvTranspose2d(8, 6, 3, stride=2, padding=1, output_padding=1, device="meta")(x),
        lambda x: nn.Conv2d(20, 4, 1, device="meta")(x.permute(0, 3, 1, 2)),
        lambda x: functional.relu(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).view(2, 8, 200),
        lambda x: torch.cat([x, x[:, :3].clone(), x[:, 1:2]], 1),
        lambda x: torch.cat([x, x], -1) * 2,
        lambda x: x.mean((2, 3), keepdim=True) * x + x.mean(-1).mean()[None],
        lambda x: x.clone().mul_(0.5).add_(x),
        lambda x: (x * x).double() + x,
        lambda x: x.long() + 1.5,
    ],
)
def test_shapes_are_those_of_torch(run: Callable[[Tensor], Tensor]) -> None:
    maps = torch.zeros(2, 8, 10, 20, device="meta")
    with torch.no_grad():
        expected = run(maps)
        with QuickShapes():  # type: ignore[no-untyped-call]
            found = run(maps)
    assert (found.shape, found.dtype, found.device.type) == (expected.shape, expected.dtype, "meta")


@pytest.mark.parametrize(
    "run",
    [
        lambda x: nn.Conv2d(7, 5, 3, device="meta")(x),
        lambda x: nn.Conv2d(8, 5, 11, device="meta")(x),
        lambda x: nn.Linear(19, 5, device="meta")(x[0, 0]),
        lambda x: torch.cat([x, x[:, :, :5]], 1),
        lambda x: x + x[..., :7],
        lambda x: x.add_(x[..., :7]),
    ],
)
def test_what_does_not_fit_is_said_as_torch_says_it(run: Callable[[Tensor], Tensor]) -> None:
    maps = torch.zeros(2, 8, 10, 20, device="meta")
    with pytest.raises(RuntimeError) as expected:
        run(maps)
    with pytest.raises(RuntimeError) as found, QuickShapes():  # type: ignore[no-untyped-call]
        run(maps)
    assert str(found.value) == str(expected.value)
