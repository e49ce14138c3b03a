"""`python -m corrin` is the command line."""

from corrin.cli import main

main()
