"""What a cell of a field may hold: lexical forms and types (`values`), constraints (`cells`), and what is dangerous."""
