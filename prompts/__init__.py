"""The prompts' text: one Markdown file a prompt."""
