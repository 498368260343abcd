//! The program `farsight`.
fn main() {}
