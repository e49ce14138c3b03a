"""Pages become the model: Markdown is cut into blocks, and blocks into statements, tables and examples."""
