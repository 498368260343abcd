//! "Add a PACS…": name, address, sign-in, and "Try it", which says in words what worked. A secret stays in memory.

use dicomweb::{Client, Finding, Patience, Secret, Server, SignIn};
use egui::{TextEdit, Ui};
use reading::settings::{ServerEntry, SignInKind};
use reading::worklist::SourceId;
use reading::{AppCommand, Command, Reading, Trouble};

use super::Asked;
use crate::aside::{Aside, Done};
use crate::icon::{self, Icon};
use crate::log_file::Log;
use crate::{text, theme};

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    None,
    Password,
    Token,
}

/// What has been typed.
#[derive(Default)]
pub(super) struct Form {
    name: String,
    address: String,
    kind: Kind,
    user: String,
    secret: String,
    /// The list holds this PACS already; only its secret is asked for.
    known: Option<SourceId>,
    /// The sign-in may go unencrypted.
    in_clear: bool,
    /// The page has been drawn: the keyboard is in its first field.
    begun: bool,
    attempt: u64,
    trying: bool,
    findings: Vec<Finding>,
    wrong: Option<Trouble>,
    /// Under which reference the findings that failed stand in the log.
    reference: Option<String>,
}

impl Form {
    pub(super) fn of(source: SourceId, entry: &ServerEntry) -> Self {
        let (kind, user) = match &entry.sign_in {
            SignInKind::None => (Kind::None, String::new()),
            SignInKind::Password { user } => (Kind::Password, user.clone()),
            SignInKind::Token => (Kind::Token, String::new()),
        };
        Self {
            name: entry.name.clone(),
            address: entry.address.clone(),
            kind,
            user,
            known: Some(source),
            ..Self::default()
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.known.is_some()
    }

    pub(super) fn tried(&mut self, attempt: u64, findings: Vec<Finding>, log: &Log) {
        if attempt == self.attempt && self.trying {
            self.trying = false;
            let failed = findings.iter().any(|finding| !finding.ok);
            self.reference = failed.then(|| log.failure("try-pacs", None).to_string());
            self.findings = findings;
        }
    }

    fn sign_in(&self) -> SignIn {
        match self.kind {
            Kind::None => SignIn::None,
            Kind::Password => SignIn::Basic {
                user: self.user.clone(),
                password: Secret::new(self.secret.clone()),
            },
            Kind::Token => SignIn::Bearer(Secret::new(self.secret.clone())),
        }
    }

    fn name(&self) -> String {
        let typed = self.name.trim();
        if typed.is_empty() {
            "PACS".to_owned()
        } else {
            typed.to_owned()
        }
    }

    /// Whether a sign-in would go unencrypted to another machine.
    fn is_in_clear(&self) -> bool {
        let server = Server::new(self.name(), &self.address, SignIn::None);
        self.kind != Kind::None && server.is_ok_and(|server| server.is_in_clear())
    }

    fn client(&self, log: &Log) -> Result<Client, Trouble> {
        let trouble = |sentence: String| Trouble {
            sentence,
            reference: log.failure("add-pacs", None).to_string(),
            retryable: false,
        };
        if self.is_in_clear() && !self.in_clear {
            return Err(trouble(
                "The sign-in was not sent. Use an address that begins with https, or tick that it may go unencrypted."
                    .to_owned(),
            ));
        }
        Server::new(self.name(), &self.address, self.sign_in())
            .and_then(|server| Client::new(server, Patience::default()))
            .map_err(|error| trouble(error.to_string()))
    }

    fn entry(&self) -> ServerEntry {
        ServerEntry {
            name: self.name(),
            address: self.address.trim().to_owned(),
            sign_in: match self.kind {
                Kind::None => SignInKind::None,
                Kind::Password => SignInKind::Password {
                    user: self.user.clone(),
                },
                Kind::Token => SignInKind::Token,
            },
        }
    }

    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        reading: &Reading,
        commands: &mut Vec<Command>,
        aside: &Aside,
        log: &Log,
    ) -> Option<Asked> {
        ui.spacing_mut().item_spacing.y = 6.0;
        let first = if self.is_known() {
            let words = "This PACS asks who you are. What you type stays in memory until Farsight is closed.";
            text::paragraph(ui, words, theme::font(theme::BODY), theme::QUIET);
            text::label(ui, &self.name, theme::strong(theme::TITLE), theme::TEXT);
            text::paragraph(ui, &self.address, theme::font(theme::SMALL), theme::QUIET);
            None
        } else {
            let first = field(ui, "Name", &mut self.name, "Hospital", false);
            let hint = "https://pacs.example/dicom-web";
            if field(ui, "DICOMweb address", &mut self.address, hint, false).changed() {
                // The consent was for another address.
                self.in_clear = false;
            }
            Some(first)
        };
        text::label(ui, "Sign-in", theme::font(theme::SMALL), theme::QUIET);
        ui.horizontal(|ui| {
            for (kind, name) in [
                (Kind::None, "None"),
                (Kind::Password, "User name and password"),
                (Kind::Token, "Token"),
            ] {
                ui.radio_value(&mut self.kind, kind, name);
            }
        });
        let secret = match self.kind {
            Kind::None => None,
            Kind::Password => {
                field(ui, "User name", &mut self.user, "", false);
                Some(field(ui, "Password", &mut self.secret, "", true))
            }
            Kind::Token => Some(field(ui, "Token", &mut self.secret, "", true)),
        };
        if let Some(first) = first.or(secret)
            && !std::mem::replace(&mut self.begun, true)
        {
            first.request_focus();
        }
        if self.kind != Kind::None {
            let words = "The secret is kept in memory only and asked for again next time.";
            text::paragraph(ui, words, theme::font(theme::SMALL), theme::QUIET);
        }
        if self.is_in_clear() {
            let words = "The address begins with http and not https: the sign-in and the images go unencrypted, and others can read \
                         them on the way.";
            text::paragraph(ui, words, theme::font(theme::BODY), theme::ATTENTION);
            ui.checkbox(&mut self.in_clear, "Send the sign-in unencrypted all the same");
        }
        self.found(ui);
        ui.add_space(8.0);
        let mut asked = None;
        ui.horizontal(|ui| {
            if ui.add_enabled(!self.trying, egui::Button::new("Try it")).clicked() {
                self.begin(aside, log);
            }
            let verb = if self.is_known() { "Sign in" } else { "Add this PACS" };
            if ui.button(verb).clicked() {
                match (self.client(log), self.known) {
                    (Ok(_), Some(source)) => {
                        // A PACS that turned out to ask for more is asked for more next time.
                        let entry = self.entry();
                        let mut settings = reading.settings().clone();
                        let mut known = settings.servers.iter_mut();
                        if let Some(known) = known.find(|e| e.name == entry.name && e.address == entry.address) {
                            known.sign_in = entry.sign_in;
                            commands.push(Command::App(AppCommand::ChangeSettings(Box::new(settings))));
                        }
                        let sign_in = self.sign_in();
                        asked = Some(Asked::SignIn { source, sign_in });
                    }
                    (Ok(client), None) => {
                        let entry = self.entry();
                        let mut settings = reading.settings().clone();
                        settings.servers.push(entry.clone());
                        commands.push(Command::App(AppCommand::ChangeSettings(Box::new(settings))));
                        asked = Some(Asked::AddPacs { entry, client });
                    }
                    (Err(trouble), _) => self.wrong = Some(trouble),
                }
            }
        });
        asked
    }

    fn begin(&mut self, aside: &Aside, log: &Log) {
        self.findings.clear();
        self.reference = None;
        self.wrong = None;
        match self.client(log) {
            Ok(client) => {
                self.attempt += 1;
                self.trying = true;
                let attempt = self.attempt;
                aside.wait(async move { Some(Done::Tried(attempt, client.try_server().await)) });
            }
            Err(trouble) => self.wrong = Some(trouble),
        }
    }

    fn found(&self, ui: &mut Ui) {
        if let Some(wrong) = &self.wrong {
            ui.add_space(4.0);
            text::paragraph(ui, &wrong.for_helpdesk(), theme::font(theme::BODY), theme::WRONG);
        }
        if self.trying {
            ui.add_space(4.0);
            text::label(ui, "trying…", theme::font(theme::BODY), theme::QUIET);
        }
        for finding in &self.findings {
            ui.horizontal_top(|ui| {
                let (sign, colour) = if finding.ok {
                    (Icon::Check, theme::GOOD)
                } else {
                    (Icon::X, theme::WRONG)
                };
                ui.label(icon::sign(sign, 14.0).color(colour));
                text::paragraph(ui, &finding.sentence, theme::font(theme::BODY), theme::TEXT);
            });
        }
        if let Some(reference) = &self.reference {
            let words = format!("Reference {reference}");
            text::label(ui, &words, theme::font(theme::SMALL), theme::QUIET);
        }
    }
}

fn field(ui: &mut Ui, name: &str, words: &mut String, hint: &'static str, secret: bool) -> egui::Response {
    text::label(ui, name, theme::font(theme::SMALL), theme::QUIET);
    let field = TextEdit::singleline(words)
        .password(secret)
        .hint_text(hint)
        .desired_width(ui.available_width());
    ui.add(field).accessible_name(name)
}
