"""Merging layers: their input is a list of arrays."""

from etalon.spec.model import LAYER_STRATA, Breach, Choice, Constraint, Op, tensor

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
