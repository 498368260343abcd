//! The one ordered list of frames that the screen needs.
