// A room of headers alone still is a library.
