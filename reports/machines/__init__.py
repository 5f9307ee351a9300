"""Verdicts for other programs: test reports, pull requests and badges."""
