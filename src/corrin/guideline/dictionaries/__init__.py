"""Dictionaries become the model: TOML files and value sets, each with a closed schema."""
