"""Initializers: random arrays from a shape and a seed."""

from collections.abc import Mapping
from dataclasses import replace

from etalon.spec.model import Breach, Choice, Constraint, Distribution, Op, tensor

LARGE = Choice((384, 400), (3, 3, 120, 144))
"""Shapes of so many numbers that their distribution shows."""
TRUNCATED_STDDEV = "0.87962566103423978"
MEAN_FAN = "((fan_in(shape) + fan_out(shape)) / 2)"


def drawn(
    name: str,
    keras: str,
    source: str,
    formula: str,
    distribution: Distribution | None = None,
    config: Mapping[str, Choice] | None = None,
    shapes: Choice = LARGE,
    constraints: tuple[Constraint, ...] = (),
) -> Op:
    """Return the entry of an initializer."""
    return Op(
        id=f"initializers/{name}",
        keras=keras,
        source=f"Keras 3, initializers.{keras}{source and f'; {source}'}",
        formula=formula,
        config=config or {},
        dims={"shape": shapes},
        outputs={"y": tensor("*shape")},
        constraints=constraints,
        strata=("drawn",),
        distribution=distribution,
    )


def scaled(variance: str) -> Mapping[str, str]:
    """Return the parameters of all families for numbers of this variance."""
    return {
        "scale": f"sqrt({variance}) / {TRUNCATED_STDDEV}",
        "center": "0",
        "stddev": f"sqrt({variance})",
        "low": f"-sqrt(3 * {variance})",
        "high": f"sqrt(3 * {variance})",
    }


def normal(name: str, keras: str, source: str, variance: str, words: str) -> Op:
    """Return the entry of truncated normal numbers of this variance."""
    formula = (
        "normal numbers of mean 0 truncated at two standard deviations, so scaled that their "
        f"variance after truncation is {words}"
    )
    return drawn(
        name,
        keras,
        source,
        formula,
        Distribution(family="truncated_normal", parameters=scaled(variance)),
    )


def uniform(name: str, keras: str, source: str, variance: str, words: str) -> Op:
    """Return the entry of uniform numbers of this variance."""
    formula = f"uniform numbers between ± √(3 · {words}), whose variance is {words}"
    return drawn(
        name, keras, source, formula, Distribution(family="uniform", parameters=scaled(variance))
    )


GLOROT = "Glorot & Bengio 2010"
HE = "He et al. 2015"
LECUN = "LeCun et al. 1998"
GLOROT_NORMAL = replace(
    normal("glorot_normal", "GlorotNormal", GLOROT, f"1 / {MEAN_FAN}", "2 / (fan_in + fan_out)"),
    dims={"shape": Choice((384, 400), (512, 320), (3, 3, 120, 144), (5, 160, 200))},
)
GLOROT_UNIFORM = uniform(
    "glorot_uniform", "GlorotUniform", GLOROT, f"1 / {MEAN_FAN}", "2 / (fan_in + fan_out)"
)
HE_NORMAL = normal("he_normal", "HeNormal", HE, "2 / fan_in(shape)", "2 / fan_in")
HE_UNIFORM = uniform("he_uniform", "HeUniform", HE, "2 / fan_in(shape)", "2 / fan_in")
LECUN_NORMAL = normal("lecun_normal", "LecunNormal", LECUN, "1 / fan_in(shape)", "1 / fan_in")
LECUN_UNIFORM = uniform("lecun_uniform", "LecunUniform", LECUN, "1 / fan_in(shape)", "1 / fan_in")

FAN = f"(fan_in(shape), fan_out(shape), {MEAN_FAN})[(mode == 'fan_out') + 2 * (mode == 'fan_avg')]"
VARIANCE_SCALING = drawn(
    "variance_scaling",
    "VarianceScaling",
    "",
    "numbers of mean 0 and variance scale / n, where n is fan_in, fan_out or their mean; normal "
    "ones truncated at two standard deviations (and widened for it) or not, or uniform ones",
    Distribution(family="distribution", parameters=scaled(f"scale / {FAN}")),
    {
        "scale": Choice(1.0, 2.0),
        "mode": Choice("fan_in", "fan_out", "fan_avg"),
        "distribution": Choice("truncated_normal", "untruncated_normal", "uniform"),
    },
    constraints=(
        Constraint(
            id="C1",
            says="scale is positive",
            names=("scale",),
            rule="scale > 0",
            breach=Breach(assign={"scale": -1.0}),
        ),
    ),
)

MOMENTS = {"mean": Choice(0.0, 0.5), "stddev": Choice(0.05, 1.0)}
RANDOM_NORMAL = drawn(
    "random_normal",
    "RandomNormal",
    "",
    "normal numbers of this mean and standard deviation",
    Distribution(family="untruncated_normal", parameters={"center": "mean", "stddev": "stddev"}),
    MOMENTS,
)
TRUNCATED_NORMAL = drawn(
    "truncated_normal",
    "TruncatedNormal",
    "",
    "normal numbers of this mean and standard deviation, drawn again where they are more than two "
    "standard deviations from the mean",
    Distribution(family="truncated_normal", parameters={"center": "mean", "scale": "stddev"}),
    MOMENTS,
)
RANDOM_UNIFORM = drawn(
    "random_uniform",
    "RandomUniform",
    "",
    "uniform numbers from minval up to maxval",
    Distribution(family="uniform", parameters={"low": "minval", "high": "maxval"}),
    {"minval": Choice(-0.05, 0.0), "maxval": Choice(0.05, 1.0)},
)

SMALL = Choice((3,), (2, 3), (3, 2, 4))
ZEROS = drawn("zeros", "Zeros", "", "y = 0", shapes=SMALL)
ONES = drawn("ones", "Ones", "", "y = 1", shapes=SMALL)
CONSTANT = drawn(
    "constant", "Constant", "", "y = value", config={"value": Choice(0.0, 0.1)}, shapes=SMALL
)
IDENTITY = drawn(
    "identity",
    "Identity",
    "",
    "y[i, i] = gain, all others 0",
    config={"gain": Choice(1.0, 0.3)},
    shapes=Choice((3, 3), (2, 4), (5, 3)),
    constraints=(
        Constraint(
            id="C1",
            says="shape has two axes",
            names=("shape", "dimensions", "2D", "tuple"),
            rule="len(shape) == 2",
            breach=Breach(assign={"shape": (2, 3, 4)}),
        ),
    ),
)

IDENTITY_KERAS2 = replace(
    IDENTITY,
    id="initializers/identity@keras2",
    source="Keras 2, initializers.Identity",
    formula="y[i, j] = gain where i and j differ by a multiple of the short side, all others 0",
    dims={"shape": Choice((3, 3), (2, 4), (6, 2))},
    constraints=(
        *IDENTITY.constraints,
        Constraint(
            id="C2",
            says="the long side is a multiple of the short side",
            names=("shape", "side", "multiple"),
            rule="max(shape) % min(shape) == 0",
            breach=Breach(assign={"shape": (3, 5)}),
        ),
    ),
    edition="keras2",
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
