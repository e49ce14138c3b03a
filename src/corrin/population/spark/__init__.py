"""A population screened on Spark: the same lines, the same reader, the same rules, on many machines.

An export that Spark can reach enters; the tables that `corrin.population.screening` writes leave. Nothing
here knows what a finding is: lines are cut and settled by the rooms below, in partitions, and the statements
are those that every warehouse is given.
"""

from corrin.population.spark.run import Order, Screened, screen

__all__ = ["Order", "Screened", "screen"]
