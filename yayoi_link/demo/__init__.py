"""The demo companies: made up, but written through the code that real input takes."""
