//! The program farsight: command line, eframe window, panels, wiring, log and settings files, sign-in.
//!
//! Everything here is wiring: what a study means is decided in the crates below, and no panel may change it except by a command.

mod app;
mod aside;
mod doors;
mod emblem;
mod errand;
mod folders;
mod icon;
mod inbox;
mod intake;
mod keyboard;
mod launch;
mod log_file;
mod on_cpu;
mod page;
mod panel;
mod paths_file;
mod pictures;
mod platform;
mod pointer;
mod provoke;
mod reach;
mod remote;
mod screen;
mod settings_file;
mod settings_saver;
mod text;
mod theme;
mod thumbnails;
mod waking;
mod window;

pub mod verb;

pub use app::{App, Parts};
pub use launch::{Launch, LaunchError, TITLE, run};
pub use log_file::Log;
pub use reach::Reach;
pub use screen::device;
