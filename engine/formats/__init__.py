"""One module an exchange format, each with read() and write()."""
