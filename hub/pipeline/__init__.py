"""What happens to orders by itself: taken in, moved on, sent out."""
