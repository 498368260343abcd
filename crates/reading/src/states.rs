//! Presentation states: which of them a tile's images are shown by, and what that comes to for one image.

use std::sync::Arc;

use pixels::StoredFrame;
use pixels::display::{Parameters, Voi, VoiFunction};
use space::{ImagePoint, Turn, ViewportFromImage};
use study::presentation::{DisplayedArea, OnFrame, PresentationLut, PresentationState, SizeMode, Spot, Units};
use study::{Instance, InstanceUid, SampleKind, words};

use crate::view::{Lie, Sheet, Zoom};
use crate::viewport;

/// So many states are offered for one stack.
pub(crate) const MOST: usize = 200;

/// The presentation state that a stack is shown by.
#[derive(Clone, Debug)]
pub struct ChosenState {
    pub(crate) uid: InstanceUid,
    pub(crate) state: Arc<PresentationState>,
}

impl PartialEq for ChosenState {
    fn eq(&self, other: &Self) -> bool {
        self.uid == other.uid && (Arc::ptr_eq(&self.state, &other.state) || self.state == other.state)
    }
}

/// One line of the list of presentation states.
#[derive(Clone, Debug, PartialEq)]
pub struct StateRow {
    /// Its label and description.
    pub name: String,
    /// Who made it and when, and what of it cannot be shown; empty where nothing is to be said.
    pub hint: String,
    /// The state; `None` shows the image as itself.
    pub state: Option<InstanceUid>,
    /// It is the one that the tile shows.
    pub chosen: bool,
}

/// The line that stands for a state.
pub(crate) fn row(uid: &InstanceUid, state: &PresentationState, chosen: bool) -> StateRow {
    let made = [words::person(state.creator.to_reader()), words::date(&state.created)];
    let made: Vec<String> = made.into_iter().filter(|word| !word.is_empty()).collect();
    let lacks = state.not_shown.iter().map(|oddity| oddity.0.clone());
    let lines: Vec<String> = std::iter::once(made.join(", "))
        .chain(lacks)
        .filter(|line| !line.is_empty())
        .collect();
    StateRow {
        name: state.name(),
        hint: lines.join("\n"),
        state: Some(uid.clone()),
        chosen,
    }
}

/// How a state lays an image of so many columns and rows; `screen_pixel_mm` is what true size needs.
pub fn lie(state: &PresentationState, on: &OnFrame, image: (u32, u32), screen_pixel_mm: Option<f64>) -> Lie {
    /// Beyond this a pixel fills the tile.
    const MOST_PX: f64 = 1000.0;
    let placed = Lie {
        turn: state.turn,
        flipped: state.flipped,
        ..Lie::default()
    };
    let Some(area) = &on.area else { return placed };
    let fitted = Zoom::Area(area.right - area.left, area.bottom - area.top);
    let exact = |px: f64| Zoom::Exact(px.clamp(1.0 / MOST_PX, MOST_PX));
    let part = |from: f64, to: f64, of: u32| ((from + to) / 2.0 + 0.5) / f64::from(of.max(1));
    Lie {
        zoom: match area.size {
            SizeMode::ScaleToFit => fitted,
            SizeMode::Magnify(ratio) => exact(ratio),
            SizeMode::TrueSize { column_mm } => screen_pixel_mm.map_or(fitted, |mm| exact(column_mm / mm)),
        },
        middle: (
            part(area.left, area.right, image.0),
            part(area.top, area.bottom, image.1),
        ),
        ..placed
    }
}

/// Everything that decides how a grey frame is shown by a state: its stages in place of the image's own, whose Photometric
/// Interpretation does not count either (PS3.4 N.2.1); padding is the image's (PS3.3 C.7.5.1.1.2).
pub fn parameters(
    state: &PresentationState,
    on: &OnFrame,
    instance: &Instance,
    frame: u32,
    stored: &StoredFrame,
    chosen: Option<Voi>,
) -> Parameters {
    let modality = state.modality_on(instance);
    let voi = chosen.or_else(|| on.voi.clone()).unwrap_or_else(|| {
        whole_range(instance, &modality).unwrap_or_else(|| viewport::automatic(stored, instance, frame))
    });
    Parameters {
        modality,
        inverse: state.lut == PresentationLut::Inverse,
        presentation_lut: match &state.lut {
            PresentationLut::Table(table) => Some(Arc::clone(table)),
            PresentationLut::Identity | PresentationLut::Inverse => None,
        },
        ..viewport::with_voi(instance, frame, voi)
    }
}

/// The identity in the place of a window: from the least to the greatest modality value that there can be (PS3.4 N.2.1.2);
/// `None` for values that have no such range.
fn whole_range(instance: &Instance, modality: &pixels::display::Modality) -> Option<Voi> {
    let layout = instance.layout.as_ref()?;
    if layout.kind != SampleKind::Integer {
        return None;
    }
    let (low, high) = match modality {
        pixels::display::Modality::Table(table) => (0.0, f64::from(table.greatest())),
        _ => {
            let (least, greatest) = instance.stored_range();
            let ends = (modality.value(least as f64), modality.value(greatest as f64));
            (ends.0.min(ends.1), ends.0.max(ends.1))
        }
    };
    (high > low).then(|| Voi::Window {
        centre: low + (high - low) / 2.0,
        width: high - low,
        function: VoiFunction::LinearExact,
    })
}

/// What a tile must say of the state that it is shown by, the most important first.
pub(crate) fn attention(
    state: &PresentationState,
    on: Option<&OnFrame>,
    (changed, lifted): (bool, bool),
    colour: bool,
    screen_pixel_mm: Option<f64>,
) -> Vec<String> {
    let name = state.name();
    let Some(on) = on else {
        return vec![format!("not by presentation state {name}, which is not for this image")];
    };
    let mut lines = vec![format!(
        "by presentation state {name}{}",
        if changed { ", changed here" } else { "" }
    )];
    if state.colour != colour {
        lines.push("the state's values are for another kind of image".to_owned());
    }
    if let Some(DisplayedArea {
        size: SizeMode::TrueSize { .. },
        ..
    }) = on.area.as_deref()
        && screen_pixel_mm.is_none()
    {
        lines.push("true size needs the size of this screen's pixels: see the settings".to_owned());
    }
    if lifted && on.shutter.is_some() {
        lines.push("its shutter is lifted".to_owned());
    }
    lines.extend(state.not_shown.iter().map(|oddity| oddity.0.clone()));
    lines
}

/// Where annotations lie on an image: the part that their state shows, with its turn and mirror.
///
/// Coordinates in DISPLAY units count that part as the state itself lays it on the screen (PS3.3 C.10.4); they stay with the image
/// when the reader moves it, so that what points at something goes on pointing at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ground {
    /// Left, top, right, bottom edge in image space.
    edges: (f64, f64, f64, f64),
    /// Screen directions of columns and rows, each a unit.
    axes: ViewportFromImage,
}

impl Ground {
    /// The ground of a state on an image of so many columns and rows.
    pub(crate) fn of(state: &PresentationState, on: &OnFrame, image: (u32, u32)) -> Self {
        let whole = (-0.5, -0.5, f64::from(image.0) - 0.5, f64::from(image.1) - 0.5);
        let edges = on
            .area
            .as_ref()
            .map_or(whole, |area| (area.left, area.top, area.right, area.bottom));
        let placement = space::Placement {
            zoom: 1.0,
            pan: (0.0, 0.0),
            turn: state.turn,
            flipped: state.flipped,
        };
        Self {
            edges,
            axes: ViewportFromImage::placed((1, 1), (0, 0), 1.0, &placement),
        }
    }

    /// The image point of an annotation's point.
    pub(crate) fn image_point(&self, spot: Spot) -> ImagePoint {
        match spot.units {
            // The upper left corner of the first pixel is 0\0 there, its centre is here.
            Units::Pixel => ImagePoint::new(spot.x - 0.5, spot.y - 0.5),
            Units::Display => {
                let (left, top, right, bottom) = self.edges;
                let [a, b] = [ImagePoint::new(left, top), ImagePoint::new(right, bottom)].map(|p| self.axes.apply(p));
                let between = |a: f64, b: f64, part: f64| a.min(b) + part * (a.max(b) - a.min(b));
                let at = space::ViewportPoint {
                    x: between(a.x, b.x, spot.x),
                    y: between(a.y, b.y, spot.y),
                };
                self.axes.image_at(at).unwrap_or(ImagePoint::new(left, top))
            }
        }
    }
}

/// Where a state lays a frame on a picture of its own: of the size that is asked for, else of the size that it selects, a screen pixel
/// for each column or as many as it magnifies them to.
pub fn placed(
    state: &PresentationState,
    on: &OnFrame,
    (image, aspect): ((u32, u32), f64),
    size: Option<(u32, u32)>,
) -> (ViewportFromImage, (u32, u32)) {
    let mut laid = lie(state, on, image, None);
    let size_px = size.unwrap_or_else(|| {
        let px = match laid.zoom {
            Zoom::Exact(px) => px,
            Zoom::Area(..) | Zoom::OfFit(_) => 1.0,
        };
        laid.zoom = Zoom::Exact(px);
        natural_size(state, on, image, px)
    });
    let aspect = on.area.as_ref().and_then(|area| area.aspect).unwrap_or(aspect);
    let sheet = Sheet { image, aspect, size_px };
    (laid.viewport_from_image(sheet), size_px)
}

/// The size at which a picture shows what a state selects, so many screen pixels for a column: width and height.
fn natural_size(state: &PresentationState, on: &OnFrame, image: (u32, u32), px: f64) -> (u32, u32) {
    let extent = on
        .area
        .as_ref()
        .map_or((f64::from(image.0), f64::from(image.1)), |area| {
            let aspect = area.aspect.unwrap_or(1.0);
            let columns = area.right - area.left;
            (columns, (area.bottom - area.top) * aspect)
        });
    let side = |length: f64| (length * px).round().clamp(1.0, 16_384.0) as u32;
    match state.turn {
        Turn::None | Turn::Half => (side(extent.0), side(extent.1)),
        Turn::Quarter | Turn::ThreeQuarters => (side(extent.1), side(extent.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(turn: Turn, flipped: bool) -> PresentationState {
        PresentationState {
            turn,
            flipped,
            ..crate::fake::state("TEST", Vec::new())
        }
    }

    fn area(edges: (f64, f64, f64, f64), size: SizeMode) -> OnFrame {
        let (left, top, right, bottom) = edges;
        OnFrame {
            area: Some(Arc::new(DisplayedArea {
                left,
                top,
                right,
                bottom,
                aspect: None,
                size,
            })),
            ..OnFrame::default()
        }
    }

    #[test]
    fn each_size_mode_lays_the_image_as_it_says() {
        let state = state(Turn::None, false);
        let on = |size| area((9.5, -0.5, 29.5, 9.5), size);
        let laid = |size, mm| lie(&state, &on(size), (40, 20), mm);
        let fitted = laid(SizeMode::ScaleToFit, None);
        assert_eq!((fitted.zoom, fitted.middle), (Zoom::Area(20.0, 10.0), (0.5, 0.25)));
        assert_eq!(laid(SizeMode::Magnify(2.5), None).zoom, Zoom::Exact(2.5));
        let true_size = SizeMode::TrueSize { column_mm: 0.5 };
        assert_eq!(laid(true_size, Some(0.25)).zoom, Zoom::Exact(2.0));
        assert_eq!(laid(true_size, None).zoom, fitted.zoom, "the screen is not known");
        let said = |mm| attention(&state, Some(&on(true_size)), (false, false), false, mm).len();
        assert_eq!((said(None), said(Some(0.25))), (2, 1), "and that is said");
    }

    #[test]
    fn parts_of_the_display_lie_where_the_state_shows_them() {
        let on = area((9.5, -0.5, 29.5, 9.5), SizeMode::ScaleToFit);
        let corner = |turn, flipped, x, y| {
            let ground = Ground::of(&state(turn, flipped), &on, (40, 20));
            let units = Units::Display;
            let point = ground.image_point(Spot { x, y, units });
            (point.column, point.row)
        };
        assert_eq!(corner(Turn::None, false, 0.0, 0.0), (9.5, -0.5));
        assert_eq!(corner(Turn::None, false, 0.5, 1.0), (19.5, 9.5));
        assert_eq!(
            corner(Turn::None, true, 0.0, 0.0),
            (29.5, -0.5),
            "mirrored: its right edge is left"
        );
        // A quarter clockwise: what lies on top left was the lower left corner.
        assert_eq!(corner(Turn::Quarter, false, 0.0, 0.0), (9.5, 9.5));
        assert_eq!(corner(Turn::Quarter, false, 1.0, 0.0), (9.5, -0.5));
        assert_eq!(corner(Turn::Half, false, 0.0, 0.0), (29.5, 9.5));
        let ground = Ground::of(&state(Turn::Quarter, true), &on, (40, 20));
        let spot = Spot {
            x: 1.0,
            y: 3.0,
            units: Units::Pixel,
        };
        let point = ground.image_point(spot);
        assert_eq!((point.column, point.row), (0.5, 2.5), "pixels do not move");
    }
}
