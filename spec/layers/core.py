"""Core layers."""

from etalon.spec.model import FLAG, Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

DENSE = Op(
    id="layers/dense",
    keras="Dense",
    source="Keras 3, layers.Dense",
    formula="y = activation(x @ kernel + bias)",
    inputs={"x": tensor("*batch features")},
    weights={
        "kernel": tensor("features units", values="weight"),
        "bias": tensor("units", values="weight", optional="use_bias"),
    },
    config={
        "units": Choice(1, 3, 8, long="8"),
        "use_bias": FLAG,
        "activation": Choice("linear", "relu", "softmax"),
    },
    dims={
        "batch": Choice((1,), (5,), (2, 3), long="(16,)"),
        "features": Choice(1, 4, 19, long="terms"),
    },
    outputs={"y": tensor("*batch units")},
    constraints=(
        Constraint(
            id="C1",
            says="the kernel has one row for each feature of x",
            names=("kernel", "x"),
            breach=Breach(shapes={"kernel": "features+1 units"}),
        ),
        Constraint(
            id="C2",
            says="the bias has one number for each unit",
            names=("bias",),
            breach=Breach(assign={"use_bias": True}, shapes={"bias": "units+1"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "features": "True", "units": "True"},
    linear="activation == 'linear'",
    linear_in=("x", "bias"),
)

EMBEDDING = Op(
    id="layers/embedding",
    keras="Embedding",
    source="Keras 3, layers.Embedding",
    formula="y[…, j] = embeddings[x[…], j]",
    inputs={"x": tensor("*batch", values="label")},
    weights={"embeddings": tensor("input_dim output_dim")},
    config={"input_dim": Choice(1, 5, 300), "output_dim": Choice(1, 4, 17, long="17")},
    dims={"batch": Choice((1,), (6,), (2, 3), (40, 5), long="(terms,)")},
    outputs={"y": tensor("*batch output_dim")},
    constraints=(
        Constraint(
            id="C1",
            says="the table has input_dim rows of output_dim numbers",
            names=("embeddings", "weight", "params", "input_dim", "output_dim"),
        ),
        Constraint(
            id="C2",
            says="x has integers from 0 to input_dim − 1",
            names=("x", "index", "indices", "input_dim", "range"),
            breach=Breach(values={"x": "out_of_range"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "output_dim": "True"},
    linear="True",
    linear_in=("embeddings",),
)

EINSUM_DENSE = Op(
    id="layers/einsum_dense",
    keras="EinsumDense",
    source="Keras 3, layers.EinsumDense",
    formula=(
        "y = activation(einsum(equation, x, kernel) + bias): the sum of the products of x and "
        "kernel over all letters that are not in the result; bias lies along bias_axes"
    ),
    inputs={"x": tensor("batch *rest")},
    weights={
        "kernel": tensor("*einsum_kernel(equation,rest,output_shape)", values="weight"),
        "bias": tensor(
            "*einsum_bias(equation,bias_axes,output_shape)", values="weight", optional="bias_axes"
        ),
    },
    config={
        "equation": Choice("ab,bc->ac", "abc,cd->abd", "abc,cde->abde", "abcd,cde->abe"),
        "output_shape": Choice((1,), (8,), (3, 5), (2, 1), (3, 2, 4), long="(8,)"),
        "activation": Choice("linear", "relu"),
        "bias_axes": Choice(None, "c", "d", "e", "bd", "de"),
    },
    dims={
        "batch": Choice(1, 5, long="16"),
        "rest": Choice((1,), (19,), (3, 4), (2, 3, 5), long="(terms,)"),
    },
    outputs={"y": tensor("batch *output_shape")},
    constraints=(
        Constraint(
            id="C1",
            says="the kernel has the axes that the equation gives it, as long as those of x and y",
            names=("kernel", "operand", "operands", "equation", "subscript", "shape", "size"),
            breach=Breach(shapes={"kernel": "*einsum_kernel(equation,rest,output_shape) 2"}),
        ),
        Constraint(
            id="C2",
            says="equation and output_shape fit x",
            names=("equation", "output_shape", "x", "subscript", "subscripts"),
            rule="einsum_fits(equation, rest, output_shape)",
            breach=Breach(shapes={"x": "batch *rest 2"}),
        ),
        Constraint(
            id="C3",
            says="bias_axes are axes of the result",
            names=("bias_axes", "bias"),
            rule="bias_axes is None or einsum_holds(equation, bias_axes)",
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True"},
    linear="activation == 'linear'",
    linear_in=("x", "bias"),
)
