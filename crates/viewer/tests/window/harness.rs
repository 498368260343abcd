//! A window without a screen, on files or on the embedded PACS.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui_wgpu::WgpuSetup;
use egui::{Event, Modifiers, MouseWheelUnit, Pos2, Rect, TouchPhase, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use reading::settings::{Interpolation, Settings};
use reading::tile::{Line, Tile};
use retrieval::workers::WorkerProgram;
use study::phantom::{PhantomStudy, catalogue};
use viewer::{App, Log, Parts};

/// A window and what it lives on.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    /// The files and the cache.
    _folder: tempfile::TempDir,
    /// Ended last.
    _runtime: tokio::runtime::Runtime,
}

/// Opens the window on nothing.
pub(crate) fn window(scale: f32, interpolation: Interpolation) -> Window {
    let settings = Settings {
        interpolation,
        intended_use_read: reading::intended_use::VERSION.to_owned(),
        ..Settings::default()
    };
    window_with(scale, settings, || None)
}

/// Opens the window on nothing, with these settings and through such a session.
pub(crate) fn window_with(scale: f32, settings: Settings, remote_session: fn() -> Option<&'static str>) -> Window {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let parts = Parts {
        runtime: runtime.handle().clone(),
        settings,
        settings_path: None,
        options: retrieval::Options {
            memory_bytes: 512 << 20,
            cache_folder: folder.path().join("cache"),
            cache_bytes: 1 << 30,
            workers: 2,
            worker_program: WorkerProgram {
                program: env!("CARGO_BIN_EXE_farsight").into(),
                arguments: vec!["decode-worker".into()],
            },
        },
        log: Log::none(),
        remote_session,
    };
    let WgpuSetup::CreateNew(mut setup) = egui_kittest::wgpu::default_wgpu_setup() else {
        panic!("the test renderer makes a new device");
    };
    setup.device_descriptor = Arc::new(viewer::device);
    let harness = Harness::builder()
        .with_size(vec2(1200.0, 760.0))
        .with_pixels_per_point(scale)
        .with_max_steps(32)
        // Fonts of other scripts are the machine's own; the window writes code points in their place.
        .with_render_cursor(false)
        .wgpu_setup(WgpuSetup::CreateNew(setup))
        .build_eframe(move |cc| App::new(&cc.egui_ctx, cc.wgpu_render_state.clone(), parts).unwrap());
    Window {
        harness,
        _folder: folder,
        _runtime: runtime,
    }
}

/// Opens the window on the embedded PACS.
pub(crate) fn on_pacs() -> Window {
    let mut window = window(1.0, Interpolation::Linear);
    let base = window.start_pacs();
    let ctx = window.harness.ctx.clone();
    let server = dicomweb::Server::new("Test", &base, dicomweb::SignIn::None).unwrap();
    let client = dicomweb::Client::new(server, dicomweb::Patience::default()).unwrap();
    window.harness.state_mut().add_pacs(&ctx, "Test", client);
    window
}

/// The first study of a modality in the catalogue.
pub(crate) fn phantom(modality: &str) -> PhantomStudy {
    let of_modality = |study: &PhantomStudy| study.series.iter().any(|series| series.modality == modality);
    catalogue().into_iter().find(of_modality).unwrap()
}

impl Window {
    /// Writes some images of each series of a phantom as files, and opens them.
    pub(crate) fn open_files(&mut self, study: &PhantomStudy, from: u32, count: u32) {
        for (number, series) in study.series.iter().enumerate() {
            for index in from..(from + count).min(series.instances) {
                let bytes = study::phantom::object(&study.listing.study, &series.uid, index).unwrap();
                self.put(&format!("{number}-{index}.dcm"), &bytes);
            }
        }
        self.open_put();
    }

    /// Starts the embedded PACS, and gives its address.
    pub(crate) fn start_pacs(&mut self) -> String {
        let started = pacs::Pacs::start(pacs::Store::phantoms(), pacs::Options::default());
        let pacs = self._runtime.block_on(started).unwrap();
        let base = pacs.base();
        self.harness.state_mut().keep_pacs(pacs);
        base
    }

    /// Begins as a command line asks.
    pub(crate) fn begin(&mut self, launch: viewer::Launch) {
        let ctx = self.harness.ctx.clone();
        let runtime = self._runtime.handle().clone();
        self.harness.state_mut().begin(&ctx, launch, &runtime);
        self.harness.step();
        self.harness.step();
    }

    /// Writes a file that is opened with the others.
    pub(crate) fn put(&self, name: &str, bytes: &[u8]) {
        let folder = self._folder.path().join("files");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }

    /// Takes away what was put: the next patient's files come alone.
    pub(crate) fn empty_folder(&self) {
        std::fs::remove_dir_all(self._folder.path().join("files")).unwrap();
    }

    /// Opens the files that were put.
    pub(crate) fn open_put(&mut self) {
        let ctx = self.harness.ctx.clone();
        let folder = self._folder.path().join("files");
        self.harness.state_mut().open_paths(&ctx, vec![folder]);
    }

    /// Opens files and waits until the first tile shows an image.
    pub(crate) fn show_files(&mut self, modality: &str, from: u32, count: u32) {
        self.open_files(&phantom(modality), from, count);
        self.until("the first image is shown", |w| w.tile(0).picture.is_some());
        self.until("every frame is here", |w| {
            let app = w.harness.state();
            let stacks = app
                .reading()
                .studies()
                .open()
                .iter()
                .flat_map(|s| &s.series)
                .flat_map(|s| &s.stacks);
            stacks
                .flat_map(|s| &s.refs)
                .all(|frame| app.memory().get(frame).is_some())
        });
    }

    /// Passes, until something holds; the limit only ends a hang.
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        for _ in 0..3000 {
            self.harness.step();
            if holds(self) {
                self.harness.step();
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it did not come about that {what}");
    }

    /// Where a tile stands on the screen, points.
    pub(crate) fn rect(&self, viewport: usize) -> Rect {
        self.harness.get_by_label(&format!("Viewport {}", viewport + 1)).rect()
    }

    /// A tile as the reading describes it now.
    pub(crate) fn tile(&self, viewport: usize) -> Tile {
        let scale = self.harness.ctx.pixels_per_point();
        let size = self
            .harness
            .query_by_label(&format!("Viewport {}", viewport + 1))
            .map_or(vec2(100.0, 100.0), |node| node.rect().size())
            * scale;
        let size_px = (size.x.round() as u32, size.y.round() as u32);
        self.harness
            .state()
            .reading()
            .tile(viewport, size_px, f64::from(scale), None, u64::MAX / 2)
    }

    /// Every word in a tile's corners, its badges among them.
    pub(crate) fn words(&self, viewport: usize) -> String {
        let tile = self.tile(viewport);
        let badges = tile.badges.into_iter().map(|badge| badge.word);
        let corners = tile.corners;
        let lines = |lines: Vec<Line>| lines.into_iter().map(|line| line.text);
        lines(corners.top_left)
            .chain(lines(corners.top_right))
            .chain(lines(corners.bottom_left))
            .chain(lines(corners.bottom_right))
            .chain(badges)
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Presses a key.
    pub(crate) fn key(&mut self, key: egui::Key, modifiers: Modifiers) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.step();
        self.harness.step();
    }

    /// A button of the pointer goes down or up.
    pub(crate) fn button(&mut self, at: Pos2, pressed: bool) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.event(Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
        self.harness.step();
    }

    /// Drags from one point to another.
    pub(crate) fn drag(&mut self, from: Pos2, to: Pos2) {
        self.harness.hover_at(from);
        self.harness.step();
        self.button(from, true);
        self.harness.hover_at(from.lerp(to, 0.5));
        self.harness.step();
        self.harness.hover_at(to);
        self.harness.step();
        self.button(to, false);
        self.harness.step();
    }

    /// Turns the wheel over a point, downwards.
    pub(crate) fn wheel(&mut self, at: Pos2, notches: f32) {
        self.harness.hover_at(at);
        self.harness.step();
        self.harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, -notches),
            phase: TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: Modifiers::NONE,
        });
        self.harness.step();
    }
}
