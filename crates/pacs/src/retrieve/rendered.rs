//! Pictures for people: rendered frames and thumbnails, as JPEG or PNG (PS3.18 8.3.5, 10.4.1.1.3, 10.4.1.1.4).

use std::io::Cursor;
use std::sync::Arc;

use axum::response::Response;
use futures_util::{StreamExt, stream};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use study::Object;

use super::parts::{self, AHEAD, Part};
use super::picture;
use super::wish::{Encoding, Wish};
use super::{Asked, frames, location};
use crate::Decoder;
use crate::problem::Problem;
use crate::service::Service;
use crate::store::Instance;

/// Frames that one answer holds.
const MOST_FRAMES: usize = 1000;
/// A thumbnail's box when the request names none.
const THUMBNAIL: (u32, u32) = (128, 128);

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
    frames::check(&numbers, object.frames())?;
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
    let bytes = service
        .archive
        .heavy(move |archive| encoded(&object, index, &wish, archive.decoder))
        .await?;
    Ok(Part {
        content_type,
        location: Some(format!("{address}/frames/{}/rendered", index + 1)),
        bytes: bytes.into(),
    })
}

fn encoded(object: &Object, index: u32, wish: &Wish, decoder: Decoder) -> Result<Vec<u8>, Problem> {
    let drawn = picture::draw(object, index, &wish.view, decoder)?;
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
