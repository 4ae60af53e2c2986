"""What Ozon refuses, as pure functions: a module for each kind of thing that is sent."""
