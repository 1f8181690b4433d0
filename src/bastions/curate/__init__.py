"""`bastions curate`: raw files and `seeds/` → the script-curated parts of `data/`.

One module a kind of source: its `curate(job)` turns raw bytes into rows of our tables. `harness` does what all of them
share; `job` says what they are given and give back; `raw` reads files of others; `plans` reads `source.yaml`.
"""
