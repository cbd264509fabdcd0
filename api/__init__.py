"""The front door lives here: the command line, the service and the pages that people meet."""
