"""The definitions of the losses."""
