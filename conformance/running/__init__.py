"""How a run is driven: the pytest plugin, its suite, the records."""
