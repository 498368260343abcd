//! The PACS that the window searches, and signing in to them: one that waits for its secret is listed all the same.

use dicomweb::{Client, Patience, Server, SignIn};
use egui::Context;
use reading::settings::{ServerEntry, SignInKind};
use reading::worklist::SourceId;
use reading::{AppCommand, Command, StudyCommand, WorklistCommand};
use study::StudyUid;

use crate::app::{App, Change};
use crate::page::Asked;
use crate::reach::{Reach, ReachError, Secrets};

/// The way to a PACS of the worklist.
pub(crate) struct Door {
    /// As the settings know it.
    pub(crate) entry: ServerEntry,
    /// A secret is needed and was not given yet.
    pub(crate) waits: bool,
    client: Client,
}

impl App {
    /// Opens with the worklist of the PACS that is meant, which comes first, and with a study of it.
    pub(crate) fn worklist_of(&mut self, ctx: &Context, reach: &Reach, study: Option<StudyUid>) {
        let mut others = self.reading.settings().servers.clone();
        let entry = match reach.entry(&others) {
            Ok(entry) => entry,
            Err(error) => {
                self.known_pacs(ctx);
                // Without PACS the worklist says so itself.
                if study.is_some() || !matches!(error, ReachError::Unnamed) {
                    self.say(ctx, error.to_string());
                }
                return;
            }
        };
        if let Some(place) = others
            .iter()
            .position(|e| e.name == entry.name && e.address == entry.address)
        {
            others.remove(place);
        }
        let first = match reach.client(&entry, Secrets::of_environment()) {
            Ok(client) => Some(self.add_door(ctx, entry, client, false)),
            Err(error) if error.wants_sign_in() => self.wait_for_sign_in(ctx, entry),
            Err(error) => {
                self.say(ctx, error.to_string());
                None
            }
        };
        if let (Some(source), Some(study)) = (first, study) {
            if self.doors.get(&source).is_some_and(|door| door.waits) {
                self.awaited = Some((source, study));
                self.say(
                    ctx,
                    "The study opens as soon as you have signed in to its PACS.".to_owned(),
                );
            } else {
                self.open_study(ctx, source, study);
            }
        }
        self.add_known(ctx, others);
    }

    /// Lists the PACS of the settings.
    pub(crate) fn known_pacs(&mut self, ctx: &Context) {
        self.add_known(ctx, self.reading.settings().servers.clone());
    }

    fn add_known(&mut self, ctx: &Context, entries: Vec<ServerEntry>) {
        for entry in entries {
            if entry.sign_in != SignInKind::None {
                self.wait_for_sign_in(ctx, entry);
                continue;
            }
            // The secrets of the environment are for the PACS that the command line means, and for no other.
            match Reach::default().client(&entry, Secrets::default()) {
                Ok(client) => {
                    self.add_door(ctx, entry, client, false);
                }
                Err(error) => self.say(ctx, error.to_string()),
            }
        }
    }

    fn wait_for_sign_in(&mut self, ctx: &Context, entry: ServerEntry) -> Option<SourceId> {
        let server = Server::new(entry.name.as_str(), &entry.address, SignIn::None);
        match server.and_then(|server| Client::new(server, Patience::default())) {
            Ok(client) => {
                let source = self.add_door(ctx, entry.clone(), client, true);
                self.pages.sign_in(source, entry);
                Some(source)
            }
            Err(error) => {
                self.say(ctx, error.to_string());
                None
            }
        }
    }

    fn add_door(&mut self, ctx: &Context, entry: ServerEntry, client: Client, waits: bool) -> SourceId {
        let source = self.add_pacs(ctx, &entry.name, client.clone());
        self.doors.insert(source, Door { entry, waits, client });
        source
    }

    /// Asks for the secret of a PACS again.
    pub(crate) fn ask_to_sign_in(&mut self, source: SourceId) {
        if let Some(door) = self.doors.get(&source) {
            self.pages.sign_in(source, door.entry.clone());
        }
    }

    /// Does what a page asked for.
    pub(crate) fn grant(&mut self, ctx: &Context, asked: Asked) {
        match asked {
            Asked::AddPacs { entry, client } => {
                self.add_door(ctx, entry, client, false);
            }
            Asked::SignIn { source, sign_in } => {
                let Some(door) = self.doors.get_mut(&source) else {
                    return;
                };
                door.client.renew_sign_in(sign_in);
                door.waits = false;
                let select = WorklistCommand::SelectSource(source);
                self.change(ctx, Change::Command(Command::Worklist(select)));
                let open = self.reading.studies().open().iter();
                let theirs: Vec<StudyUid> = open.filter(|s| s.source == source).map(|s| s.uid.clone()).collect();
                for study in theirs {
                    self.change(ctx, Change::Command(Command::Study(StudyCommand::Retry(study))));
                }
                if let Some((_, study)) = self.awaited.take_if(|(of, _)| *of == source) {
                    self.change(ctx, Change::Command(Command::App(AppCommand::DismissNotice)));
                    self.open_study(ctx, source, study);
                }
            }
        }
    }
}
