"""The pages that people read live here: server-rendered, complete without a script, fit for paper."""
