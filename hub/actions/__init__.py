"""What a person may ask of the hub, each verb with its permission."""
