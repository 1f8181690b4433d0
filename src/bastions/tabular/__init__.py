"""Any tabular Data Package: read strictly, validated in bounded memory, published.

The flow is the folders: `descriptor/` (what the package says of itself), `text/` (bytes to text cells), `fields/` (text
to values, and their constraints), `tables/` (keys, over an engine), `release/`. `reading` makes typed batches
(`batches`) of a resource, text or Parquet (`parquet/`); `examining` checks them, and `run` joins it all.
"""
