"""Use cases: one module for each thing a person comes to do, plain functions of a desk."""
