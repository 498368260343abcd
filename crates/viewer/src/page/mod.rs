//! Pages over the window: they hold what is being typed, and nothing of the reading.

mod about;
mod add_pacs;
mod intended_use;
mod key_sheet;
mod question;
mod settings;

use std::collections::VecDeque;

use dicomweb::Finding;
use egui::{Context, Frame, Id, Margin, Modal, Ui};
use reading::settings::{ServerEntry, Settings};
use reading::worklist::SourceId;
use reading::{Command, Page, Reading};

use crate::aside::Aside;
use crate::log_file::Log;
use crate::screen::Glass;
use crate::{text, theme};

use add_pacs::Form;

/// The page that is open, and what was typed into it.
#[derive(Default)]
pub(crate) struct Pages {
    open: Option<Page>,
    form: Form,
    settings: Settings,
    /// PACS whose secrets are still to be asked for, one after the other.
    unsigned: VecDeque<(SourceId, ServerEntry)>,
}

/// What a page asks of the window.
pub(crate) enum Asked {
    /// A PACS is to be searched from now on.
    AddPacs {
        /// As the settings keep it.
        entry: ServerEntry,
        /// How it is reached.
        client: dicomweb::Client,
    },
    /// A PACS of the list is to be asked with this sign-in from now on.
    SignIn {
        /// Which one.
        source: SourceId,
        /// What was typed.
        sign_in: dicomweb::SignIn,
    },
}

impl Pages {
    pub(crate) fn open(&mut self, page: Page, settings: &Settings) {
        self.open = Some(page);
        self.settings = settings.clone();
        if page == Page::AddPacs {
            self.form = Form::default();
        }
    }

    /// Asks for the secret of a PACS of the list.
    pub(crate) fn sign_in(&mut self, source: SourceId, entry: ServerEntry) {
        self.unsigned.push_back((source, entry));
        self.ask_next();
    }

    fn ask_next(&mut self) {
        if self.open.is_none()
            && let Some((source, entry)) = self.unsigned.pop_front()
        {
            self.open = Some(Page::AddPacs);
            self.form = Form::of(source, &entry);
        }
    }

    pub(crate) fn close(&mut self) {
        self.open = None;
        // A secret does not outlive its page.
        self.form = Form::default();
        self.ask_next();
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(crate) fn tried(&mut self, attempt: u64, findings: Vec<Finding>, log: &Log) {
        self.form.tried(attempt, findings, log);
    }

    /// Draws the page that is open, or the question that waits for an answer.
    pub(crate) fn show(
        &mut self,
        ctx: &Context,
        reading: &Reading,
        commands: &mut Vec<Command>,
        glass: &Glass,
        log: &Log,
        aside: &Aside,
    ) -> Option<Asked> {
        if let Some(question) = reading.question() {
            sheet(ctx, "Question", 420.0, |ui| question::show(ui, question, commands));
            return None;
        }
        let page = self.open?;
        let mut asked = None;
        let mut done = false;
        let (name, width) = match page {
            Page::KeySheet => ("Keys", 880.0),
            Page::About => ("About Farsight", 480.0),
            Page::IntendedUse => ("Intended use", 480.0),
            Page::Settings => ("Settings", 520.0),
            Page::AddPacs if self.form.is_known() => ("Sign in", 480.0),
            Page::AddPacs => ("Add a PACS", 480.0),
        };
        let closed = sheet(ctx, name, width, |ui| match page {
            Page::KeySheet => key_sheet::show(ui),
            Page::IntendedUse => intended_use::show(ui),
            Page::About => about::show(ui, glass, log, commands),
            Page::Settings => settings::show(ui, &mut self.settings, reading.settings(), commands),
            Page::AddPacs => {
                asked = self.form.show(ui, reading, commands, aside, log);
                done = asked.is_some();
            }
        });
        if closed || done {
            self.close();
        }
        asked
    }
}

/// A raised plane in the middle of the window with a heading; true when it is to be closed.
fn sheet(ctx: &Context, name: &str, width: f32, contents: impl FnOnce(&mut Ui)) -> bool {
    let width = width.min(ctx.content_rect().width() - 48.0);
    let frame = Frame::NONE
        .fill(theme::RAISED)
        .stroke(egui::Stroke::new(1.0, theme::LINE))
        .corner_radius(4.0)
        .inner_margin(Margin::same(20));
    let response = Modal::new(Id::unique(("page", name)))
        .frame(frame)
        .backdrop_color(theme::CURTAIN)
        .show(ctx, |ui| {
            ui.set_width(width);
            text::label(ui, name, theme::strong(theme::TITLE), theme::TEXT);
            ui.add_space(12.0);
            contents(ui);
        });
    response.should_close()
}
