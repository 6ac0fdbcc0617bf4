"""What readers see: an issue rendered once into HTML and plain text."""
