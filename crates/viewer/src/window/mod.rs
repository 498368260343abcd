//! The window's life: it is made on a device, and made again at the same place when the device is lost. The application, with
//! what it reads and retrieves, lives outside and goes on.

mod adapter;
mod guarded;
mod place;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use eframe::egui_wgpu::{RenderState, WgpuSetup, WgpuSetupExisting};
use eframe::{NativeOptions, UserEvent};
use egui::{Context, Ui};
use winit::event_loop::EventLoop;
use winit::platform::run_on_demand::EventLoopExtRunOnDemand as _;

pub(crate) use adapter::{Cause, Mishap};

use crate::app::App;
use crate::launch::{LaunchError, TITLE};
use crate::platform;
use adapter::Device;
use guarded::Guarded;
use place::Place;

/// How often, and after which wait each time, a device is asked for while a driver starts again.
const TRIES: (u32, Duration) = (40, Duration::from_millis(250));
/// A device that fails by itself this often within [`SPAN`] is not trusted to draw images, and at twice that the program gives up.
const MANY: usize = 3;
const SPAN: Duration = Duration::from_secs(60);

/// Opens the window and comes back when the reader has closed it. `begin` makes the application, `options` the window's.
///
/// # Errors
/// No window, no graphics adapter, or one that does not come back.
pub(crate) fn run<E: std::fmt::Display>(
    options: impl Fn() -> NativeOptions,
    begin: impl FnOnce(&Context, Option<RenderState>) -> Result<App, E>,
) -> Result<(), LaunchError> {
    let stage = Stage::default();
    let outcome = live(&stage, options, begin);
    if let Some(app) = stage.app.borrow_mut().as_mut() {
        app.finish();
    }
    outcome
}

/// Makes windows until the reader closes one.
fn live<E: std::fmt::Display>(
    stage: &Stage,
    options: impl Fn() -> NativeOptions,
    begin: impl FnOnce(&Context, Option<RenderState>) -> Result<App, E>,
) -> Result<(), LaunchError> {
    let unopened = |error: &dyn std::fmt::Display| LaunchError::Window(error.to_string());
    let mut event_loop = EventLoop::<UserEvent>::with_user_event()
        .build()
        .map_err(|error| unopened(&error))?;
    let mut begin = Some(begin);
    let mut place = None;
    let mut failures = Failures::default();
    loop {
        let again = place.is_some();
        let device = opened(&mut event_loop, if again { TRIES.0 } else { 1 })?;
        let loss = device.loss.clone();
        let mut options = options();
        if let Some(place) = &place {
            options.viewport = Place::put(place, options.viewport);
        }
        options.wgpu_options.wgpu_setup = WgpuSetup::Existing(WgpuSetupExisting::clone(&device.setup));
        let refused = RefCell::new(None);
        let made = Cell::new(false);
        let distrusted = failures.distrusted();
        let window = eframe::create_native(
            TITLE,
            options,
            Box::new(|cc| {
                loss.wakes(&cc.egui_ctx);
                let mut app = stage.app.borrow_mut();
                match (app.as_mut(), begin.take()) {
                    (Some(app), _) => app.renew(&cc.egui_ctx, cc.wgpu_render_state.clone(), distrusted.clone()),
                    (None, Some(begin)) => match begin(&cc.egui_ctx, cc.wgpu_render_state.clone()) {
                        Ok(begun) => *app = Some(begun),
                        Err(error) => {
                            let error = error.to_string();
                            *refused.borrow_mut() = Some(error.clone());
                            return Err(error.into());
                        }
                    },
                    (None, None) => return Err("the application was never made".into()),
                }
                made.set(true);
                let (app, inside) = (Rc::clone(&stage.app), Rc::clone(&stage.inside));
                Ok(Box::new(Shell { app, inside }))
            }),
            &event_loop,
        );
        let mut guarded = Guarded::new(window, device.setup.device.clone(), loss.clone());
        let ran = event_loop.run_app_on_demand(&mut guarded);
        let panicked = guarded.end();
        if let Some(sentence) = refused.into_inner() {
            return Err(LaunchError::Window(sentence));
        }
        if let Err(error) = ran {
            return Err(unopened(&error));
        }
        if stage.inside.get()
            && let Some(panicked) = panicked
        {
            // A fault of the application itself is not the device's, and nothing that it holds can be relied on.
            std::panic::resume_unwind(panicked);
        }
        let mishap = match (loss.taken(), panicked) {
            (Some(mishap), _) => mishap,
            (None, Some(panicked)) => Mishap::of_panic(panicked.as_ref()),
            (None, None) if made.get() => return Ok(()),
            (None, None) => return Err(LaunchError::Window("the operating system gave none".to_owned())),
        };
        failures.note(&mishap)?;
        let mut app = stage.app.borrow_mut();
        let Some(app) = app.as_mut() else {
            return Err(graphics(mishap.reason));
        };
        place = Some(Place::of(&app.ctx()));
        app.lost(&mishap);
    }
}

fn opened(event_loop: &mut EventLoop<UserEvent>, tries: u32) -> Result<Device, LaunchError> {
    for _ in 1..tries {
        if let Ok(device) = adapter::open(event_loop) {
            return Ok(device);
        }
        thread::sleep(TRIES.1);
    }
    adapter::open(event_loop).map_err(graphics)
}

fn graphics(reason: String) -> LaunchError {
    LaunchError::Graphics {
        reason,
        advice: platform::graphics_advice(),
    }
}

/// What outlives a window.
#[derive(Default)]
struct Stage {
    app: Rc<RefCell<Option<App>>>,
    /// The application is at work; false while the window paints what it has drawn.
    inside: Rc<Cell<bool>>,
}

/// How often devices failed by themselves lately. A device that is lost is not counted: sleep and a change of adapters do that.
#[derive(Default)]
struct Failures(Vec<Instant>);

impl Failures {
    fn note(&mut self, mishap: &Mishap) -> Result<(), LaunchError> {
        if mishap.cause == Cause::Lost {
            return Ok(());
        }
        self.0.retain(|then| then.elapsed() < SPAN);
        self.0.push(Instant::now());
        if self.0.len() >= 2 * MANY {
            return Err(graphics(mishap.reason.clone()));
        }
        Ok(())
    }

    /// Why the next device is not trusted, when it is not.
    fn distrusted(&self) -> Option<String> {
        (self.0.len() >= MANY).then(|| "The graphics adapter failed several times within a minute.".to_owned())
    }
}

/// The application in one window.
struct Shell {
    app: Rc<RefCell<Option<App>>>,
    inside: Rc<Cell<bool>>,
}

impl Shell {
    fn within(&self, act: impl FnOnce(&mut App)) {
        self.inside.set(true);
        if let Some(app) = self.app.borrow_mut().as_mut() {
            act(app);
        }
        self.inside.set(false);
    }
}

impl eframe::App for Shell {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        self.within(|app| app.logic(ctx, frame));
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.within(|app| app.ui(ui, frame));
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        let app = self.app.borrow();
        app.as_ref()
            .map_or([0.0, 0.0, 0.0, 1.0], |app| app.clear_color(visuals))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mishap(cause: Cause) -> Mishap {
        Mishap {
            cause,
            reason: "a reason".to_owned(),
        }
    }

    #[test]
    fn a_lost_device_is_made_again_without_end_and_a_failing_one_is_distrusted_then_given_up() {
        let mut failures = Failures::default();
        for _ in 0..100 {
            assert!(failures.note(&mishap(Cause::Lost)).is_ok());
        }
        assert_eq!(failures.distrusted(), None);
        for number in 1..2 * MANY {
            assert!(failures.note(&mishap(Cause::Broken)).is_ok());
            assert_eq!(failures.distrusted().is_some(), number >= MANY);
        }
        assert!(failures.note(&mishap(Cause::NoMemory)).is_err());
    }
}
