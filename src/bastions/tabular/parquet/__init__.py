"""Parquet: a file and its rows (`opening`), read in bounded memory (`pages`), as types of Table Schema (`kinds`)."""
