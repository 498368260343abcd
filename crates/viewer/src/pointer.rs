//! From the pointer and the wheel over the tiles of the last pass to commands, before anything is drawn.

use std::time::Duration;

use egui::{Context, Event, MouseWheelUnit, Pos2, Rect};
use reading::{Canvas, Command, LayoutCommand, Pointer, PointerButton, WheelTurn};
use space::ViewportPoint;

use crate::keyboard;

/// Two presses within this time and distance (points) are a double click.
const DOUBLE: (Duration, f32) = (Duration::from_millis(400), 6.0);

/// A tile as it stood on the screen in the last pass.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    /// Which tile and how large.
    pub canvas: Canvas,
    /// Where, points.
    pub rect: Rect,
    /// What lies on it and takes the pointer for itself, points.
    pub covers: Vec<Rect>,
}

/// The tiles of the last pass and the gesture that is under way.
#[derive(Debug, Default)]
pub(crate) struct Pointing {
    tiles: Vec<Placed>,
    gesture: Option<(Placed, PointerButton)>,
    /// Where the gesture has come to: a click that does not move is no drag.
    reached: Option<Pos2>,
    last_press: Option<(f64, Pos2, usize)>,
}

/// The name under which egui knows a tile.
pub(crate) fn tile_id(viewport: usize) -> egui::Id {
    egui::Id::unique(("viewport", viewport))
}

impl Pointing {
    /// Lets go of the gesture that is under way, for its window is gone and time begins anew; whether there was one.
    pub(crate) fn let_go(&mut self) -> bool {
        std::mem::take(self).gesture.is_some()
    }

    /// Begins a pass: the tiles are named anew.
    pub(crate) fn clear(&mut self) {
        self.tiles.clear();
    }

    /// Names a tile of this pass.
    pub(crate) fn place(&mut self, tile: Placed) {
        self.tiles.push(tile);
    }

    /// A button is down on a tile, and the pointer is used for it.
    pub(crate) fn under_way(&self) -> bool {
        self.gesture.is_some()
    }

    /// Where the pointer is on a tile, physical pixels; `None` when it is elsewhere.
    pub(crate) fn on_tile(&self, ctx: &Context, viewport: usize, rect: Rect) -> Option<ViewportPoint> {
        let at = ctx.pointer_latest_pos()?;
        let over = ctx
            .read_response(tile_id(viewport))
            .is_some_and(|r| r.contains_pointer());
        (over && rect.contains(at)).then(|| point(at, rect, ctx.pixels_per_point()))
    }

    /// The commands of this pass's events.
    pub(crate) fn commands(&mut self, ctx: &Context) -> Vec<Command> {
        let (events, time, scale) = ctx.input(|i| (i.events.clone(), i.time, i.pixels_per_point));
        let mut commands = Vec::new();
        let mut moved = None;
        for event in &events {
            match event {
                Event::PointerButton {
                    pos,
                    button,
                    pressed,
                    modifiers,
                } => {
                    self.drag(moved.take(), scale, &mut commands);
                    let Some(button) = named(*button) else { continue };
                    if *pressed {
                        self.press(ctx, *pos, button, *modifiers, time, &mut commands);
                    } else if self.gesture.as_ref().is_some_and(|(_, held)| *held == button) {
                        self.drag(Some(*pos), scale, &mut commands);
                        self.gesture = None;
                        commands.push(Command::Pointer(Pointer::Released));
                    }
                }
                Event::PointerMoved(pos) => moved = Some(*pos),
                Event::WindowFocused(false) if self.gesture.take().is_some() => {
                    commands.push(Command::Pointer(Pointer::Cancelled));
                }
                Event::MouseWheel {
                    unit, delta, modifiers, ..
                } => {
                    // With Shift some systems turn the wheel sideways.
                    let down = -if delta.y == 0.0 { delta.x } else { delta.y };
                    let turn = match unit {
                        MouseWheelUnit::Line => WheelTurn::Notches(f64::from(down)),
                        MouseWheelUnit::Point => WheelTurn::Points(f64::from(down)),
                        MouseWheelUnit::Page => WheelTurn::Notches(f64::from(down) * 10.0),
                    };
                    if let Some((tile, at)) = self.under(ctx, None).filter(|_| down != 0.0) {
                        commands.push(Command::Pointer(Pointer::Wheel {
                            canvas: tile.canvas,
                            at: point(at, tile.rect, scale),
                            turn,
                            modifiers: keyboard::modifiers(*modifiers),
                        }));
                    }
                }
                Event::Zoom(factor) => {
                    if let Some((tile, at)) = self.under(ctx, None) {
                        commands.push(Command::Pointer(Pointer::Pinched {
                            canvas: tile.canvas,
                            at: point(at, tile.rect, scale),
                            factor: f64::from(*factor),
                        }));
                    }
                }
                _ => {}
            }
        }
        self.drag(moved, scale, &mut commands);
        commands
    }

    fn press(
        &mut self,
        ctx: &Context,
        at: Pos2,
        button: PointerButton,
        held: egui::Modifiers,
        time: f64,
        commands: &mut Vec<Command>,
    ) {
        if self.gesture.is_some() {
            return;
        }
        let Some((tile, at)) = self.under(ctx, Some(at)) else {
            return;
        };
        let tile = tile.clone();
        let viewport = tile.canvas.viewport;
        commands.push(Command::Layout(LayoutCommand::Activate(viewport)));
        let double = button == PointerButton::Primary
            && self.last_press.is_some_and(|(then, there, on)| {
                on == viewport && time - then < DOUBLE.0.as_secs_f64() && there.distance(at) < DOUBLE.1
            });
        if double {
            self.last_press = None;
            commands.push(Command::Pointer(Pointer::DoubleClicked { canvas: tile.canvas }));
            return;
        }
        self.last_press = (button == PointerButton::Primary).then_some((time, at, viewport));
        commands.push(Command::Pointer(Pointer::Pressed {
            canvas: tile.canvas,
            at: point(at, tile.rect, ctx.pixels_per_point()),
            button,
            modifiers: keyboard::modifiers(held),
        }));
        self.gesture = Some((tile, button));
        self.reached = Some(at);
    }

    fn drag(&mut self, to: Option<Pos2>, scale: f32, commands: &mut Vec<Command>) {
        if let (Some(to), Some((tile, _))) = (to, &self.gesture)
            && self.reached.replace(to) != Some(to)
        {
            commands.push(Command::Pointer(Pointer::Dragged {
                at: point(to, tile.rect, scale),
            }));
        }
    }

    /// The tile under a point, or under the pointer, when nothing lies over it.
    fn under(&self, ctx: &Context, at: Option<Pos2>) -> Option<(&Placed, Pos2)> {
        let at = at.or_else(|| ctx.pointer_latest_pos())?;
        let tile = self.tiles.iter().find(|tile| tile.rect.contains(at))?;
        let covered = tile.covers.iter().any(|cover| cover.contains(at));
        let on_top = ctx
            .layer_id_at(at)
            .is_none_or(|layer| layer.order == egui::Order::Background);
        (!covered && on_top).then_some((tile, at))
    }
}

fn named(button: egui::PointerButton) -> Option<PointerButton> {
    match button {
        egui::PointerButton::Primary => Some(PointerButton::Primary),
        egui::PointerButton::Middle => Some(PointerButton::Middle),
        egui::PointerButton::Secondary => Some(PointerButton::Secondary),
        egui::PointerButton::Extra1 | egui::PointerButton::Extra2 => None,
    }
}

/// A point of the window, points, in a tile's physical pixels.
fn point(at: Pos2, rect: Rect, scale: f32) -> ViewportPoint {
    let inside = (at - rect.min) * scale;
    ViewportPoint {
        x: f64::from(inside.x),
        y: f64::from(inside.y),
    }
}
