//! What the application does, through commands, events and effects only.

mod hanging;
mod identity;
mod many;
mod marks;
mod measuring;
mod over;
mod phantoms;
mod states;
mod storm;
mod truth;
mod viewing;
mod waiting;
mod worklist;

use space::ViewportPoint;
use study::FrameRef;

use crate::fake::{FakeFrames, FakeStudy};
use crate::keys::Modifiers;
use crate::settings::Settings;
use crate::tile::{Role, Tile};
use crate::worklist::{SourceId, SourceKind};
use crate::{
    Canvas, Command, Effect, Heard, LayoutCommand, Pointer, PointerButton, Reading, Step, StudiesFound, StudyCommand,
    ViewCommand,
};

const SOURCE: SourceId = SourceId(1);
const SIZE_PX: (u32, u32) = (640, 768);

/// A reading with a clock and a memory of frames.
struct Desk {
    reading: Reading,
    frames: FakeFrames,
    now_ms: u64,
    effects: Vec<Effect>,
}

impl Desk {
    /// A desk with one PACS that has listed these studies.
    fn with(studies: &[&FakeStudy]) -> Self {
        let mut desk = Self {
            reading: Reading::new(Settings {
                intended_use_read: crate::intended_use::VERSION.to_owned(),
                ..Settings::default()
            }),
            frames: FakeFrames::default(),
            now_ms: 1000,
            effects: Vec::new(),
        };
        desk.hear(Heard::SourceAdded {
            source: SOURCE,
            name: "Home".to_owned(),
            kind: SourceKind::Pacs,
        });
        let request = desk.last_request();
        desk.found(request, studies);
        desk
    }

    fn found(&mut self, request: u64, studies: &[&FakeStudy]) {
        self.hear(Heard::StudiesFound {
            source: SOURCE,
            request,
            outcome: Ok(StudiesFound {
                listings: studies.iter().map(|s| s.listing()).collect(),
                whole: true,
                more: false,
            }),
        });
    }

    fn last_request(&self) -> u64 {
        let searches = self.effects.iter().filter_map(|e| match e {
            Effect::Search { request, .. } => Some(*request),
            _ => None,
        });
        searches.max().unwrap()
    }

    fn apply(&mut self, command: Command) {
        let effects = self.reading.apply(command, &self.frames, self.now_ms);
        self.effects.extend(effects);
    }

    fn hear(&mut self, heard: Heard) {
        let effects = self.reading.hear(heard, &self.frames, self.now_ms);
        self.effects.extend(effects);
    }

    fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        let effects = self.reading.tick(&self.frames, self.now_ms);
        self.effects.extend(effects);
    }

    /// Opens a study and tells of its instances; no frame comes yet.
    fn open(&mut self, study: &FakeStudy) {
        self.apply(Command::Study(StudyCommand::Open {
            source: SOURCE,
            study: study.uid(),
        }));
        self.instances(study);
    }

    fn instances(&mut self, study: &FakeStudy) {
        self.hear(Heard::InstancesFound {
            study: study.uid(),
            instances: study.instances(),
            complete: true,
        });
    }

    /// Every frame of a study comes.
    fn arrive(&mut self, study: &FakeStudy) {
        self.frames.put_all(study);
        for (series, (_, count)) in study.series.iter().enumerate() {
            for index in 0..*count {
                self.hear(Heard::FrameArrived(study.frame(series, index)));
            }
        }
    }

    fn tile(&self, viewport: usize) -> Tile {
        self.reading.tile(viewport, SIZE_PX, 1.0, None, self.now_ms)
    }

    fn tile_under(&self, viewport: usize, at: ViewportPoint) -> Tile {
        self.reading.tile(viewport, SIZE_PX, 1.0, Some(at), self.now_ms)
    }

    fn shown(&self, viewport: usize) -> Option<FrameRef> {
        self.tile(viewport).picture.map(|picture| picture.frame_ref)
    }

    fn scroll(&mut self, step: Step) {
        self.apply(Command::View(ViewCommand::Scroll(step)));
    }

    fn view(&mut self, command: ViewCommand) {
        self.apply(Command::View(command));
    }

    fn grid(&mut self, rows: u8, columns: u8) {
        self.apply(Command::Layout(LayoutCommand::SetGrid(crate::layout::Grid::new(
            rows, columns,
        ))));
    }

    fn press(&mut self, viewport: usize, at: (f64, f64), button: PointerButton) {
        self.apply(Command::Pointer(Pointer::Pressed {
            canvas: canvas(viewport),
            at: point(at),
            button,
            modifiers: Modifiers::default(),
        }));
    }

    fn move_to(&mut self, at: (f64, f64)) {
        self.apply(Command::Pointer(Pointer::Dragged { at: point(at) }));
    }

    fn release(&mut self) {
        self.apply(Command::Pointer(Pointer::Released));
    }

    fn drag(&mut self, viewport: usize, from: (f64, f64), to: (f64, f64), button: PointerButton) {
        self.press(viewport, from, button);
        self.move_to(((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0));
        self.move_to(to);
        self.release();
    }
}

fn canvas(viewport: usize) -> Canvas {
    Canvas {
        viewport,
        size_px: SIZE_PX,
        scale: 1.0,
    }
}

fn point((x, y): (f64, f64)) -> ViewportPoint {
    ViewportPoint { x, y }
}

/// The words of a role on a tile, corner by corner.
fn words(tile: &Tile, role: Role) -> Vec<String> {
    let corners = &tile.corners;
    [
        &corners.top_left,
        &corners.top_right,
        &corners.bottom_left,
        &corners.bottom_right,
    ]
    .into_iter()
    .flatten()
    .filter(|line| line.role == role)
    .map(|line| line.text.clone())
    .collect()
}
