"""Both versions compute what the spec says."""

import etalon


def test_in_torch():
    from gated_linear.in_torch import GatedLinear, gated_linear

    etalon.check(gated_linear, op="layers/gated_linear", backend="torch")
    etalon.check(
        GatedLinear,
        op="layers/gated_linear",
        backend="torch",
        config={"features": "features", "units": "units"},
    )


def test_in_jax():
    from gated_linear.in_jax import gated_linear

    etalon.check(gated_linear, op="layers/gated_linear", backend="jax")
