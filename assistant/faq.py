"""What people ask first of any trial, in the order in which they ask it; each is answered like any other question."""

from typing import Final

QUESTIONS: Final = (
    "What is the trial for?",
    "Is the trial recruiting?",
    "Which disease or stage must I have?",
    "How old do I have to be?",
    "May I have had treatment before?",
    "Can I join if I am pregnant or breastfeeding?",
    "What happens in the trial?",
    "Is there a placebo?",
    "How are people put into groups?",
    "How long does it take?",
    "What is measured?",
    "Where does it take place?",
    "Do I get paid?",
    "Whom do I contact?",
    "Who runs the trial?",
    "Are there results yet?",
)
