"""The doors: terminal, web page and HTTP API over one assistant."""
