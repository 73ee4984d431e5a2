"""Steps for the engines that corpora live on: one module each, imported by its name.

Each takes the texts where they are and adds columns of what was found. The texts stay there.
"""
