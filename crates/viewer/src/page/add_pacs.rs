//! "Add a PACS…": name, address, sign-in, and "Try it", which says in words what worked. A secret stays in memory.

use dicomweb::{Client, Finding, Patience, Secret, Server, SignIn};
use egui::{TextEdit, Ui};
use reading::settings::{ServerEntry, SignInKind};
use reading::{AppCommand, Command, Reading};

use super::Asked;
use crate::aside::{Aside, Done};
use crate::icon::{self, Icon};
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
    /// The settings hold this PACS already; only its secret is asked for.
    known: bool,
    /// The page has been drawn: the keyboard is in its first field.
    begun: bool,
    attempt: u64,
    trying: bool,
    findings: Vec<Finding>,
    wrong: Option<String>,
}

impl Form {
    pub(super) fn of(entry: &ServerEntry) -> Self {
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
            known: true,
            ..Self::default()
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    pub(super) fn tried(&mut self, attempt: u64, findings: Vec<Finding>) {
        if attempt == self.attempt && self.trying {
            self.trying = false;
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

    fn client(&self) -> Result<Client, dicomweb::Error> {
        let server = Server::new(self.name(), &self.address, self.sign_in())?;
        Client::new(server, Patience::default())
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
    ) -> Option<Asked> {
        ui.spacing_mut().item_spacing.y = 6.0;
        if self.known {
            let words = "This PACS asks who you are. What you type stays in memory until Farsight is closed.";
            text::paragraph(ui, words, theme::font(theme::BODY), theme::QUIET);
        }
        let first = field(ui, "Name", &mut self.name, "Hospital", false);
        if !std::mem::replace(&mut self.begun, true) {
            first.request_focus();
        }
        field(
            ui,
            "DICOMweb address",
            &mut self.address,
            "https://pacs.example/dicom-web",
            false,
        );
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
        match self.kind {
            Kind::None => {}
            Kind::Password => {
                field(ui, "User name", &mut self.user, "", false);
                field(ui, "Password", &mut self.secret, "", true);
            }
            Kind::Token => {
                field(ui, "Token", &mut self.secret, "", true);
            }
        }
        if self.kind != Kind::None {
            let words = "The secret is kept in memory only and asked for again next time.";
            text::paragraph(ui, words, theme::font(theme::SMALL), theme::QUIET);
        }
        self.found(ui);
        ui.add_space(8.0);
        let mut asked = None;
        ui.horizontal(|ui| {
            if ui.add_enabled(!self.trying, egui::Button::new("Try it")).clicked() {
                self.begin(aside);
            }
            let verb = if self.known { "Sign in" } else { "Add this PACS" };
            if ui.button(verb).clicked() {
                match self.client() {
                    Ok(client) => {
                        if !self.known {
                            let mut settings = reading.settings().clone();
                            settings.servers.push(self.entry());
                            commands.push(Command::App(AppCommand::ChangeSettings(Box::new(settings))));
                        }
                        let name = self.name();
                        asked = Some(Asked::AddPacs { name, client });
                    }
                    Err(error) => self.wrong = Some(error.to_string()),
                }
            }
        });
        asked
    }

    fn begin(&mut self, aside: &Aside) {
        self.findings.clear();
        self.wrong = None;
        match self.client() {
            Ok(client) => {
                self.attempt += 1;
                self.trying = true;
                let attempt = self.attempt;
                aside.wait(async move { Some(Done::Tried(attempt, client.try_server().await)) });
            }
            Err(error) => self.wrong = Some(error.to_string()),
        }
    }

    fn found(&self, ui: &mut Ui) {
        if let Some(wrong) = &self.wrong {
            ui.add_space(4.0);
            text::paragraph(ui, wrong, theme::font(theme::BODY), theme::WRONG);
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
