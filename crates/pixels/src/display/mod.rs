//! The grey pipeline, stage by stage: modality → VOI → presentation → display, and the one table that composes them.

mod modality;
mod table;
mod voi;

pub use modality::{LookupTable, Modality};
pub use table::{DisplayTable, Domain, Padding, Parameters};
pub use voi::{Voi, VoiFunction};
