"""Initializers: random arrays from a shape and a seed."""

from etalon.spec.model import Breach, Choice, Constraint, Distribution, Op, tensor

GLOROT_NORMAL = Op(
    id="initializers/glorot_normal",
    keras="GlorotNormal",
    source="Keras 3, initializers.GlorotNormal; Glorot & Bengio 2010",
    formula=(
        "normal numbers of mean 0 truncated at two standard deviations, so scaled that their "
        "variance after truncation is 2 / (fan_in + fan_out)"
    ),
    dims={
        "shape": Choice((384, 400), (512, 320), (3, 3, 120, 144), (5, 160, 200)),
    },
    outputs={"y": tensor("*shape")},
    strata=("drawn",),
    distribution=Distribution(
        family="truncated_normal",
        parameters={
            "scale": "sqrt(2 / (fan_in(shape) + fan_out(shape))) / 0.87962566103423978",
            "cut": "2",
        },
    ),
)

ORTHOGONAL = Op(
    id="initializers/orthogonal",
    keras="Orthogonal",
    source="Keras 3, initializers.Orthogonal; Saxe et al. 2014; Mezzadri, arXiv:math-ph/0609050",
    formula=(
        "gain times a matrix, uniformly distributed among those with orthonormal rows or "
        "columns, of prod(shape[:-1]) rows and shape[-1] columns"
    ),
    config={"gain": Choice(1.0, 1.5)},
    dims={"shape": Choice((4, 4), (12, 5), (5, 12), (3, 2, 2, 6))},
    outputs={"y": tensor("*shape")},
    constraints=(
        Constraint(
            id="C1",
            says="shape has at least two axes",
            names=("shape", "dimension"),
            rule="len(shape) >= 2",
            breach=Breach(assign={"shape": (5,)}),
        ),
    ),
    strata=("drawn",),
    distribution=Distribution(family="orthogonal", parameters={"gain": "gain"}),
)
