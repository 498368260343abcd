//! Work beside the window: what would hold up a pass is done on the runtime's blocking threads, and its result waits here.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use egui::ColorImage;
use pixels::cover::{Cover, Layers};
use study::FrameRef;
use tokio::runtime::Handle;

use dicomweb::Finding;

use crate::on_cpu::Finished;

/// What came of it.
pub(crate) enum Done {
    /// A small picture of a frame for the series panel.
    Thumbnail(FrameRef, Arc<ColorImage>),
    /// A colour frame as red, green, blue.
    Colour(FrameRef, Result<Arc<Vec<u8>>, String>),
    /// What lies over an image of so many columns and rows.
    Cover(Arc<Layers>, (u32, u32), Arc<Cover>),
    /// A tile's picture, drawn on the CPU.
    Finished(usize, Box<Finished>),
    /// "Try it" of "Add a PACS…": the number of the attempt, and what was found.
    Tried(u64, Vec<Finding>),
    /// The settings were written, or a sentence why they were not.
    Saved(Option<String>),
    /// Through what kind of remote session the window is shown.
    RemoteSession(Option<&'static str>),
    /// Files or a folder were chosen.
    Chosen(Vec<PathBuf>),
}

/// Hands work out and collects results; cheap to clone.
#[derive(Clone)]
pub(crate) struct Aside {
    runtime: Handle,
    done: Arc<Mutex<Vec<Done>>>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Aside {
    /// Works on a runtime, and calls `wake` after each result.
    pub(crate) fn new(runtime: Handle, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self {
            runtime,
            done: Arc::default(),
            wake,
        }
    }

    /// Does something that takes a while.
    pub(crate) fn work(&self, work: impl FnOnce() -> Done + Send + 'static) {
        let own = self.clone();
        self.runtime.spawn_blocking(move || own.put(work()));
    }

    /// Waits for something that takes a while; `None` when nothing came of it.
    pub(crate) fn wait(&self, future: impl Future<Output = Option<Done>> + Send + 'static) {
        let own = self.clone();
        self.runtime.spawn(async move {
            if let Some(done) = future.await {
                own.put(done);
            }
        });
    }

    /// What has been done since it was last asked.
    pub(crate) fn take(&self) -> Vec<Done> {
        std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, done: Done) {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(done);
        (self.wake)();
    }
}
