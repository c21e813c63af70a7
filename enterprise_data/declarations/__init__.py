"""Declarations: the strict YAML files people write, and the problems that point into them."""
