//! A small DICOMweb server over a folder or over synthetic phantoms, with faults on request.
//!
//! It is the demonstration's PACS, the tests' PACS, and `farsight serve`. It listens on the loopback interface unless told
//! otherwise, knows no sign-in, and writes no log. It does not know the viewer.

mod faults;
mod server;
mod store;

pub use faults::{Faults, Instead};
pub use server::{Options, Pacs, StartError, Tally};
pub use store::Store;
