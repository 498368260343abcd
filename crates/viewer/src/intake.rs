//! What comes into the window before a pass is drawn: events of retrieval, work done beside it, keys and pointer, the window's X.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use egui::Context;
use reading::{AppCommand, Command, Heard, Place};

use crate::app::{App, Change};
use crate::aside::Done;
use crate::log_file::Entry;
use crate::{inbox, panel};

/// How long events are taken in before a pass is drawn.
const DRAIN: Duration = Duration::from_millis(4);

impl App {
    /// Takes in what retrieval tells and what was done beside the window, for a bounded time.
    pub(crate) fn drain(&mut self, ctx: &Context) {
        let began = Instant::now();
        while let Some(event) = self.inbox.try_next() {
            if let Some(heard) = inbox::heard(event, &mut self.sources, &self.log) {
                self.change(ctx, Change::Heard(heard));
            }
            if began.elapsed() > DRAIN {
                ctx.request_repaint();
                break;
            }
        }
        for done in self.aside.take() {
            match done {
                Done::Thumbnail(frame, image) => self.thumbnails.made(ctx, frame, image),
                Done::Colour(frame, colours) => self.pictures.converted(frame, colours),
                Done::Cover(layers, size, cover) => self.pictures.covered(&layers, size, &cover),
                Done::Finished(viewport, finished) => self.on_cpu.made(viewport, *finished),
                Done::Tried(attempt, findings) => self.pages.tried(attempt, findings, &self.log),
                Done::Saved(Some(sentence)) => self.say(ctx, sentence),
                Done::Saved(None) => {}
                Done::RemoteSession(kind) => {
                    if self.remote.is_news(kind) {
                        self.log.note(&Entry::RemoteSession { kind });
                        self.change(ctx, Change::Heard(Heard::RemoteSession(kind.map(str::to_owned))));
                    }
                }
                Done::Chosen(paths) => self.open_paths(ctx, paths),
            }
        }
    }

    /// Makes commands of what the reader did since the last pass, and carries them out.
    pub(crate) fn input(&mut self, ctx: &Context) {
        let mut commands = std::mem::take(&mut self.waiting);
        let dropped: Vec<PathBuf> = ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        if !dropped.is_empty() {
            commands.push(Command::App(AppCommand::OpenPaths(dropped)));
        }
        let covered = self.pages.is_open() || self.reading.question().is_some();
        if self.reading.place() == Place::Reading && !covered {
            // Tab and the arrows belong to the images here, not to the walk from button to button.
            if !ctx.text_edit_focused() {
                ctx.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
            }
            commands.extend(self.pointing.commands(ctx));
        }
        commands.extend(panel::keys(ctx, self.reading.place(), &mut self.pages, covered));
        for command in commands {
            self.change(ctx, Change::Command(command));
        }
        self.close_asked(ctx);
    }

    /// The window's X asks what Ctrl+Q asks: the window stays until it is answered.
    fn close_asked(&mut self, ctx: &Context) {
        if self.leaving || !ctx.input(|i| i.viewport().close_requested()) {
            return;
        }
        self.change(ctx, Change::Command(Command::App(AppCommand::Quit)));
        if !self.leaving {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
        }
    }
}
