"""How implementations are judged: cases, bounds, laws, verdicts, and the command line."""
