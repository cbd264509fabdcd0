"""Sentences, figures and tables for people, built from a problem and its results, for the command and the pages."""
