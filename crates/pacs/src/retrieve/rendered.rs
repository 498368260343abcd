//! Pictures for people: rendered frames and thumbnails, as JPEG or PNG (PS3.18 8.3.5, 10.4.1.1.3, 10.4.1.1.4).

use std::io::Cursor;
use std::sync::Arc;

use axum::response::Response;
use futures_util::{StreamExt, stream};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use pixels::display::VoiFunction;
use study::Object;

use super::parts::{self, AHEAD, Part};
use super::picture::{self, View};
use super::{Asked, frames, location};
use crate::problem::Problem;
use crate::service::Service;
use crate::store::Instance;

/// Longest side of a picture, in pixels.
const LONGEST: u32 = 8192;
/// Frames that one answer holds.
const MOST_FRAMES: usize = 1000;
/// A thumbnail's box when the request names none.
const THUMBNAIL: (u32, u32) = (128, 128);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Jpeg { quality: u8 },
    Png,
}

impl Encoding {
    fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg { .. } => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// What a request wants to see.
#[derive(Clone, Debug, PartialEq)]
struct Wish {
    view: View,
    encoding: Encoding,
    multipart: bool,
}

impl Wish {
    fn of(asked: &Asked) -> Result<Self, Problem> {
        let quality = match asked.parameter("quality") {
            None => 90,
            Some(text) => {
                let quality = text.parse().ok().filter(|q| (1..=100).contains(q));
                quality.ok_or_else(|| Problem::malformed("The parameter quality is a whole number from 1 to 100."))?
            }
        };
        let jpeg = Encoding::Jpeg { quality };
        let found = asked.forms.iter().find_map(|form| {
            let encoding = [jpeg, Encoding::Png].into_iter().find(|e| form.takes(e.media_type()))?;
            Some((encoding, form.multipart))
        });
        let (encoding, multipart) =
            found.ok_or_else(|| Problem::not_acceptable("This server draws image/jpeg and image/png."))?;
        let (size, part) = viewport(asked.parameter("viewport"))?;
        Ok(Self {
            view: View {
                window: window(asked.parameter("window"))?,
                size,
                part,
            },
            encoding,
            multipart,
        })
    }
}

/// Draws frames of an instance; of a study or a series the image in its middle.
pub(super) async fn rendered(asked: Asked) -> Result<Response, Problem> {
    let wish = Wish::of(&asked)?;
    if asked.names.instance()?.is_none() {
        return representative(asked, wish).await;
    }
    let instance = asked.instance()?;
    let object = open(&asked.service, &instance).await?;
    let numbers = match &asked.names.frames {
        Some(list) => frames::numbers(list)?,
        None => vec![1],
    };
    if numbers.len() > MOST_FRAMES {
        return Err(Problem::malformed(
            "The list of frames is longer than 1000; ask for fewer at once.",
        ));
    }
    if let Some(beyond) = numbers.iter().find(|number| **number > object.frames()) {
        let held = object.frames();
        return Err(Problem::missing(match held {
            0 => "The object has no pixel data; it is not an image.".to_owned(),
            _ => format!("Frame {beyond} does not exist; the object has {held} frames."),
        }));
    }
    if numbers.len() > 1 && !wish.multipart && !asked.forms.iter().any(|form| form.either) {
        return Err(Problem::not_acceptable(
            "Several frames are to be had as multipart/related only.",
        ));
    }
    let address = location(&asked.base, &instance);
    let service = asked.service;
    let first = drawn(
        service.clone(),
        object.clone(),
        numbers[0] - 1,
        wish.clone(),
        address.clone(),
    )
    .await?;
    if numbers.len() == 1 && !wish.multipart {
        return Ok(parts::single(first));
    }
    let media_type = wish.encoding.media_type();
    let rest = stream::iter(numbers[1..].to_vec())
        .map(move |number| {
            drawn(
                service.clone(),
                object.clone(),
                number - 1,
                wish.clone(),
                address.clone(),
            )
        })
        .buffered(AHEAD);
    let all = stream::once(std::future::ready(Ok(first))).chain(rest);
    Ok(parts::envelope(media_type, all))
}

/// Draws a small picture: of a frame, of an instance's middle frame, of the image in the middle of a series or study.
pub(super) async fn thumbnail(asked: Asked) -> Result<Response, Problem> {
    let mut wish = Wish::of(&asked)?;
    wish.view.size.get_or_insert(THUMBNAIL);
    let Some(list) = &asked.names.frames else {
        return representative(asked, wish).await;
    };
    let [number] = frames::numbers(list)?[..] else {
        return Err(Problem::malformed("A thumbnail shows one frame."));
    };
    let instance = asked.instance()?;
    let object = open(&asked.service, &instance).await?;
    let address = location(&asked.base, &instance);
    drawn(asked.service, object, number - 1, wish, address)
        .await
        .map(parts::single)
}

/// The image in the middle of the first series that has images.
async fn representative(asked: Asked, wish: Wish) -> Result<Response, Problem> {
    let all = asked.instances()?;
    let mut rest = &all[..];
    while let Some(first) = rest.first() {
        let length = rest
            .iter()
            .take_while(|instance| instance.series == first.series)
            .count();
        let (series, behind) = rest.split_at(length);
        rest = behind;
        let instance = &series[length / 2];
        let object = open(&asked.service, instance).await?;
        let frames = object.frames();
        if frames > 0 {
            let address = location(&asked.base, instance);
            let part = drawn(asked.service.clone(), object, frames / 2, wish.clone(), address).await?;
            return Ok(match wish.multipart {
                true => parts::envelope(wish.encoding.media_type(), stream::once(std::future::ready(Ok(part)))),
                false => parts::single(part),
            });
        }
    }
    Err(Problem::missing("There is no image here that could be drawn."))
}

async fn open(service: &Service, instance: &Arc<Instance>) -> Result<Object, Problem> {
    let instance = Arc::clone(instance);
    service.archive.heavy(move |archive| archive.object(&instance)).await
}

async fn drawn(service: Service, object: Object, index: u32, wish: Wish, address: String) -> Result<Part, Problem> {
    let content_type = wish.encoding.media_type().to_owned();
    let bytes = service.archive.heavy(move |_| encoded(&object, index, &wish)).await?;
    Ok(Part {
        content_type,
        location: Some(format!("{address}/frames/{}/rendered", index + 1)),
        bytes: bytes.into(),
    })
}

fn encoded(object: &Object, index: u32, wish: &Wish) -> Result<Vec<u8>, Problem> {
    let drawn = picture::draw(object, index, &wish.view)?;
    if drawn.width > LONGEST || drawn.height > LONGEST {
        return Err(Problem::not_acceptable(
            "The picture would be longer than 8192 pixels; ask for a viewport.",
        ));
    }
    let mut bytes = Cursor::new(Vec::new());
    let (rgb, width, height) = (&drawn.rgb, drawn.width, drawn.height);
    match wish.encoding {
        Encoding::Png => PngEncoder::new(&mut bytes).write_image(rgb, width, height, ExtendedColorType::Rgb8),
        Encoding::Jpeg { quality } => {
            JpegEncoder::new_with_quality(&mut bytes, quality).write_image(rgb, width, height, ExtendedColorType::Rgb8)
        }
    }
    .map_err(|_| Problem::broken("The picture cannot be written."))?;
    Ok(bytes.into_inner())
}

/// Numbers separated by commas, each finite; `None` for an empty piece.
fn pieces(text: &str) -> Option<Vec<Option<f64>>> {
    text.split(',')
        .map(|piece| match piece.trim() {
            "" => Some(None),
            number => number.parse().ok().filter(|n: &f64| n.is_finite()).map(Some),
        })
        .collect()
}

/// Reads `centre,width,function` (PS3.18 8.3.5.1.4).
///
/// # Errors
/// 400 for anything else.
fn window(text: Option<&str>) -> Result<Option<(f64, f64, VoiFunction)>, Problem> {
    let Some(text) = text else {
        return Ok(None);
    };
    let wrong = || Problem::malformed("The parameter window is centre,width,function, such as 40,400,linear.");
    let mut words = text.splitn(3, ',');
    let mut number = || {
        let number = words.next().and_then(|word| word.trim().parse::<f64>().ok());
        number.filter(|number| number.is_finite()).ok_or_else(wrong)
    };
    let (centre, width) = (number()?, number()?);
    let function = match words.next().map(|word| word.trim().to_ascii_lowercase()).as_deref() {
        None | Some("linear") => VoiFunction::Linear,
        Some("linear-exact") => VoiFunction::LinearExact,
        Some("sigmoid") => VoiFunction::Sigmoid,
        Some(_) => return Err(wrong()),
    };
    let narrowest = if function == VoiFunction::Linear {
        1.0
    } else {
        f64::MIN_POSITIVE
    };
    (width >= narrowest)
        .then_some(Some((centre, width, function)))
        .ok_or_else(wrong)
}

type Part4 = (f64, f64, f64, f64);

/// Reads `width,height` and perhaps `,left,top,width,height` of the part of the image that is shown (PS3.18 8.3.5.1.3).
///
/// # Errors
/// 400 for anything else.
fn viewport(text: Option<&str>) -> Result<(Option<(u32, u32)>, Option<Part4>), Problem> {
    let Some(text) = text else {
        return Ok((None, None));
    };
    let wrong = || {
        Problem::malformed(
            "The parameter viewport is width,height in pixels up to 8192, perhaps with a part of the image.",
        )
    };
    let pieces = pieces(text).ok_or_else(wrong)?;
    let side = |piece: Option<f64>| {
        piece
            .filter(|s| (1.0..=f64::from(LONGEST)).contains(s))
            .map(|s| s as u32)
    };
    let size = match pieces[..] {
        [width, height, ..] => (side(width).ok_or_else(wrong)?, side(height).ok_or_else(wrong)?),
        _ => return Err(wrong()),
    };
    let part = match pieces[2..] {
        [] => None,
        [left, top, Some(wide), Some(high)] if wide >= 1.0 && high >= 1.0 => {
            let (left, top) = (left.unwrap_or(0.0), top.unwrap_or(0.0));
            let near = |v: f64| (0.0..=65_536.0).contains(&v);
            let all_near = near(left) && near(top) && near(wide) && near(high);
            Some(Some((left, top, wide, high)).filter(|_| all_near).ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    };
    Ok((Some(size), part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_or_refused() {
        assert_eq!(
            window(Some("40,400,linear")),
            Ok(Some((40.0, 400.0, VoiFunction::Linear)))
        );
        assert_eq!(
            window(Some("-600,0.5,sigmoid")),
            Ok(Some((-600.0, 0.5, VoiFunction::Sigmoid)))
        );
        assert_eq!(window(None), Ok(None));
        for wrong in [
            "40",
            "40,0,linear",
            "40,400,bright",
            "a,b,linear",
            "NaN,1,linear",
            "1,inf,linear",
            "",
        ] {
            assert!(window(Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn viewports_are_read_or_refused() {
        assert_eq!(viewport(Some("100,50")), Ok((Some((100, 50)), None)));
        assert_eq!(
            viewport(Some("100,50,,,20,10")),
            Ok((Some((100, 50)), Some((0.0, 0.0, 20.0, 10.0))))
        );
        for wrong in [
            "100",
            "0,5",
            "9000,1",
            "100,50,1",
            "1,1,0,0,-5,5",
            "1e99,1",
            "1,1,0,0,1e300,1",
            ",",
        ] {
            assert!(viewport(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
