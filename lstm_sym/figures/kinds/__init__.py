"""The kinds of pictures, each from the data that it shows to a scene."""
