"""Use cases of the program: async, without Qt, each on the parts given to its constructor."""
