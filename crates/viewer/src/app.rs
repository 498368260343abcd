//! The window: what arrived is heard, pointer and keys become commands, panels are drawn from what the reading then is.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui_wgpu::RenderState;
use egui::{Context, Ui};
use reading::settings::Settings;
use reading::worklist::{SourceId, SourceKind};
use reading::{AppCommand, Command, Frames, Heard, Pointer, Reading, StudyCommand, Verification};
use retrieval::{Inbox, Retrieval};
use study::{DecodedFrame, FrameRef, StudyUid};
use tokio::runtime::Handle;

use crate::aside::Aside;
use crate::doors::Door;
use crate::inbox::Sources;
use crate::log_file::{Entry, Log};
use crate::on_cpu::OnCpu;
use crate::page::Pages;
use crate::panel::{self, Scene};
use crate::pictures::Pictures;
use crate::pointer::Pointing;
use crate::remote::Remote;
use crate::screen::Glass;
use crate::settings_saver::Saver;
use crate::theme;
use crate::thumbnails::Thumbnails;
use crate::waking::Waking;
use crate::window::Mishap;

/// After an event the window waits this long for more of them before it is drawn.
const GATHER: Duration = Duration::from_millis(8);

/// What the window is made of.
pub struct Parts {
    /// Where work is done.
    pub runtime: Handle,
    /// The settings to begin with.
    pub settings: Settings,
    /// Where they are written; `None` keeps them for this run only.
    pub settings_path: Option<PathBuf>,
    /// How much retrieval may use.
    pub options: retrieval::Options,
    /// The log.
    pub log: Log,
    /// Finds out through what kind of remote session the window is shown; asked beside the window, every few seconds at most.
    pub remote_session: fn() -> Option<&'static str>,
}

/// The window.
pub struct App {
    pub(crate) reading: Reading,
    pub(crate) retrieval: Retrieval,
    pub(crate) inbox: Inbox,
    pub(crate) sources: Sources,
    pub(crate) glass: Glass,
    pub(crate) pictures: Pictures,
    pub(crate) on_cpu: OnCpu,
    pub(crate) thumbnails: Thumbnails,
    pub(crate) aside: Aside,
    pub(crate) pointing: Pointing,
    pub(crate) pages: Pages,
    pub(crate) log: Log,
    pub(crate) saver: Saver,
    pub(crate) leaving: bool,
    pub(crate) doors: BTreeMap<SourceId, Door>,
    /// A study that is opened when its PACS has been signed in to.
    pub(crate) awaited: Option<(SourceId, StudyUid)>,
    pub(crate) focus_search: bool,
    pub(crate) remote: Remote,
    started: Instant,
    first_image_noted: bool,
    waking: Waking,
    /// When the device was lost, until the images are back.
    lost: Option<Instant>,
    pacs: Option<pacs::Pacs>,
    pub(crate) waiting: Vec<Command>,
}

/// What changes the reading: this and nothing else.
#[derive(Debug)]
pub(crate) enum Change {
    /// The reader asked for something.
    Command(Command),
    /// Something happened outside.
    Heard(Heard),
    /// Time passed.
    Tick,
}

/// The frames in memory, as the reading asks for them.
pub(crate) struct InMemory<'a>(pub(crate) &'a retrieval::Memory);

impl Frames for InMemory<'_> {
    fn get(&self, frame: &FrameRef) -> Option<Arc<DecodedFrame>> {
        self.0.get(frame)
    }
}

impl App {
    /// Makes the window in an egui context, on a device.
    ///
    /// # Errors
    /// Retrieval could not start.
    pub fn new(ctx: &Context, device: Option<RenderState>, parts: Parts) -> Result<Self, retrieval::StartError> {
        theme::install(ctx);
        let waking = Waking::new(ctx);
        let waker = waking.clone();
        let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(move || waker.after(GATHER));
        let (retrieval, inbox) = Retrieval::start(&parts.runtime, parts.options, Arc::clone(&wake))?;
        Ok(Self {
            reading: Reading::new(parts.settings),
            retrieval,
            inbox,
            sources: Sources::default(),
            glass: Glass::new(&waking, device, parts.log.clone()),
            pictures: Pictures::default(),
            on_cpu: OnCpu::default(),
            thumbnails: Thumbnails::default(),
            aside: Aside::new(parts.runtime, wake),
            pointing: Pointing::default(),
            pages: Pages::default(),
            log: parts.log,
            saver: Saver::new(parts.settings_path),
            leaving: false,
            doors: BTreeMap::new(),
            awaited: None,
            focus_search: true,
            remote: Remote::new(parts.remote_session),
            started: Instant::now(),
            first_image_noted: false,
            waking,
            lost: None,
            pacs: None,
            waiting: Vec::new(),
        })
    }

    /// Goes on in a new window on a new device, as it was in the old one. `distrusted` is why the device is not to draw images, when
    /// it is not.
    pub(crate) fn renew(&mut self, ctx: &Context, device: Option<RenderState>, distrusted: Option<String>) {
        let memory = self.ctx().memory(Clone::clone);
        ctx.memory_mut(|new| *new = memory);
        theme::install(ctx);
        self.waking.moves_to(ctx);
        self.glass.renew(device);
        // Their textures went with the old window.
        self.thumbnails.forget();
        if self.pointing.let_go() {
            self.waiting.push(Command::Pointer(Pointer::Cancelled));
        }
        self.change(ctx, Change::Heard(Heard::Drawing(Verification::Unchecked)));
        if let Some(why) = distrusted {
            self.distrust(ctx, why);
        }
    }

    /// From now on the CPU draws the images, for the reader's sentence `why`; the adapter only copies them.
    pub fn distrust(&mut self, ctx: &Context, why: String) {
        let verification = self.glass.distrust(why);
        self.change(ctx, Change::Heard(Heard::Drawing(verification)));
    }

    /// The device is gone, and the window with it.
    pub(crate) fn lost(&mut self, mishap: &Mishap) {
        self.lost.get_or_insert_with(Instant::now);
        self.log.note(&Entry::DeviceLost {
            cause: mishap.cause.word(),
            reason: mishap.reason.clone(),
        });
    }

    /// The window is closed for good.
    pub(crate) fn finish(&mut self) {
        self.saver.finish();
    }

    /// The context of the window that there is.
    pub(crate) fn ctx(&self) -> Context {
        self.waking.ctx()
    }

    /// Adds a PACS under a name for the reader.
    pub fn add_pacs(&mut self, ctx: &Context, name: &str, client: dicomweb::Client) -> reading::worklist::SourceId {
        let source = self.sources.add(self.retrieval.add_pacs(client));
        let heard = Heard::SourceAdded {
            source,
            name: name.to_owned(),
            kind: SourceKind::Pacs,
        };
        self.change(ctx, Change::Heard(heard));
        source
    }

    /// Begins the demonstration on an embedded PACS, which lives as long as the window.
    ///
    /// # Errors
    /// The address of the PACS is none: never.
    pub fn demonstrate(&mut self, ctx: &Context, pacs: pacs::Pacs) -> Result<(), dicomweb::Error> {
        let server = dicomweb::Server::new("Demonstration", &pacs.base(), dicomweb::SignIn::None)?;
        let client = dicomweb::Client::new(server, dicomweb::Patience::default())?;
        self.keep_pacs(pacs);
        let source = self.add_pacs(ctx, "Demonstration", client);
        self.open_study(ctx, source, study::phantom::demo_study());
        Ok(())
    }

    /// Opens a study of a source, as if its row had been chosen.
    pub(crate) fn open_study(&mut self, ctx: &Context, source: SourceId, study: StudyUid) {
        let open = StudyCommand::Open { source, study };
        self.change(ctx, Change::Command(Command::Study(open)));
    }

    /// Keeps an embedded PACS as long as the window.
    pub fn keep_pacs(&mut self, pacs: pacs::Pacs) {
        self.pacs = Some(pacs);
    }

    /// Lets a command wait for the next pass, as if a key had asked for it.
    pub fn command(&mut self, command: Command) {
        self.waiting.push(command);
    }

    /// Opens files, folders, a DICOMDIR or a zip.
    pub fn open_paths(&mut self, ctx: &Context, paths: Vec<PathBuf>) {
        self.change(ctx, Change::Command(Command::App(AppCommand::OpenPaths(paths))));
    }

    /// Says a sentence that belongs to no study.
    pub fn say(&mut self, ctx: &Context, sentence: String) {
        let trouble = reading::Trouble {
            reference: self.log.failure("window", None).to_string(),
            sentence,
            retryable: false,
        };
        self.change(ctx, Change::Heard(Heard::Trouble(trouble)));
    }

    /// What the window shows.
    pub fn reading(&self) -> &Reading {
        &self.reading
    }

    /// How many display tables were built so far.
    pub fn tables_built(&self) -> u64 {
        self.pictures.tables_built()
    }

    /// The frames in memory.
    pub fn memory(&self) -> &retrieval::Memory {
        self.retrieval.memory()
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The one place that changes the reading; what it asks for is done at once.
    pub(crate) fn change(&mut self, ctx: &Context, change: Change) {
        let now_ms = self.now_ms();
        let mut waiting = std::collections::VecDeque::from([change]);
        while let Some(change) = waiting.pop_front() {
            let memory = self.retrieval.clone();
            let frames = InMemory(memory.memory());
            let effects = match change {
                Change::Command(command) => self.reading.apply(command, &frames, now_ms),
                Change::Heard(heard) => self.reading.hear(heard, &frames, now_ms),
                Change::Tick => self.reading.tick(&frames, now_ms),
            };
            for effect in effects {
                waiting.extend(self.perform(ctx, effect).into_iter().map(Change::Heard));
            }
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        if let Some(verification) = self.glass.check(ctx) {
            self.change(ctx, Change::Heard(Heard::Drawing(verification)));
        }
        self.drain(ctx);
        self.remote.ask(&self.aside);
        if let Some(lost) = self.lost
            && self.glass.is_back()
        {
            self.lost = None;
            let after_ms = lost.elapsed().as_millis();
            self.log.note(&Entry::DeviceBack { after_ms });
        }
        if !self.first_image_noted
            && let Some(painted) = self.glass.first_painted()
        {
            self.first_image_noted = true;
            let after = painted.saturating_duration_since(self.log.opened());
            self.log.note(&Entry::FirstImage {
                after_ms: after.as_millis(),
            });
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.input(&ctx);
        self.change(&ctx, Change::Tick);
        theme::set_brightness(&ctx, self.reading.settings().chrome_brightness);
        let now_ms = self.now_ms();
        let mut commands = Vec::new();
        let mut sign_in = None;
        let mut scene = Scene {
            reading: &self.reading,
            commands: &mut commands,
            now_ms,
            glass: &self.glass,
            pictures: &mut self.pictures,
            on_cpu: &mut self.on_cpu,
            thumbnails: &mut self.thumbnails,
            memory: self.retrieval.memory(),
            log: &self.log,
            doors: &self.doors,
            sign_in: &mut sign_in,
            aside: &self.aside,
            pointing: &mut self.pointing,
            link: self.retrieval.link(),
            focus_search: &mut self.focus_search,
            covered: self.pages.is_open() || self.reading.question().is_some(),
        };
        panel::window(ui, &mut scene);
        if let Some(source) = sign_in {
            self.ask_to_sign_in(source);
        }
        let asked = self
            .pages
            .show(&ctx, &self.reading, &mut commands, &self.glass, &self.log, &self.aside);
        if let Some(asked) = asked {
            self.grant(&ctx, asked);
        }
        if !commands.is_empty() {
            for command in commands {
                self.change(&ctx, Change::Command(command));
            }
            ctx.request_repaint();
        }
        if let Some(ms) = self.reading.next_tick_ms(self.now_ms()) {
            ctx.request_repaint_after(Duration::from_millis(ms));
        }
    }

    fn on_exit(&mut self) {
        self.finish();
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        theme::SURROUND.to_normalized_gamma_f32()
    }
}
