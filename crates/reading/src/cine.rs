//! Playing a stack at its own rate.
