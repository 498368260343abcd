//! `farsight render`: exactly what a viewport would show of a frame, off screen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use pixels::StoredFrame;
use pixels::cover::Cover;
use pixels::display::{DisplayTable, Parameters, Voi, VoiFunction};
use pixels::picture;
use pixels::pseudo_colour::ColourMap;
use reading::tile::BadgeKind;
use reading::{Verification, diagnosis, intended_use};
use render::{Adapter, FrameKey, Picture};
use serde_json::json;
use space::ViewportFromImage;
use study::presentation::{OnFrame, PresentationState};
use study::{DecodedFrame, Instance, Object, Quality};

use super::{VerbError, decode_worker, picture_file};
use crate::paths_file;

/// What to draw, and how.
#[derive(Args)]
pub(super) struct What {
    /// The file
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Which frame, from 1
    #[arg(long, default_value_t = 1)]
    frame: u32,
    /// Window centre and width in modality values, for example 40,400
    #[arg(long, value_name = "C,W", allow_hyphen_values = true)]
    window: Option<String>,
    /// One of the file's own windows or tables, by its explanation
    #[arg(long, value_name = "NAME", conflicts_with = "window")]
    voi: Option<String>,
    /// Size of the picture; the image is fitted into it. Without it: 1:1
    #[arg(long, value_name = "WxH")]
    size: Option<String>,
    /// How values between pixels are found above 1:1; as a viewport does it: linear, and nearest at 1:1
    #[arg(long, value_enum)]
    interpolation: Option<Interpolation>,
    /// The colours that a grey image is shown in; without it: grey
    #[arg(long, value_enum)]
    colours: Option<Colours>,
    /// Show it as this presentation state says: its values, turn, displayed area, shutter and overlays; its annotations are not drawn
    #[arg(long, value_name = "FILE", conflicts_with = "voi")]
    presentation: Option<PathBuf>,
    /// Without the overlays and the shutter that lie over the image
    #[arg(long)]
    bare: bool,
    /// Draw with the CPU reference, which shares only the display table with the graphics adapter
    #[arg(long)]
    cpu: bool,
    /// Where to write the PNG
    #[arg(long, value_name = "PNG")]
    output: PathBuf,
    /// Say what was drawn as JSON (docs/json.md)
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Interpolation {
    Nearest,
    Linear,
    Cubic,
}

impl From<Interpolation> for picture::Interpolation {
    fn from(value: Interpolation) -> Self {
        match value {
            Interpolation::Nearest => Self::Nearest,
            Interpolation::Linear => Self::Linear,
            Interpolation::Cubic => Self::Cubic,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Colours {
    HotIron,
    Pet,
    HotMetalBlue,
    #[value(name = "pet-20-step")]
    Pet20Step,
}

impl From<Colours> for ColourMap {
    fn from(value: Colours) -> Self {
        match value {
            Colours::HotIron => Self::HotIron,
            Colours::Pet => Self::Pet,
            Colours::HotMetalBlue => Self::HotMetalBlue,
            Colours::Pet20Step => Self::Pet20Step,
        }
    }
}

/// What is laid over the drawn image.
struct Laid {
    colours: Option<ColourMap>,
    cover: Option<Arc<Cover>>,
}

enum Content {
    Grey(StoredFrame, Arc<DisplayTable>, Parameters),
    Colour(Vec<u8>),
}

/// A presentation state and what it says of the frame.
struct Stated {
    state: Arc<PresentationState>,
    on: OnFrame,
}

impl Stated {
    fn read(path: &Path, image: &Instance, index: u32) -> Result<Self, VerbError> {
        let bytes = paths_file::read(path).map_err(VerbError::failed)?;
        let object = Object::parse(bytes).map_err(VerbError::failed)?;
        let instance = object.instance().map_err(VerbError::failed)?;
        let failed = |words: &str| VerbError::Failed(words.to_owned());
        let state = instance.presentation.ok_or_else(|| {
            failed("The file given with --presentation is no grayscale or colour presentation state.")
        })?;
        if instance.study != image.study {
            return Err(failed(
                "The presentation state belongs to another study than the image.",
            ));
        }
        let on = state
            .on(image, index)
            .ok_or_else(|| failed("The presentation state is not for this frame of this image."))?;
        if !on.annotations.is_empty() {
            eprintln!("The annotations of the presentation state are not drawn here; the window draws them.");
        }
        for lack in &state.not_shown {
            eprintln!("{}", lack.0);
        }
        Ok(Self { state, on })
    }
}

/// Draws the frame and writes the PNG.
pub(super) fn run(what: What) -> Result<(), VerbError> {
    let window = what.window.as_deref().map(window).transpose()?;
    let size = what.size.as_deref().map(size).transpose()?;
    let Some(index) = what.frame.checked_sub(1) else {
        return Err(VerbError::WrongCall("Frames count from 1.".to_owned()));
    };
    let bytes = paths_file::read(&what.path).map_err(VerbError::failed)?;
    let object = Object::parse(bytes).map_err(VerbError::failed)?;
    let instance = object.instance().map_err(VerbError::failed)?;
    let encoded = object.encoded_frame(index).map_err(VerbError::failed)?;
    let decoded = decode_worker::worker()?.decode(&encoded).map_err(VerbError::failed)?;
    let image = (decoded.frame.columns, decoded.frame.rows);
    let state = what.presentation.as_deref();
    let state = state.map(|path| Stated::read(path, &instance, index)).transpose()?;
    let over = match &state {
        Some(state) => reading::layers_of_state(&state.on),
        None => reading::layers(&instance, index),
    };
    let over = over.filter(|_| !what.bare);
    let laid = Laid {
        colours: what
            .colours
            .map(ColourMap::from)
            .filter(|_| decoded.colour_space().is_none()),
        cover: over.map(|layers| Arc::new(layers.cover(image))),
    };
    let frame = DecodedFrame {
        instance: Arc::new(instance),
        index,
        decoded,
        quality: Quality::Full,
    };
    let mut about = About::of(&frame);
    if state.is_some() {
        about
            .remarks
            .push("By a presentation state. The image itself looks otherwise.".to_owned());
    }
    let DecodedFrame { instance, decoded, .. } = frame;
    let content = content(&instance, index, decoded, (window, what.voi.as_deref()), state.as_ref())?;
    let aspect = instance.frame_geometry(index).map_or(1.0, |g| g.spacing.aspect());
    let (map, size) = match &state {
        Some(state) => reading::states::placed(&state.state, &state.on, (image, aspect), size),
        None => place(image, aspect, size),
    };
    // At 1:1 every interpolation gives the pixel itself; nearest says so without arithmetic.
    let at_one = what.size.is_none();
    let interpolation = what.interpolation.unwrap_or(if at_one {
        Interpolation::Nearest
    } else {
        Interpolation::Linear
    });
    let (rgb, adapter) = if what.cpu {
        (
            on_cpu(&content, image, &laid, &map, size, interpolation.into()),
            json!({"adapter": "none: CPU reference"}),
        )
    } else {
        on_gpu(content, image, laid, map, size, interpolation.into())?
    };
    picture_file::write(&what.output, &rgb, size, &about.texts()).map_err(|e| {
        VerbError::Failed(format!(
            "The picture could not be written to {} ({e}).",
            what.output.display()
        ))
    })?;
    if !about.reasons.is_empty() {
        eprintln!("{}", about.warning());
    }
    if what.json {
        let mut record = json!({
            "output": what.output.to_string_lossy(), "width": size.0, "height": size.1, "frame": what.frame,
            "not_for_diagnosis": about.reasons,
        });
        if let (Some(record), Some(adapter)) = (record.as_object_mut(), adapter.as_object()) {
            record.extend(adapter.clone());
        }
        println!("{record}");
    }
    Ok(())
}

/// What goes with the picture, for it leaves the screen on which a tile would say it.
struct About {
    /// Why nobody may diagnose from it.
    reasons: Vec<String>,
    /// What a tile's badges say, each with its explanation.
    remarks: Vec<String>,
}

impl About {
    fn of(frame: &DecodedFrame) -> Self {
        // The verb draws by the CPU, or by an adapter that nobody looks through.
        let verification = Verification::Unchecked;
        let badges = reading::tile::badges(frame, &verification);
        Self {
            reasons: diagnosis::reasons_against(&frame.instance, frame.index, frame.quality, &verification),
            remarks: badges
                .into_iter()
                .filter(|badge| badge.kind != BadgeKind::Quality)
                .map(|badge| format!("{}. {}", badge.word, badge.why.replace('\n', " ")))
                .collect(),
        }
    }

    fn warning(&self) -> String {
        format!("{}. {}", diagnosis::NOT_FOR_DIAGNOSIS, self.reasons.join(" "))
    }

    /// The PNG's own keywords for such texts (PNG 11.3.4.2). None says anything of the patient.
    fn texts(&self) -> Vec<(&'static str, String)> {
        let mut texts = vec![
            ("Software", format!("Farsight {}", intended_use::VERSION)),
            ("Disclaimer", intended_use::statement()),
        ];
        if !self.reasons.is_empty() {
            texts.push(("Warning", self.warning()));
        }
        if !self.remarks.is_empty() {
            texts.push(("Comment", self.remarks.join("\n")));
        }
        texts
    }
}

fn window(text: &str) -> Result<Voi, VerbError> {
    let wrong = || {
        VerbError::WrongCall(format!(
            "--window takes centre and width such as 40,400; '{text}' is not that."
        ))
    };
    let (centre, width) = text.split_once(',').ok_or_else(wrong)?;
    let number = |t: &str| t.trim().parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(wrong);
    Ok(Voi::Window {
        centre: number(centre)?,
        width: number(width)?,
        function: VoiFunction::Linear,
    })
}

fn size(text: &str) -> Result<(u32, u32), VerbError> {
    let wrong = || {
        VerbError::WrongCall(format!(
            "--size takes width and height such as 800x600; '{text}' is not that."
        ))
    };
    let (width, height) = text.split_once('x').ok_or_else(wrong)?;
    let side = |t: &str| {
        t.trim()
            .parse::<u32>()
            .ok()
            .filter(|v| (1..=16_384).contains(v))
            .ok_or_else(wrong)
    };
    Ok((side(width)?, side(height)?))
}

/// 1:1 at the image's own size, or fitted into a size by the pixels' aspect.
fn place(image: (u32, u32), aspect: f64, size: Option<(u32, u32)>) -> (ViewportFromImage, (u32, u32)) {
    match size {
        None => (
            ViewportFromImage {
                a: 1.0,
                b: 0.0,
                c: 0.5,
                d: 0.0,
                e: 1.0,
                f: 0.5,
            },
            image,
        ),
        Some(size) => (ViewportFromImage::fit(image, size, aspect), size),
    }
}

fn content(
    instance: &Instance,
    index: u32,
    decoded: study::Decoded,
    (window, name): (Option<Voi>, Option<&str>),
    state: Option<&Stated>,
) -> Result<Content, VerbError> {
    if let Some(rgb) = instance.rgb8(&decoded) {
        return Ok(Content::Colour(rgb.map_err(VerbError::failed)?));
    }
    let chosen = match (window, name) {
        (Some(voi), _) => Some(voi),
        (None, Some(name)) => Some(named(instance, index, name)?),
        (None, None) => None,
    };
    let parameters = match state.filter(|state| !state.state.colour) {
        Some(Stated { state, on }) => reading::states::parameters(state, on, instance, index, &decoded.frame, chosen),
        None => reading::viewport::parameters(instance, index, &decoded.frame, chosen),
    };
    let table = DisplayTable::build(&parameters).map_err(VerbError::failed)?;
    if let Some(palette) = &instance.wishes.supplemental {
        let rgb = pixels::supplemental::rgb8(&decoded.frame, &parameters.modality, &table, palette);
        return Ok(Content::Colour(rgb));
    }
    Ok(Content::Grey(decoded.frame, Arc::new(table), parameters))
}

fn named(instance: &Instance, index: u32, name: &str) -> Result<Voi, VerbError> {
    let choices = instance
        .frame_geometry(index)
        .map(|g| g.voi.as_slice())
        .unwrap_or_default();
    choices
        .iter()
        .find(|c| c.name.eq_ignore_ascii_case(name))
        .map(|c| c.voi.clone())
        .ok_or_else(|| {
            let names: Vec<_> = choices
                .iter()
                .map(|c| c.name.as_str())
                .filter(|n| !n.is_empty())
                .collect();
            let held = match names.as_slice() {
                [] => "none of its windows has a name".to_owned(),
                _ => format!("it has: {}", names.join(", ")),
            };
            VerbError::WrongCall(format!("The file has no window or table named '{name}'; {held}."))
        })
}

fn on_cpu(
    content: &Content,
    image: (u32, u32),
    laid: &Laid,
    map: &ViewportFromImage,
    size: (u32, u32),
    interpolation: picture::Interpolation,
) -> Vec<u8> {
    let mut rgb = match content {
        Content::Grey(frame, table, parameters) => {
            let grey = picture::grey(frame, &parameters.modality, table, map, size, interpolation);
            picture::coloured(&grey, laid.colours)
        }
        Content::Colour(rgb) => picture::colour(rgb, image, map, size, interpolation),
    };
    if let Some(cover) = &laid.cover {
        picture::lay_over(&mut rgb, cover, map, size);
    }
    rgb
}

fn on_gpu(
    content: Content,
    image: (u32, u32),
    laid: Laid,
    map: ViewportFromImage,
    size: (u32, u32),
    interpolation: picture::Interpolation,
) -> Result<(Vec<u8>, serde_json::Value), VerbError> {
    let adapter = Adapter::open().map_err(VerbError::failed)?;
    let mut renderer = adapter.renderer(1 << 30).map_err(VerbError::failed)?;
    let (device, queue, frame) = (&adapter.device, &adapter.queue, FrameKey(1));
    let table = match content {
        Content::Grey(stored, table, parameters) => renderer
            .upload_grey(device, queue, frame, &stored, &parameters.modality, parameters.padding)
            .map(|()| Some(table)),
        Content::Colour(rgb) => renderer.upload_colour(device, queue, frame, &rgb, image).map(|()| None),
    }
    .map_err(VerbError::failed)?;
    let picture = Picture {
        frame,
        map,
        origin: (0, 0),
        size,
        interpolation,
        table,
        colours: laid.colours,
        cover: laid.cover,
    };
    let drawn = adapter.draw(&mut renderer, &picture).map_err(VerbError::failed)?;
    let rgb = drawn
        .rgba
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|p| [p[0], p[1], p[2]])
        .collect();
    let name = &adapter.name;
    Ok((
        rgb,
        json!({"adapter": name.name, "backend": name.backend, "device_type": name.device_type}),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_and_sizes_are_read_or_refused_in_words() {
        assert!(matches!(
            window("-600,1500"),
            Ok(Voi::Window {
                centre: -600.0,
                width: 1500.0,
                ..
            })
        ));
        assert!(window("40").is_err() && window("a,b").is_err());
        assert_eq!(size("800x600").ok(), Some((800, 600)));
        assert!(size("0x9").is_err() && size("99999x9").is_err());
    }
}
