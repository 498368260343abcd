//! A frame as red, green and blue: the object's own window or the one asked for, by the same display table as the viewer's.

use pixels::display::{DisplayTable, Modality, Parameters, Voi, VoiFunction};
use pixels::picture::{self, Interpolation, ViewportFromImage};
use pixels::{StoredFrame, statistics};
use study::{Instance, Object};

use crate::Decoder;
use crate::problem::Problem;

/// Longest side of a picture, in pixels.
pub(super) const LONGEST: u32 = 8192;

/// What of a frame is drawn, and how large.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct View {
    /// Window centre, width and function; without it the object's own, else one that fits the values.
    pub(super) window: Option<(f64, f64, VoiFunction)>,
    /// The box that the picture fits into, in pixels; without it 1:1.
    pub(super) size: Option<(u32, u32)>,
    /// The part of the image that is drawn; without it all of it.
    pub(super) part: Option<Area>,
}

/// A part of an image, in image pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Interleaved 8-bit red, green and blue.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) rgb: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Draws a frame (from 0).
///
/// # Errors
/// 404 when there is no such frame, 406 when it cannot be decoded or shown.
pub(super) fn draw(object: &Object, index: u32, view: &View, decoder: Decoder) -> Result<Picture, Problem> {
    let refused = |error: &dyn std::fmt::Display| Problem::not_acceptable(error.to_string());
    let encoded = object
        .encoded_frame(index)
        .map_err(|error| Problem::missing(error.to_string()))?;
    let instance = object.instance().map_err(|e| refused(&e))?;
    let decoded = decoder(&encoded).map_err(|e| refused(&e))?;
    let image = (decoded.frame.columns, decoded.frame.rows);
    let aspect = instance.frame_geometry(index).map_or(1.0, |g| g.spacing.aspect());
    let (map, size) = place(image, aspect, view);
    if size.0.max(size.1) > LONGEST {
        return Err(Problem::not_acceptable(
            "The picture would be longer than 8192 pixels; ask for a viewport.",
        ));
    }
    let rgb = match instance.rgb8(&decoded) {
        Some(rgb) => {
            let rgb = rgb.map_err(|e| refused(&e))?;
            picture::colour(&rgb, image, &map, size, Interpolation::Linear)
        }
        None => {
            let parameters = parameters(&instance, index, &decoded.frame, view);
            let table = DisplayTable::build(&parameters).map_err(|e| refused(&e))?;
            let grey = picture::grey(
                &decoded.frame,
                &parameters.modality,
                &table,
                &map,
                size,
                Interpolation::Linear,
            );
            grey.into_iter().flat_map(|level| [level; 3]).collect()
        }
    };
    Ok(Picture {
        rgb,
        width: size.0,
        height: size.1,
    })
}

/// The part of the image drawn as large as fits into the box, by the pixels' aspect; 1:1 without a box.
fn place(image: (u32, u32), aspect: f64, view: &View) -> (ViewportFromImage, (u32, u32)) {
    let all = Area {
        left: 0.0,
        top: 0.0,
        width: f64::from(image.0),
        height: f64::from(image.1),
    };
    let area = view.part.unwrap_or(all);
    let (across, down) = match view.size {
        None => (1.0, 1.0),
        Some(size) => {
            let zoom = (f64::from(size.0) / area.width).min(f64::from(size.1) / (area.height * aspect));
            (zoom, zoom * aspect)
        }
    };
    let pixels = |length: f64, most: u32| (length.round().max(1.0) as u32).min(most);
    let most = view.size.unwrap_or((u32::MAX, u32::MAX));
    let size = (pixels(area.width * across, most.0), pixels(area.height * down, most.1));
    // The middle of the first pixel lies half a pixel within the picture.
    let map = ViewportFromImage {
        a: across,
        b: 0.0,
        c: (0.5 - area.left) * across,
        d: 0.0,
        e: down,
        f: (0.5 - area.top) * down,
    };
    (map, size)
}

fn parameters(instance: &Instance, index: u32, frame: &StoredFrame, view: &View) -> Parameters {
    let geometry = instance.frame_geometry(index);
    let modality = geometry.map_or(Modality::Identity, |g| g.modality.clone());
    let asked = view.window.map(|(centre, width, function)| Voi::Window {
        centre,
        width,
        function,
    });
    let own = || {
        geometry.and_then(|g| {
            g.voi
                .iter()
                .map(|choice| &choice.voi)
                .find(|voi| voi.check().is_ok())
                .cloned()
        })
    };
    let voi = asked.or_else(own).unwrap_or_else(|| {
        let ends = statistics::percentiles(frame, &modality, instance.padding, 0.5, 99.5);
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        Voi::Window {
            centre: f64::midpoint(low, high),
            width: if high > low { high - low } else { 1.0 },
            function: VoiFunction::LinearExact,
        }
    });
    Parameters {
        modality,
        voi,
        inverse: instance.inverse,
        padding: instance.padding,
        stored_range: instance.stored_range(),
        presentation_lut: None,
        target_bits: 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(view: &View) -> ((f64, f64), (u32, u32)) {
        let (map, size) = place((512, 256), 1.0, view);
        ((map.a * 0.0 + map.c, map.f), size)
    }

    #[test]
    fn the_picture_fits_into_its_box_and_keeps_its_shape() {
        let view = |size, part| View {
            size,
            part,
            window: None,
        };
        assert_eq!(placed(&view(None, None)), ((0.5, 0.5), (512, 256)));
        assert_eq!(placed(&view(Some((128, 128)), None)), ((0.125, 0.125), (128, 64)));
        assert_eq!(placed(&view(Some((1024, 1024)), None)).1, (1024, 512));
        let right_half = Area {
            left: 256.0,
            top: 0.0,
            width: 256.0,
            height: 256.0,
        };
        // The right half, at twice its size: its first pixel's middle lies one pixel within.
        let (origin, size) = placed(&view(Some((512, 512)), Some(right_half)));
        assert_eq!((origin, size), ((-511.0, 1.0), (512, 512)));
        // Rows twice as far apart as columns.
        let (_, size) = place((100, 100), 2.0, &view(Some((100, 100)), None));
        assert_eq!(size, (50, 100));
    }
}
