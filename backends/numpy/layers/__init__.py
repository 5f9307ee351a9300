"""The definitions of the layers."""
