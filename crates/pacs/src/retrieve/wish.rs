//! What a request for a picture wants to see (PS3.18 8.3.5.1).

use pixels::display::VoiFunction;

use super::Asked;
use super::picture::{Area, LONGEST, View};
use crate::problem::Problem;

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Jpeg { quality: u8 },
    Png,
}

impl Encoding {
    /// Its media type.
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg { .. } => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// What a request wants to see.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wish {
    pub(super) view: View,
    pub(super) encoding: Encoding,
    pub(super) multipart: bool,
}

impl Wish {
    /// Reads the parameters and what the client takes.
    ///
    /// # Errors
    /// 400 for parameters that make no sense, 406 for other forms than pictures.
    pub(super) fn of(asked: &Asked) -> Result<Self, Problem> {
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
        let (size, part) = asked.parameter("viewport").map_or(Ok((None, None)), |text| {
            viewport(text).map(|(size, part)| (Some(size), part))
        })?;
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

/// Reads `width,height` and perhaps `,left,top,width,height` of the part of the image that is shown (PS3.18 8.3.5.1.3).
///
/// # Errors
/// 400 for anything else.
fn viewport(text: &str) -> Result<((u32, u32), Option<Area>), Problem> {
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
        [left, top, Some(width), Some(height)] if width >= 1.0 && height >= 1.0 => {
            let (left, top) = (left.unwrap_or(0.0), top.unwrap_or(0.0));
            let near = [left, top, width, height].iter().all(|v| (0.0..=65_536.0).contains(v));
            let area = Area {
                left,
                top,
                width,
                height,
            };
            Some(near.then_some(area).ok_or_else(wrong)?)
        }
        _ => return Err(wrong()),
    };
    Ok((size, part))
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
        assert_eq!(viewport("100,50"), Ok(((100, 50), None)));
        assert_eq!(
            viewport("100,50,,,20,10"),
            Ok((
                (100, 50),
                Some(Area {
                    left: 0.0,
                    top: 0.0,
                    width: 20.0,
                    height: 10.0
                })
            ))
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
            assert!(viewport(wrong).is_err(), "{wrong}");
        }
    }
}
