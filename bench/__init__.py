"""Speed and accuracy, each figure as a ratio to a peer measured in the same run. `make bench` runs all of it."""
