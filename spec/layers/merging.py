"""Merging layers: their input is a list of arrays."""

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

CONCATENATE = Op(
    id="layers/concatenate",
    keras="Concatenate",
    source="Keras 3, layers.Concatenate",
    formula="y = the inputs, one after the other along axis",
    inputs={"x": tensor("*with_axis((batch,height,width),axis,size)", each="sizes")},
    config={"axis": Choice(-1, 1, 2, -2)},
    dims={
        "sizes": Choice((2, 3), (1, 1), (3, 1, 2)),
        "batch": Choice(1, 3),
        "height": Choice(2, 5),
        "width": Choice(3, 1),
    },
    outputs={"y": tensor("*with_axis((batch,height,width),axis,sum(sizes))")},
    constraints=(
        Constraint(
            id="C1",
            says="all inputs have the same shape but for axis",
            names=("axis", "shape", "dimension"),
            breach=Breach(
                assign={"axis": -1, "sizes": (2, 3)}, shapes={"x": "batch height+size size"}
            ),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True"},
    linear="True",
    linear_in=("x",),
)


def elementwise(name: str, keras: str, formula: str, *, linear: str = "", two: bool = False) -> Op:
    """Return the entry of a layer that merges arrays element by element, broadcasting."""
    return Op(
        id=f"layers/{name}",
        keras=keras,
        aliases=("substract",) if name == "subtract" else (),
        source=f"Keras 3, layers.{keras}",
        formula=f"y = {formula}; axes of length 1 are broadcast",
        inputs={"x": tensor("batch height size", each="sizes")},
        dims={
            "sizes": Choice((3, 3), (3, 1), (1, 4)) if two else Choice((3, 3), (1, 4), (3, 1, 3)),
            "batch": Choice(1, 3),
            "height": Choice(1, 2),
        },
        outputs={"y": tensor("batch height max(sizes)")},
        constraints=(
            Constraint(
                id="C1",
                says="all inputs have the same shape, or 1 in its place",
                names=("shape", "shapes", "size", "broadcast", "broadcastable"),
                breach=Breach(assign={"sizes": (2, 3)}),
            ),
        ),
        strata=LAYER_STRATA,
        differentiable=True,
        independent="True",
        exchangeable={"batch": "True"},
        linear=linear,
        linear_in=("x",) if linear else (),
    )


ADD = elementwise("add", "Add", "x[0] + x[1] + …", linear="True")
SUBTRACT = elementwise("subtract", "Subtract", "x[0] − x[1]", linear="True", two=True)
MULTIPLY = elementwise("multiply", "Multiply", "x[0] · x[1] · …")
AVERAGE = elementwise("average", "Average", "(x[0] + x[1] + …) / len(x)", linear="True")
MAXIMUM = elementwise("maximum", "Maximum", "max(x[0], x[1], …)")
MINIMUM = elementwise("minimum", "Minimum", "min(x[0], x[1], …)")

DOT = Op(
    id="layers/dot",
    keras="Dot",
    source="Keras 3, layers.Dot",
    formula=(
        "y[b, …, …] = sum over axes[0] of x[0][b] and axes[1] of x[1][b] of their products; under "
        "normalize each x is first multiplied by min(1 / √(sum of x² over the axis), 1e7)"
    ),
    inputs={"x": tensor("batch *inserted((rest,others)[index],size,inner)", each="axes")},
    config={"axes": Choice((-1, -1), (2, 1), (1, 2)), "normalize": FLAG},
    dims={
        "batch": Choice(1, 3),
        "inner": Choice(4, 1, long="terms"),
        "rest": Choice((), (3,), (2, 3), long="(3,)"),
        "others": Choice((), (2,), long="(5,)"),
    },
    outputs={"y": tensor("batch *((1,),rest+others)[len(rest+others)>0]")},
    constraints=(
        Constraint(
            id="C1",
            says="axes are axes of the inputs",
            names=("axes", "axis"),
            rule="axes[0] <= len(rest) + 1 and axes[1] <= len(others) + 1",
            breach=Breach(assign={"axes": (1, 1)}, shapes={"x": "batch inner+index"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True"},
)
