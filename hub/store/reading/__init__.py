"""What people look at: rows put together for reading, with names instead of numbers."""
