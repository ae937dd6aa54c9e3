"""The whole hub driven through virtual time, faults and crashes."""
