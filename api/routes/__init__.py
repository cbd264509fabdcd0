"""The addresses of the service live here, a resource a file."""
