//! Pointer and wheel on a tile.

use space::{ImagePoint, ViewportFromImage, ViewportPoint};

use super::Reading;
use crate::LayoutCommand;
use crate::command::{Canvas, Pointer, PointerButton, Step, WheelTurn};
use crate::document::MarkKind;
use crate::glass::Glass;
use crate::tile::Shading;
use crate::tool::{self, Gesture, Part, Tool, WindowDrag};
use crate::view::{Lie, Sheet};
use crate::viewport;

/// A mark is grabbed within this distance, points.
const REACH: f64 = 8.0;
/// A press that moves less makes no length, points.
const STILL: f64 = 3.0;
/// One notch with Ctrl zooms by this factor.
const NOTCH_ZOOM: f64 = 1.15;
/// As many points on a touchpad as one notch, for zooming.
const NOTCH_POINTS: f64 = 50.0;

impl Reading {
    pub(super) fn pointer(&mut self, pointer: Pointer) {
        match pointer {
            Pointer::Pressed {
                canvas,
                at,
                button,
                modifiers,
            } => {
                self.end_gesture();
                if self.activate(&canvas) {
                    if let Some(state) = self.view.active_mut() {
                        state.moved = true;
                    }
                    let tool = tool::of_button(button, modifiers, self.view.tool);
                    self.gesture = Some(self.begin(canvas, at, button, tool));
                }
            }
            Pointer::Dragged { at } => self.drag(at),
            Pointer::Released => self.end_gesture(),
            Pointer::Cancelled => self.cancel_gesture(),
            Pointer::DoubleClicked { canvas } => {
                self.end_gesture();
                if self.activate(&canvas) {
                    self.lay_out(LayoutCommand::ToggleMaximised);
                }
            }
            Pointer::Wheel {
                canvas,
                at,
                turn,
                modifiers,
            } => self.wheel(&canvas, at, turn, modifiers.ctrl),
            Pointer::Pinched { canvas, at, factor } => self.zoom(&canvas, at, factor),
        }
    }

    fn activate(&mut self, canvas: &Canvas) -> bool {
        let shown = self.view.shown().1.contains(&canvas.viewport);
        if shown {
            self.view.active = canvas.viewport;
        }
        shown
    }

    /// The image on a tile, with how it lies there.
    fn laid(&self, canvas: &Canvas) -> Option<(&Glass, Lie, Sheet, ViewportFromImage)> {
        let state = self.view.viewport(canvas.viewport)?;
        let glass = state.glass.as_ref()?;
        let sheet = glass.sheet(canvas.size_px);
        let lie = state.presentation.lie;
        Some((glass, lie, sheet, lie.viewport_from_image(sheet)))
    }

    fn begin(&mut self, canvas: Canvas, at: ViewportPoint, button: PointerButton, tool: Tool) -> Gesture {
        if button == PointerButton::Primary {
            if let Some(grabbed) = self.grab(canvas, at) {
                return grabbed;
            }
            self.selected = None;
        }
        match tool {
            Tool::Scroll => match self.count_and_index(canvas.viewport) {
                Some((_, index)) => Gesture::Scroll {
                    canvas,
                    from: at,
                    index,
                },
                None => Gesture::Idle,
            },
            Tool::Length | Tool::Probe => self.begin_mark(canvas, at, tool),
            Tool::Window | Tool::Zoom | Tool::Pan => {
                let Some((glass, lie, ..)) = self.laid(&canvas) else {
                    return Gesture::Idle;
                };
                match (tool, &glass.shading) {
                    (Tool::Zoom, _) => Gesture::Zoom { canvas, from: at, lie },
                    (Tool::Window, Shading::Grey { parameters, .. }) => Gesture::Window {
                        canvas,
                        from: at,
                        drag: WindowDrag::begin(parameters, viewport::is_clamped(&glass.frame.instance)),
                    },
                    (Tool::Window, Shading::Colour { .. }) => Gesture::Idle,
                    _ => Gesture::Pan { canvas, from: at, lie },
                }
            }
        }
    }

    /// Takes hold of a mark under the pointer; none can be taken on a waiting tile.
    fn grab(&mut self, canvas: Canvas, at: ViewportPoint) -> Option<Gesture> {
        let state = self.view.viewport(canvas.viewport)?;
        let (glass, _, _, map) = self.laid(&canvas).filter(|_| state.is_current())?;
        let document = self.history.now();
        let (mark, part) = tool::hit(document.on(&glass.frame_ref), &map, at, REACH * canvas.scale)?;
        let kind = document.mark(mark)?.kind;
        let gesture = Gesture::Move {
            canvas,
            frame: glass.frame_ref.clone(),
            mark,
            part,
            grabbed: map.image_at(at)?,
            kind,
            before: document.clone(),
        };
        self.selected = Some(mark);
        Some(gesture)
    }

    /// Begins a mark where the pointer is; none can be placed outside the image or on a waiting tile.
    fn begin_mark(&mut self, canvas: Canvas, at: ViewportPoint, tool: Tool) -> Gesture {
        let current = self.view.viewport(canvas.viewport).is_some_and(|v| v.is_current());
        let Some((glass, _, _, map)) = self.laid(&canvas).filter(|_| current) else {
            return Gesture::Idle;
        };
        let Some(first) = map
            .image_at(at)
            .filter(|p| crate::tile::pixel_at(&glass.frame, *p).is_some())
        else {
            return Gesture::Idle;
        };
        let frame = glass.frame_ref.clone();
        if tool == Tool::Length {
            return Gesture::NewLength {
                canvas,
                frame,
                from: at,
                first,
                mark: None,
                before: self.history.now().clone(),
            };
        }
        let mut id = None;
        self.history
            .step(|document| id = Some(document.add(frame, MarkKind::Probe { at: first })));
        self.selected = id;
        Gesture::Idle
    }

    fn drag(&mut self, to: ViewportPoint) {
        if !(to.x.is_finite() && to.y.is_finite()) {
            return;
        }
        let Some(mut gesture) = self.gesture.take() else { return };
        // A mark is only moved on its own image; when that has gone, the gesture is over.
        let its_image_is_gone = gesture.image().is_some_and(|(canvas, frame)| {
            let state = self.view.viewport(canvas.viewport);
            state
                .and_then(|v| v.glass.as_ref())
                .is_none_or(|glass| glass.frame_ref != *frame)
        });
        if its_image_is_gone {
            self.gesture = Some(gesture);
            self.end_gesture();
            return;
        }
        match &mut gesture {
            Gesture::Window { canvas, from, drag } => {
                let points = |px: f64| px / canvas.scale.max(0.1);
                let down = points(to.y - from.y);
                let up_or_down = if self.settings.mouse.level_down_is_brighter {
                    -down
                } else {
                    down
                };
                let voi = drag.at(points(to.x - from.x), up_or_down);
                if let Some(state) = self.view.viewports.get_mut(canvas.viewport) {
                    state.presentation.window = crate::presets::WindowChoice::Manual(voi);
                }
            }
            Gesture::Zoom { canvas, from, lie } => {
                let factor = tool::zoom_factor((to.y - from.y) / canvas.scale.max(0.1));
                let (canvas, from, lie) = (*canvas, *from, *lie);
                self.re_lay(&canvas, lie, |lie, sheet| lie.zoom_about(sheet, from, factor));
            }
            Gesture::Pan { canvas, from, lie } => {
                let by = (to.x - from.x, to.y - from.y);
                let (canvas, lie) = (*canvas, *lie);
                self.re_lay(&canvas, lie, |lie, sheet| lie.pan_by(sheet, by));
            }
            Gesture::Scroll { canvas, from, index } => {
                let (canvas, from, index) = (*canvas, *from, *index);
                self.drag_scroll(&canvas, to.y - from.y, index);
            }
            Gesture::NewLength {
                canvas,
                frame,
                from,
                first,
                mark,
                ..
            } => {
                let moved = (to.x - from.x).hypot(to.y - from.y) >= STILL * canvas.scale;
                if let Some(end) = self.on_image(canvas, to).filter(|_| moved || mark.is_some()) {
                    let kind = MarkKind::Length { ends: [*first, end] };
                    match *mark {
                        Some(id) => self.history.within().change(id, kind),
                        None => *mark = Some(self.history.within().add(frame.clone(), kind)),
                    }
                    self.selected = *mark;
                }
            }
            Gesture::Move {
                canvas,
                mark,
                part,
                grabbed,
                kind,
                ..
            } => {
                if let Some(kind) = self.moved(canvas, *kind, *part, *grabbed, to) {
                    self.history.within().change(*mark, kind);
                }
            }
            Gesture::Idle => {}
        }
        self.gesture = Some(gesture);
    }

    /// Lays a tile's image anew, starting from how it lay.
    fn re_lay(&mut self, canvas: &Canvas, mut lie: Lie, change: impl FnOnce(&mut Lie, Sheet)) {
        let Some((_, _, sheet, _)) = self.laid(canvas) else {
            return;
        };
        change(&mut lie, sheet);
        if let Some(state) = self.view.viewports.get_mut(canvas.viewport) {
            state.presentation.lie = lie;
        }
    }

    fn drag_scroll(&mut self, canvas: &Canvas, down_px: f64, from: usize) {
        let Some((count, _)) = self.count_and_index(canvas.viewport) else {
            return;
        };
        let scale = canvas.scale.max(0.1);
        let each = tool::points_per_image(f64::from(canvas.size_px.1) / scale, count);
        let by = (down_px / scale / each).round();
        let to = (from as f64 + by).clamp(0.0, count.saturating_sub(1) as f64) as usize;
        self.scroll(canvas.viewport, Step::To(to));
    }

    /// The image point under the pointer, held inside the image.
    fn on_image(&self, canvas: &Canvas, at: ViewportPoint) -> Option<ImagePoint> {
        let (_, _, sheet, map) = self.laid(canvas)?;
        Some(held(map.image_at(at)?, sheet))
    }

    /// A mark after its grabbed part was moved under the pointer; it never leaves its image.
    fn moved(
        &self,
        canvas: &Canvas,
        kind: MarkKind,
        part: Part,
        grabbed: ImagePoint,
        to: ViewportPoint,
    ) -> Option<MarkKind> {
        let (_, _, sheet, map) = self.laid(canvas)?;
        let at = map.image_at(to)?;
        let by = (at.column - grabbed.column, at.row - grabbed.row);
        let shifted = |p: ImagePoint, by: (f64, f64)| ImagePoint::new(p.column + by.0, p.row + by.1);
        Some(match (kind, part) {
            (MarkKind::Length { mut ends }, Part::End(which)) => {
                if let Some(end) = ends.get_mut(which) {
                    *end = held(shifted(*end, by), sheet);
                }
                MarkKind::Length { ends }
            }
            (MarkKind::Length { ends }, Part::Whole) => {
                let room = |get: fn(&ImagePoint) -> f64, of: u32, by: f64| {
                    let (low, high) = (get(&ends[0]).min(get(&ends[1])), get(&ends[0]).max(get(&ends[1])));
                    // `max` last: a mark that sticks out already is not pushed further.
                    by.min(f64::from(of) - 0.5 - high).max(-0.5 - low)
                };
                let by = (
                    room(|p| p.column, sheet.image.0, by.0),
                    room(|p| p.row, sheet.image.1, by.1),
                );
                MarkKind::Length {
                    ends: ends.map(|end| shifted(end, by)),
                }
            }
            (MarkKind::Probe { at: point }, _) => MarkKind::Probe {
                at: held_to_a_pixel(shifted(point, by), sheet),
            },
        })
    }

    /// Ends the gesture with what it did: one step of undo, when it changed marks.
    pub(super) fn end_gesture(&mut self) {
        if let Some(before) = self.gesture.take().and_then(Gesture::document_before) {
            self.history.close(before);
        }
    }

    /// Takes the gesture back, as far as it changed marks.
    pub(super) fn cancel_gesture(&mut self) {
        if let Some(before) = self.gesture.take().and_then(Gesture::document_before) {
            self.history.abandon(before);
            self.drop_lost_selection();
        }
    }

    fn wheel(&mut self, canvas: &Canvas, at: ViewportPoint, turn: WheelTurn, zooms: bool) {
        if zooms {
            let notches = match turn {
                WheelTurn::Notches(n) => n,
                WheelTurn::Points(points) => points / NOTCH_POINTS,
            };
            self.zoom(canvas, at, NOTCH_ZOOM.powf(-notches.clamp(-20.0, 20.0)));
            return;
        }
        // A mark that is being drawn stays on its image.
        if self.gesture.as_ref().is_some_and(|g| g.image().is_some()) || !self.activate(canvas) {
            return;
        }
        let turned = match turn {
            WheelTurn::Notches(n) => n,
            WheelTurn::Points(points) => points / self.settings.mouse.touchpad_points_per_image.max(1.0),
        };
        let Some(state) = self.view.viewports.get_mut(canvas.viewport) else {
            return;
        };
        let by = tool::images_of_wheel(&mut state.wheel, turned);
        if by != 0 {
            self.scroll(canvas.viewport, Step::By(by));
        }
    }

    fn zoom(&mut self, canvas: &Canvas, at: ViewportPoint, factor: f64) {
        if !self.activate(canvas) {
            return;
        }
        if let Some(state) = self.view.active_mut() {
            state.moved = true;
        }
        if let Some(lie) = self.laid(canvas).map(|(_, lie, ..)| lie) {
            self.re_lay(canvas, lie, |lie, sheet| lie.zoom_about(sheet, at, factor));
        }
    }
}

/// A point held inside the image, its outermost pixels' edges included.
fn held(point: ImagePoint, sheet: Sheet) -> ImagePoint {
    ImagePoint::new(
        point.column.clamp(-0.5, f64::from(sheet.image.0) - 0.5),
        point.row.clamp(-0.5, f64::from(sheet.image.1) - 0.5),
    )
}

/// A point held to where a pixel is nearest.
fn held_to_a_pixel(point: ImagePoint, sheet: Sheet) -> ImagePoint {
    ImagePoint::new(
        point.column.clamp(0.0, f64::from(sheet.image.0.max(1)) - 1.0),
        point.row.clamp(0.0, f64::from(sheet.image.1.max(1)) - 1.0),
    )
}
