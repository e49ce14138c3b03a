"""The readings of the guideline: one algebra of cells, rows and tables, said in several languages.

A findings row enters; a word for every column, and the rows that held, leave. `python` answers for one
patient with a trace, `sql` for a warehouse, `smt` for proofs. No reading calls another: each gives the
algebra a carrier.
"""
