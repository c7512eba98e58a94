import pytest

from engine.labels.sides import Laterality, side_pairs


@pytest.mark.parametrize(
    "names",
    [
        ("left", "right"),
        ("Left lung", "Right lung"),
        ("lung, left", "LUNG (RIGHT)"),
        ("L", "R"),
        ("lungL", "lungR"),
        ("lung_l", "lung_r"),
        ("lung-L", "lung-R"),
        ("LungLeft", "LungRight"),
        ("L lung", "R lung"),
        ("lLung", "rLung"),
        ("LKidney", "RKidney"),
        ("leftlung", "rightlung"),
        ("LUNGLEFT", "LUNGRIGHT"),
        ("lungl", "lungr"),
        ("LUNGL", "LUNGR"),
        ("femur.l.head", "femur.r.head"),
        ("lung (lt)", "lung (rt.)"),
        ("left lung", "lung_R"),
        ("Pulmón izquierdo", "Pulmón derecho"),
        ("PULMON IZQUIERDO", "pulmón derecho"),
        ("pulmo\u0301n izq.", "pulmón der."),
        ("izquierda", "derecha"),
        ("riñón izqdo", "riñón dcho"),
        ("izq_cadera", "der_cadera"),
        ("rim esquerdo", "rim direito"),
        ("ren sinister", "ren dexter"),
        ("rene sin", "rene dx"),
        ("polmone sx", "polmone dx"),
        ("poumon gauche", "poumon droit"),
        ("Niere links", "Niere rechts"),
        ("rib L 3", "rib R 3"),
        ("eye OS", "eye OD"),
    ],
)
def test_names_of_two_sides_pair_whichever_comes_first(names: tuple[str, str]) -> None:
    assert side_pairs(names) == ((0, 1),)
    assert side_pairs(names[::-1]) == ((1, 0),)
    assert side_pairs(("heart", *names, "aorta")) == ((1, 2),)


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("lung",),
        ("lung left",),
        ("liver", "river"),
        ("Liver", "River"),
        ("LIVER", "RIVER"),
        ("l1", "r2"),
        ("L1", "L2"),
        ("L 1", "R 2"),
        ("left lung", "right kidney"),
        ("lung l", "lung"),
        ("air", "ail"),
        ("sx", "dx"),
        ("sin", "dx"),
        ("left", "derecho"),
        ("upright", "cleft"),
        ("left to right", "right to left"),
        ("right", "wrong"),
        ("normal", "tumour"),
    ],
)
def test_other_names_do_not(names: tuple[str, ...]) -> None:
    assert side_pairs(names) == ()


def test_a_name_that_stands_for_two_things_pairs_with_neither() -> None:
    assert side_pairs(["lung left", "left lung", "lung right"]) == ()
    assert side_pairs(["lung L", "lung R", "kidney left", "heart", "kidney right"]) == ((0, 1), (2, 4))


def test_left_is_right_in_a_mirror_image_only_where_they_change_their_names() -> None:
    pairs = ((0, 2), (5, 4))
    assert [Laterality(pairs, "swap").mirrored(place) for place in range(6)] == [2, 1, 0, 3, 5, 4]
    for rule in ("keep", "off"):
        assert [Laterality(pairs, rule).mirrored(place) for place in range(6)] == list(range(6))
