"""What is true of a case: its values and gradients with their bounds, and its exact values."""
