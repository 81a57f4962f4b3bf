"""A message in, a reply with cited passages out. `assistant.reply` is the leaf to read first."""
