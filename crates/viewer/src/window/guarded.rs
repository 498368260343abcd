//! eframe's application, which is not let near a device that is lost, and whose panics while painting end the window only.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use eframe::wgpu;
use eframe::{EframeWinitApplication, UserEvent};
use winit::application::ApplicationHandler;
use winit::event::{DeviceEvent, DeviceId, StartCause, WindowEvent};
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use super::adapter::Loss;

pub(super) struct Guarded<'a> {
    window: EframeWinitApplication<'a>,
    device: wgpu::Device,
    loss: Loss,
    panicked: Option<Box<dyn Any + Send>>,
}

impl<'a> Guarded<'a> {
    pub(super) fn new(window: EframeWinitApplication<'a>, device: wgpu::Device, loss: Loss) -> Self {
        Self {
            window,
            device,
            loss,
            panicked: None,
        }
    }

    /// Lets go of the window; what it panicked with, when it did.
    pub(super) fn end(self) -> Option<Box<dyn Any + Send>> {
        self.panicked
    }

    fn forward(&mut self, event_loop: &ActiveEventLoop, act: impl FnOnce(&mut EframeWinitApplication<'a>)) {
        // egui's painter panics when a lost device gives it no memory to write to, so it must not paint there.
        if !self.loss.is_told() && self.panicked.is_none() {
            let window = &mut self.window;
            // The application marks when it is at work itself; what it holds is not used after a panic there.
            self.panicked = catch_unwind(AssertUnwindSafe(|| act(window))).err();
        }
        if self.loss.is_told() || self.panicked.is_some() {
            event_loop.exit();
        }
    }
}

impl ApplicationHandler<UserEvent> for Guarded<'_> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.forward(event_loop, |window| window.resumed(event_loop));
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, id: WindowId, event: WindowEvent) {
        let redrawn = matches!(event, WindowEvent::RedrawRequested);
        let device = self.device.clone();
        self.forward(event_loop, |window| {
            window.window_event(event_loop, id, event);
            if redrawn {
                // A device tells that it is lost only when it is asked.
                device.poll(wgpu::PollType::Poll).ok();
            }
        });
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: UserEvent) {
        self.forward(event_loop, |window| window.user_event(event_loop, event));
    }

    fn device_event(&mut self, event_loop: &ActiveEventLoop, id: DeviceId, event: DeviceEvent) {
        self.forward(event_loop, |window| window.device_event(event_loop, id, event));
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, cause: StartCause) {
        self.forward(event_loop, |window| window.new_events(event_loop, cause));
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.forward(event_loop, |window| window.about_to_wait(event_loop));
    }

    fn suspended(&mut self, event_loop: &ActiveEventLoop) {
        self.forward(event_loop, |window| window.suspended(event_loop));
    }

    fn memory_warning(&mut self, event_loop: &ActiveEventLoop) {
        self.forward(event_loop, |window| window.memory_warning(event_loop));
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        // The window goes while the event loop still runs, whatever has happened.
        let window = &mut self.window;
        let ended = catch_unwind(AssertUnwindSafe(|| window.exiting(event_loop)));
        if let Err(panicked) = ended {
            self.panicked.get_or_insert(panicked);
        }
    }
}
