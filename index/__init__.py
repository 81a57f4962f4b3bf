"""Documents in, trials and ranked passages out. Knows nothing of patients or chat; `index.trial` is the leaf to read first."""
