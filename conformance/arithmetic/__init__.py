"""The arithmetic of the judge: bounded arrays, and the truth that they give."""
