"""Who is judged: a backend that is called, what it may not touch, and how it compares."""
