"""The review queue: its order, its marks, its sheet, and the second person."""
