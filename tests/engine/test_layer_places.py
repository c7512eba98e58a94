import pytest

from engine.layer_places import LayerPlace, places_of


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("layer2.0.conv1", LayerPlace("", 2, 1)),
        ("net.encoder.layer4.1.bn2", LayerPlace("encoder", 4, 2)),
        ("net.encoder.blocks.1.0.conv_dw", LayerPlace("encoder", 2, 1)),
        ("backbone.encoder.blocks.5.3", LayerPlace("encoder", 6, 4)),
        ("net.encoder.model.stages_0.blocks.2.mlp.fc1", LayerPlace("encoder", 1, 3)),
        ("stages.1.downsample.0", LayerPlace("", 2)),
        ("net.encoder.model.layers_3.blocks.0.attn", LayerPlace("encoder", 4, 1)),
        ("net.encoder.block3.1.norm1", LayerPlace("encoder", 3, 2)),
        ("net.encoder.patch_embed2.proj", LayerPlace("encoder", 2)),
        ("features.denseblock1.denselayer6.conv1", LayerPlace("", 1, 6)),
        ("s2.b3.conv1.conv", LayerPlace("", 2, 3)),
        ("net.encoder.model.blocks.11.attn.qkv", LayerPlace("encoder", 0, 12)),
        ("net.down.3.0", LayerPlace("encoder", 4)),
        ("net.pool", LayerPlace("encoder")),
        ("net.merge.0.3", LayerPlace("decoder", 1)),
        ("net.decoder.blocks.2.conv1.0", LayerPlace("decoder", 3)),
        ("net.decoder.aspp.convs.0.0", LayerPlace("decoder")),
        ("net.segmentation_head.0", LayerPlace("head")),
        ("backbone.fpn.inner_blocks.3.0", LayerPlace("pyramid")),
        ("rpn.head.cls_logits", LayerPlace("proposals")),
        ("roi_heads.mask_head.0.0", LayerPlace("masks")),
        ("stages.7", LayerPlace()),  # of a plain network: one layer after the other
        ("features.10", LayerPlace()),
    ],
)
def test_a_path_says_where_a_layer_stands(path: str, place: LayerPlace) -> None:
    assert places_of([path]) == [place]


def test_what_comes_before_the_first_stage_is_the_stem() -> None:
    stem = LayerPlace("stem")
    assert places_of(["conv1", "maxpool", "layer1.0.conv1", "avgpool"]) == [
        stem,
        stem,
        LayerPlace("", 1, 1),
        LayerPlace(),
    ]
    assert places_of(["stem.0", "stages.0"]) == [stem, LayerPlace()]
    encoder = LayerPlace("encoder")
    assert places_of(["net.features.0", "net.decoder.0.0"]) == [encoder, LayerPlace("decoder", 1)], "it has no stages"
