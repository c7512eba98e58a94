import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.learning.mixed import computing_in

CPU = torch.device("cpu")


def gradients(layer: nn.Conv2d, images: Tensor, dtype: torch.dtype) -> tuple[Tensor, ...]:
    """What comes out, and the gradients of the images, the weights and the bias, where all of the output counts by whole numbers."""
    images = images.clone().requires_grad_()
    with computing_in(dtype, CPU):
        found = layer(images)
    counts = torch.arange(found.numel()).remainder(7).view_as(found) - 3.0
    layer.zero_grad()
    (found.float() * counts).sum().backward()
    parts = [images.grad, *(each.grad for each in layer.parameters())]
    return found.detach(), *(part for part in parts if part is not None)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(6, 6, 5, padding=2, groups=6, bias=False),
        nn.Conv2d(6, 6, 3, stride=2, padding=1, groups=6),
        nn.Conv2d(6, 12, 5, padding=(2, 4), dilation=(1, 2), groups=6),
    ],
)
def test_filters_of_single_channels_have_the_gradients_of_float32(
    layer: nn.Conv2d, layout: torch.memory_format
) -> None:
    torch.manual_seed(1)
    images = torch.randn(2, 6, 20, 17).to(memory_format=layout)
    exact, ours = gradients(layer, images, torch.float32), gradients(layer, images, torch.bfloat16)
    assert ours[0].dtype == torch.bfloat16 and torch.allclose(ours[0].float(), exact[0], atol=0.03)
    assert len(ours) == len(exact) == 2 + len(list(layer.parameters()))
    for one, other in zip(ours[1:], exact[1:], strict=True):
        assert one.dtype == torch.float32 and torch.allclose(one, other, rtol=1e-5, atol=1e-4)


def test_others_are_computed_as_autocast_has_them() -> None:
    torch.manual_seed(1)
    images = torch.randn(2, 6, 12, 12)
    for layer in (nn.Conv2d(6, 4, 5), nn.Conv2d(6, 6, 3, groups=6), nn.Conv2d(6, 6, 5, groups=3)):
        ours = gradients(layer, images, torch.bfloat16)
        images.requires_grad_()
        with torch.autocast("cpu", torch.bfloat16):
            found = functional.conv2d(images, layer.weight, layer.bias, groups=layer.groups)
        assert torch.equal(ours[0], found.detach())
        images = images.detach()


def test_images_that_learn_nothing_get_no_gradient() -> None:
    layer = nn.Conv2d(4, 4, 5, groups=4)
    with computing_in(torch.bfloat16, CPU):
        layer(torch.randn(1, 4, 9, 9)).float().sum().backward()
    assert layer.weight.grad is not None and layer.weight.grad.isfinite().all()
    with torch.no_grad(), computing_in(torch.bfloat16, CPU):
        assert layer(torch.randn(1, 4, 9, 9)).dtype == torch.bfloat16


def test_a_network_learns_the_same_way_in_both() -> None:
    torch.manual_seed(0)
    deep = [
        nn.Conv2d(8, 8, 5, 2, 2, groups=8),
        nn.ReLU(),
        nn.Conv2d(8, 16, 1),
        nn.ReLU(),
        nn.Conv2d(16, 16, 7, groups=16),
    ]
    network = nn.Sequential(
        nn.Conv2d(1, 8, 3), nn.ReLU(), *deep, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 3)
    )
    images, targets = torch.randn(8, 1, 48, 48), torch.arange(8) % 3
    ways = []
    for dtype in (torch.float32, torch.bfloat16):
        network.zero_grad()
        with computing_in(dtype, CPU):
            logits = network(images)
        functional.cross_entropy(logits.float(), targets).backward()  # type: ignore[no-untyped-call]
        ways.append(torch.cat([p.grad.flatten() for p in network.parameters() if p.grad is not None]))
    assert functional.cosine_similarity(ways[0], ways[1], dim=0) > 0.99
