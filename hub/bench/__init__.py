"""The speed of the hub beside hand-written floors."""
