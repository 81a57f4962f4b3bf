"""The words of medicine: concepts with their hierarchy, traits, ICD-10-CM behind them, and the finder of both in a text."""
