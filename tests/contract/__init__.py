"""The client, the sandbox and the documents of others judge each other."""
