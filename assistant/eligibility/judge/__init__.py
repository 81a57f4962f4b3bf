"""Holds typed conditions against a patient, in three-valued logic."""

from assistant.eligibility.judge.judgement import Judgement as Judgement
from assistant.eligibility.judge.logic import judge as judge
