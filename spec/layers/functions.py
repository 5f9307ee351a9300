"""The layer that makes a layer of any function, judged with a handful of them."""

from etalon.spec.model import Breach, Choice, Constraint, Op, tensor
from etalon.spec.words import LAYER_STRATA

LAMBDA = Op(
    id="layers/lambda",
    keras="Lambda",
    source=(
        "Keras 3, layers.Lambda and ops.normalize; antirectifier: Keras 2.2.4, layers.Lambda; "
        "scaled tanh: LeCun et al. 1998, Efficient BackProp, section 4.4"
    ),
    formula=(
        "y = function(x). square: x²; negative: −x; scaled_tanh: 1.7159 · tanh(2 x / 3); "
        "antirectifier: along axis 1, d = x − mean(x) and u = d / max(√sum(d²), 1e-7), "
        "then max(u, 0) and max(−u, 0), one behind the other"
    ),
    inputs={"x": tensor("batch features *rest")},
    config={"function": Choice("square", "negative", "scaled_tanh", "antirectifier")},
    dims={"batch": Choice(1, 3), "features": Choice(4, 1, 7), "rest": Choice((), (2,))},
    outputs={"y": tensor("batch features*(1+(function=='antirectifier')) *rest")},
    constraints=(
        Constraint(
            id="C1",
            says="x has the axes that the function needs: a batch axis and one behind it",
            names=("x", "axis", "axes", "dim", "dimension", "dimensions", "rank", "shape"),
            breach=Breach(assign={"function": "antirectifier"}, shapes={"x": "batch"}),
        ),
    ),
    strata=LAYER_STRATA,
    differentiable=True,
    independent="True",
    exchangeable={"batch": "True", "rest": "True"},
    linear="function == 'negative'",
    linear_in=("x",),
)
