"""The arithmetic of the judge: bounded, dual and exact arrays, and what they have to know."""

# Imported for their effect: each notes its rules with the kind of array that they are for. Python
# runs this file before any other module of the folder, so no array is ever without its rules.
# Those of exact arrays lie in their own module, which needs mpmath.
from etalon.conformance.arithmetic import (
    affine,
    attention,
    bounded_functions,
    bounded_ufuncs,
    dual_functions,
    dual_ufuncs,
    softmax,
)

__all__ = [
    "affine",
    "attention",
    "bounded_functions",
    "bounded_ufuncs",
    "dual_functions",
    "dual_ufuncs",
    "softmax",
]
