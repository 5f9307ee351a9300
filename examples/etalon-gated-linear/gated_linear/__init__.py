"""A gated linear unit with a learned temperature, specified once and written twice."""
