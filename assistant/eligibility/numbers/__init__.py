"""What is measured and scored: quantities, units, and the grammar that reads them in notes and criteria."""
