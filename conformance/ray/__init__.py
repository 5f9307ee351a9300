"""How a run is spread over the machines of a Ray cluster: ``etalon verify --ray``."""
