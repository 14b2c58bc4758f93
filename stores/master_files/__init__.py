"""マスタ as CSV: one description per master (`description.py`), by which it is written, read, shown in a preview and taken in."""
