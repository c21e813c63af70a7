"""What the departments know: the data catalogue, conforming, linking, snapshots and the sample city."""
