"""What the user should know of an augmentation before a training uses it, in words."""

from collections.abc import Collection, Iterator, Sequence

from engine.augment.transforms import AugmentConfig, moves_sides
from engine.imaging.geometry import SideAxis
from engine.labels.sides import side_pairs
from engine.progress import Notice
from engine.words import translatable

_ACROSS: tuple[SideAxis, ...] = ("across",)
_NAMED = 3  # pairs
_MANY = 5  # changed copies of a real image


def side_notices(
    names: Sequence[str], config: AugmentConfig, rule: str, axes: Collection[SideAxis] = _ACROSS
) -> Iterator[Notice]:
    """What mirror images mean for the classes of these names, where any are made of pictures in which left and right lie as `axes` say.
    `rule` is one of SIDE_RULES."""
    pairs = side_pairs(names)
    if not any(moves_sides(config, axis) for axis in axes):
        return
    if not pairs:
        if rule == "swap":
            text = translatable("No two classes are left and right by their names: in mirror images all keep theirs.")
            yield Notice(text)
        return
    named = [f"{names[left]} / {names[right]}" for left, right in pairs]
    values: dict[str, object] = {"pairs": ", ".join([*named[:_NAMED], *(["..."] if len(named) > _NAMED else [])])}
    if rule == "swap":
        yield Notice(translatable("In mirror images {pairs} exchange their names."), values)
    elif rule == "off":
        yield Notice(translatable("No mirror images are made, since {pairs} are left and right."), values)
    else:
        text = translatable(
            "Mirror images put left on the right, and {pairs} keep their names there: the network learns the wrong side."
            ' Under "Left and right" let them exchange names (sides=swap), or make no mirror images (sides=off).'
        )
        yield Notice(text, values)


def side_rule(names: Sequence[str], config: AugmentConfig, rule: str, axes: Collection[SideAxis]) -> str:
    """The rule that a training on pictures of these `axes` follows: where names pair and no mirror image is made, that is "off", whatever
    was asked for."""
    return "off" if side_pairs(names) and not any(moves_sides(config, axis) for axis in axes) else rule


def ratio_notices(per_image: int) -> Iterator[Notice]:
    """That so many changed samples on an untouched one are many, where they are."""
    if per_image > _MANY:
        text = translatable(
            "{count} changed copies on one real image: above 5 a network mostly learns the same few images by heart."
            " More images help more."
        )
        yield Notice(text, {"count": per_image})
