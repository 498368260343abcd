//! The words in the corners of a tile: every one of them from the frame on the glass.

use pixels::display::Voi;
use pixels::pseudo_colour::ColourMap;
use space::PatientVector;
use study::{DecodedFrame, FrameGeometry, Instance, words};

use super::{Corners, Line, Role, Shading, letters};
use crate::figures::{self, fixed, with_unit};
use crate::settings::Overlay;

/// What the words are made from.
pub(crate) struct Words<'a> {
    /// The frame on the glass.
    pub(crate) frame: &'a DecodedFrame,
    /// Its place in its stack from 0, and how many there are.
    pub(crate) place: Option<(usize, usize)>,
    /// It hangs beside another study's image by its place in the stack's length only.
    pub(crate) by_proportion: bool,
    /// How it is shaded.
    pub(crate) shading: &'a Shading,
    /// The window's name.
    pub(crate) window_name: &'a str,
    /// Grey is inverted by the reader.
    pub(crate) inverted: bool,
    /// The colours that grey is shown in.
    pub(crate) colours: Option<ColourMap>,
    /// What was taken off the image: "overlay off", "shutter lifted".
    pub(crate) over: Vec<&'static str>,
    /// Physical pixels per column.
    pub(crate) px_per_column: f64,
    /// The value under the pointer.
    pub(crate) value: Option<String>,
    /// "prior, 6 months"; empty for the current study.
    pub(crate) prior: String,
    /// What the reader must notice.
    pub(crate) attention: Vec<String>,
}

impl Words<'_> {
    /// The corners, with as many words as the overlay allows.
    pub(crate) fn corners(self, overlay: Overlay) -> Corners {
        let mut corners = Corners {
            top_left: self.who_and_what(),
            top_right: self.which(),
            bottom_left: Vec::new(),
            bottom_right: Vec::new(),
        };
        corners.bottom_left.extend(self.window());
        // What is not seen is said as long as it is not.
        corners
            .bottom_right
            .extend(self.over.iter().map(|words| line(Role::Attention, *words)));
        corners
            .bottom_left
            .extend(self.value.map(|value| line(Role::Value, value)));
        let attention = self.attention.into_iter().map(|text| line(Role::Attention, text));
        corners.bottom_right.extend(attention);
        for corner in [
            &mut corners.top_left,
            &mut corners.top_right,
            &mut corners.bottom_left,
            &mut corners.bottom_right,
        ] {
            corner.retain(|line| !line.text.is_empty() && line.role.is_shown(overlay));
        }
        corners
    }

    fn who_and_what(&self) -> Vec<Line> {
        let text = &self.frame.instance.text;
        let taken = [words::date(&text.study_date), words::time(&text.study_time)];
        vec![
            line(Role::Identity, identity(&self.frame.instance)),
            line(Role::Description, series(&self.frame.instance)),
            line(Role::Description, joined(&taken, " ")),
            line(Role::Description, self.prior.as_str()),
        ]
    }

    fn which(&self) -> Vec<Line> {
        let frame = self.frame;
        let geometry = frame.instance.frame_geometry(frame.index);
        let number = self.place.map(|(index, of)| format!("{} / {of}", index + 1));
        let position = geometry.and_then(position).unwrap_or_default();
        let thickness = geometry
            .and_then(|g| g.thickness)
            .filter(|mm| mm.is_finite() && *mm > 0.0)
            .map(|mm| format!("slice {}", with_unit(&figures::value(mm), "mm")));
        vec![
            line(Role::Number, number.unwrap_or_default()),
            line(Role::Position, position),
            line(
                Role::Number,
                if self.by_proportion { "place by proportion" } else { "" },
            ),
            line(Role::Position, thickness.unwrap_or_default()),
            line(Role::Position, time(frame).unwrap_or_default()),
        ]
    }

    fn window(&self) -> Vec<Line> {
        let zoom = format!("×{}", fixed(self.px_per_column, 2));
        let Shading::Grey { parameters, .. } = self.shading else {
            let colours = self.frame.instance.colours.words().to_owned();
            return vec![line(Role::Window, joined(&[colours, zoom], " · "))];
        };
        let window = match &parameters.voi {
            Voi::Window { centre, width, .. } => {
                // Where a standardised uptake value is known, readers think in it.
                let suv = self.frame.instance.suv;
                let factor = suv.map_or(1.0, |suv| suv.factor);
                let number = |n: f64| {
                    if *width * factor >= 10.0 {
                        fixed(n * factor, 0)
                    } else {
                        figures::value(n * factor)
                    }
                };
                let unit = suv.map(|suv| format!(" {}", suv.name)).unwrap_or_default();
                format!("WL {} / {}{unit}", number(*centre), number(*width))
            }
            Voi::Table(_) => "WL table".to_owned(),
        };
        let inverted = if self.inverted { "inverted" } else { "" };
        let colours = self.colours.map_or("", ColourMap::name);
        vec![line(
            Role::Window,
            joined(
                &[
                    window,
                    self.window_name.to_owned(),
                    inverted.to_owned(),
                    colours.to_owned(),
                    zoom,
                ],
                " · ",
            ),
        )]
    }
}

impl Role {
    /// Whether lines of this role stand at an overlay level.
    fn is_shown(self, overlay: Overlay) -> bool {
        match self {
            Role::Identity | Role::Attention => true,
            Role::Number | Role::Window => overlay != Overlay::None,
            Role::Description | Role::Position | Role::Value => overlay == Overlay::Full,
        }
    }
}

fn line(role: Role, text: impl Into<String>) -> Line {
    Line {
        role,
        text: text.into(),
    }
}

fn joined(parts: &[String], between: &str) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    parts.join(between)
}

/// "DOE, J · 0451223".
fn identity(instance: &Instance) -> String {
    let patient = &instance.patient;
    let or = |text: String, absent: &str| if text.is_empty() { absent.to_owned() } else { text };
    let name = or(words::short_person(patient.name.to_reader()), "no name");
    let id = or(patient.id.to_reader().trim().to_owned(), "no ID");
    format!("{name} · {id}")
}

/// "Chest PA · R · PA": description, laterality and view as far as they are known.
fn series(instance: &Instance) -> String {
    let text = &instance.text;
    let mut description = text.series_description.to_reader().trim().to_owned();
    if description.is_empty() {
        description = match text.series_number {
            Some(number) => format!("Series {number}"),
            None => text.modality.clone(),
        };
    }
    // U, unpaired (PS3.3 C.8.11.3), says nothing to a reader.
    let laterality = Some(&text.laterality).filter(|side| side.as_str() != "U");
    let laterality = laterality.cloned().unwrap_or_default();
    let parts = [description, laterality, text.view_position.clone()];
    joined(&parts, " · ")
}

/// Where the slice lies: along the axis that it faces, "H 123.5 mm"; an oblique one along its own normal.
fn position(geometry: &FrameGeometry) -> Option<String> {
    /// From here on a plane is named after the axis that it faces.
    const FACES: f64 = 0.8;
    let plane = geometry.plane.as_ref()?;
    let normal = plane.normal().unit()?;
    let axes = [
        PatientVector::new(1.0, 0.0, 0.0),
        PatientVector::new(0.0, 1.0, 0.0),
        PatientVector::new(0.0, 0.0, 1.0),
    ];
    let mm = |n: f64| with_unit(&fixed(n, 1), "mm");
    match axes.into_iter().find(|axis| normal.dot(*axis).abs() > FACES) {
        Some(axis) => {
            let at = plane.position_along(axis);
            let towards = letters::vector_letters(if at < 0.0 { axis.scaled(-1.0) } else { axis });
            Some(format!("{towards} {}", mm(at.abs())))
        }
        None => Some(format!("oblique {}", mm(plane.position_along(normal)))),
    }
}

/// When the frame was taken within its object, or its trigger, echo and b-value.
fn time(frame: &DecodedFrame) -> Option<String> {
    if let Some(cine) = &frame.instance.cine {
        let ms = match cine.starts_ms.get(frame.index as usize) {
            Some(start) => *start,
            None => cine.frame_ms * f64::from(frame.index),
        };
        return Some(with_unit(&fixed(ms / 1000.0, 2), "s"));
    }
    let order = &frame.instance.frame_geometry(frame.index)?.order;
    let trigger = order
        .trigger_ms
        .map(|ms| format!("trigger {}", with_unit(&fixed(ms, 0), "ms")));
    let b_value = order.b_value.map(|b| format!("b {}", fixed(b, 0)));
    let parts = [trigger.unwrap_or_default(), b_value.unwrap_or_default()];
    Some(joined(&parts, " · "))
}
