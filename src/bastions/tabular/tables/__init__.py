"""Whole tables: what keeps them and compares their keys, where their rows stand, and the folder for it all."""
