"""Somebody's own implementation of an op, judged as a backend's is.

A *candidate* is a function, or a class of layers of a framework. ``names`` says which of its names
stand for which of the op's, ``candidate`` makes a subject of it, ``checking`` judges it.
"""
