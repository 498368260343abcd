//! The adapter that can show a window, a device on it, and what went wrong there.

use std::any::Any;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use eframe::UserEvent;
use eframe::egui_wgpu::WgpuSetupExisting;
use eframe::wgpu;
use egui::Context;
use winit::application::ApplicationHandler;
use winit::event::WindowEvent;
use winit::event_loop::{ActiveEventLoop, EventLoop};
use winit::platform::run_on_demand::EventLoopExtRunOnDemand as _;
use winit::window::{Window, WindowId};

use crate::screen;

/// What kind of trouble a device made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// It is gone: sleep, another adapter, a driver that started again.
    Lost,
    /// Its memory is full.
    NoMemory,
    /// It refused what it was asked.
    Broken,
}

/// Why a device cannot be used any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mishap {
    /// The kind.
    pub(crate) cause: Cause,
    /// What the driver said.
    pub(crate) reason: String,
}

/// A device for the window, with everything that it comes from.
pub(super) struct Device {
    pub(super) setup: WgpuSetupExisting,
    pub(super) loss: Loss,
}

/// Whether a device has been lost; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Loss(Arc<Told>);

#[derive(Default)]
struct Told {
    mishap: Mutex<Option<Mishap>>,
    ctx: OnceLock<Context>,
}

impl Cause {
    /// In a word, for the log.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::NoMemory => "no-memory",
            Self::Broken => "broken",
        }
    }
}

impl Mishap {
    /// What a panic in the window's painting says.
    pub(super) fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let said = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied());
        Self {
            cause: Cause::Broken,
            reason: said.unwrap_or("the window could not be painted").to_owned(),
        }
    }
}

impl Loss {
    /// Wakes this window when the device is lost.
    pub(super) fn wakes(&self, ctx: &Context) {
        self.0.ctx.get_or_init(|| ctx.clone());
    }

    /// Whether anything has gone wrong.
    pub(super) fn is_told(&self) -> bool {
        self.told().is_some()
    }

    /// What has gone wrong first.
    pub(super) fn taken(&self) -> Option<Mishap> {
        self.told().take()
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Option<Mishap>> {
        self.0.mishap.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, cause: Cause, reason: String) {
        // The first is the cause; what follows are its consequences.
        self.told().get_or_insert(Mishap { cause, reason });
        if let Some(ctx) = self.0.ctx.get() {
            ctx.request_repaint();
        }
    }

    fn listen(&self, device: &wgpu::Device) {
        let own = self.clone();
        // Without a listener wgpu ends the program.
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let cause = match error {
                wgpu::Error::OutOfMemory { .. } => Cause::NoMemory,
                wgpu::Error::Validation { .. } | wgpu::Error::Internal { .. } => Cause::Broken,
            };
            own.tell(cause, error.to_string());
        }));
        let own = self.clone();
        device.set_device_lost_callback(move |reason, message| {
            own.tell(Cause::Lost, format!("{reason:?} {message}"));
        });
    }
}

/// Opens a device on the adapter that can show a window here. A hidden window finds it, for only a window's surface tells.
///
/// # Errors
/// What the system or the driver said.
pub(super) fn open(event_loop: &mut EventLoop<UserEvent>) -> Result<Device, String> {
    let mut probe = Probe(None);
    event_loop
        .run_app_on_demand(&mut probe)
        .map_err(|error| error.to_string())?;
    probe.0.unwrap_or_else(|| Err("the system gave no window".to_owned()))
}

struct Probe(Option<Result<Device, String>>);

impl ApplicationHandler<UserEvent> for Probe {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.0.is_none() {
            self.0 = Some(pollster::block_on(on(event_loop)));
        }
        event_loop.exit();
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, _: WindowEvent) {}
}

async fn on(event_loop: &ActiveEventLoop) -> Result<Device, String> {
    let hidden = event_loop
        .create_window(Window::default_attributes().with_visible(false))
        .map_err(|error| error.to_string())?;
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        display: Some(Box::new(event_loop.owned_display_handle())),
        ..wgpu::InstanceDescriptor::new_without_display_handle_from_env()
    });
    let surface = instance
        .create_surface(Arc::new(hidden))
        .map_err(|error| error.to_string())?;
    let adapter = instance
        .request_adapter(&wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::from_env().unwrap_or(wgpu::PowerPreference::HighPerformance),
            compatible_surface: Some(&surface),
            ..Default::default()
        })
        .await
        .map_err(|error| error.to_string())?;
    let (device, queue) = adapter
        .request_device(&screen::device(&adapter))
        .await
        .map_err(|error| error.to_string())?;
    let loss = Loss::default();
    loss.listen(&device);
    let setup = WgpuSetupExisting {
        instance,
        adapter,
        device,
        queue,
    };
    Ok(Device { setup, loss })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mishap_is_the_cause() {
        let loss = Loss::default();
        assert!(!loss.is_told());
        loss.tell(Cause::NoMemory, "full".to_owned());
        loss.tell(Cause::Lost, "gone".to_owned());
        assert!(loss.is_told());
        let mishap = loss.taken().unwrap();
        assert_eq!((mishap.cause, mishap.reason.as_str()), (Cause::NoMemory, "full"));
    }

    #[test]
    fn what_a_device_says_is_heard() {
        let adapter = match render::Adapter::open() {
            Ok(adapter) => adapter,
            Err(error) => return testkit::skip(&format!("the loss of a device: {error}")),
        };
        let loss = Loss::default();
        loss.listen(&adapter.device);
        let _refused = adapter.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: 4,
            // The two together are not allowed.
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::MAP_WRITE,
            mapped_at_creation: false,
        });
        assert_eq!(loss.taken().unwrap().cause, Cause::Broken);
        adapter.device.destroy();
        adapter.device.poll(wgpu::PollType::Poll).ok();
        assert_eq!(loss.taken().unwrap().cause, Cause::Lost);
    }
}
