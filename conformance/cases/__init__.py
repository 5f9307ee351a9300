"""The calls that are judged: what they are, how they are drawn, how they are made."""
