"""From bytes to text cells with their physical lines: `records` reads what is plain and well-formed, many rows at once;
`general` reads any dialect, a record at a time, and says what is wrong.
"""
