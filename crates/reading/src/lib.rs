//! The application without a screen: viewports, layout, tools, annotations, undo and settings.
//!
//! It knows no egui, no wgpu, no tokio and no HTTP; time comes in as an argument. [`Reading`] is told what was commanded
//! ([`Command`]) and what was heard ([`Heard`]), answers with what is to be done ([`Effect`]), and describes each tile
//! ([`tile::Tile`]) from the frame that is on the glass.

mod application;
mod cine;
mod command;
mod effect;
mod figures;
mod frames;
mod glass;
mod header;
mod heard;
mod measure;
mod over;
mod trouble;
mod verification;
mod wants;

#[cfg(test)]
mod fake;

pub mod actions;
pub mod diagnosis;
pub mod document;
pub mod intended_use;
pub mod keys;
pub mod layout;
pub mod presets;
pub mod settings;
pub mod states;
pub mod studies;
pub mod tile;
pub mod tool;
pub mod view;
pub mod viewport;
pub mod worklist;

pub use application::{Notice, Place, Question, Reading};
pub use command::{
    AnnotateCommand, AppCommand, Canvas, Command, LayoutCommand, Pointer, PointerButton, Step, StudyCommand,
    ViewCommand, WheelTurn, WorklistCommand,
};
pub use effect::{Effect, Page};
pub use frames::Frames;
pub use header::Header;
pub use heard::{Heard, StudiesFound};
pub use over::{Over, OverlayRow, layers, layers_of_state};
pub use trouble::Trouble;
pub use verification::Verification;

#[cfg(test)]
mod tests;
