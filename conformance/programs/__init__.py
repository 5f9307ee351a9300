"""Code that runs where Etalon is not: a case as a program, and an adapter with all it calls."""
