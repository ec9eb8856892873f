"""Good resources to change one thing in, each as the program registers it."""
