"""Maps, plots and codes drawn on the server: values in, places on a sheet out."""
