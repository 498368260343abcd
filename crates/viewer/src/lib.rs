//! The program farsight: command line, eframe window, panels, wiring, audit and settings files, sign-in.
//!
//! Everything here is wiring: what a study means is decided in the crates below, and no panel may change it except by a command.

mod folders;
mod icon;
mod launch;
mod log_file;
mod paths_file;
mod platform;
mod screen;
mod settings_file;
mod text;
mod theme;

pub mod verb;

pub use launch::{Launch, LaunchError, run};
