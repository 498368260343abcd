//! JPEG XL (ISO/IEC 18181; PS3.5 A.4.12), by jxl-oxide.
//!
//! Called directly: through the usual library a lossless picture of 12 bits comes back stretched to 16.

use jxl_oxide::frame::Encoding;
use jxl_oxide::image::BitDepth;
use jxl_oxide::{AllocTracker, JxlImage};

use super::plan::{Plan, Stream};
use super::{DecodeError, Decoded};
use crate::Photometric;

/// What the decoder may take beside 16 bytes for each value: its tables do not grow with the picture.
const TABLES: usize = 64 << 20;

/// Reads the stream's headers and holds them against the data set; gives the picture, not yet decoded, and its bits.
pub(super) fn check(plan: &Plan, bytes: &[u8]) -> Result<(JxlImage, u32), DecodeError> {
    let most = plan.values().saturating_mul(16).saturating_add(TABLES);
    let image = JxlImage::builder()
        .alloc_tracker(AllocTracker::with_limit(most))
        .read(bytes)
        .map_err(|_| DecodeError::damaged("the JPEG XL stream does not decode"))?;
    let metadata = &image.image_header().metadata;
    let BitDepth::IntegerSample { bits_per_sample } = metadata.bit_depth else {
        return Err(DecodeError::Unsupported("JPEG XL with float samples".into()));
    };
    plan.agrees(&Stream {
        codec: "JPEG XL",
        rows: image.height(),
        columns: image.width(),
        components: image.pixel_format().channels() as u32,
        precision: bits_per_sample,
    })?;
    if bits_per_sample > 16 {
        // Beyond, the decoder's single-precision numbers would not be exact.
        return Err(DecodeError::Unsupported(
            "JPEG XL of more than 16 bits per sample".into(),
        ));
    }
    Ok((image, bits_per_sample))
}

/// Decodes a JPEG XL frame, a bare codestream or one in its container.
pub(super) fn decode(plan: &Plan, bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let (image, bits_per_sample) = check(plan, bytes)?;
    let metadata = &image.image_header().metadata;
    if !image.is_loading_done() {
        return Err(DecodeError::incomplete("the JPEG XL stream ends early"));
    }
    let (1, Some(header)) = (image.num_loaded_keyframes(), image.frame_header(0)) else {
        return Err(DecodeError::contradiction("one frame's JPEG XL stream holds several"));
    };
    if metadata.xyb_encoded || header.encoding == Encoding::VarDct {
        plan.may_be_lossy("JPEG XL")?;
    }
    let transformed = metadata.xyb_encoded || header.do_ycbcr;
    let render = image
        .render_frame(0)
        .map_err(|_| DecodeError::damaged("the JPEG XL stream does not decode"))?;
    let mut stream = render.stream_no_alpha();
    let mut parts = vec![0.0f32; plan.values()];
    if stream.channels() as usize != plan.channels || stream.write_to_buffer(&mut parts) != parts.len() {
        return Err(DecodeError::damaged(
            "the JPEG XL stream holds another image than it says",
        ));
    }
    // Parts of full scale; whole numbers of a lossless stream come back whole, as 16 bits fit into a float's 24.
    let white = ((1u32 << bits_per_sample) - 1) as f32;
    let values = parts.iter().map(|part| (part * white).round().clamp(0.0, white) as u32);
    let photometric = match &plan.photometric {
        _ if plan.channels == 3 && transformed => Photometric::Rgb,
        stated => stated.clone(),
    };
    plan.finish_as(plan.samples(values), photometric, Vec::new())
}
