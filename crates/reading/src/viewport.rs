//! What a viewport shows, resolved from the frame on the glass.

use pixels::StoredFrame;
use pixels::display::{Modality, Parameters, Voi, VoiFunction};
use pixels::statistics;
use study::{Instance, SampleKind};

/// Everything that decides how a grey frame's values are shown: the chosen VOI, else the object's first, else robust percentiles
/// of the frame without padding.
pub fn parameters(instance: &Instance, frame: u32, stored: &StoredFrame, chosen: Option<Voi>) -> Parameters {
    let geometry = instance.frame_geometry(frame);
    let modality = geometry.map_or(Modality::Identity, |g| g.modality.clone());
    let own = || geometry.and_then(|g| g.voi.iter().map(|c| &c.voi).find(|v| v.check().is_ok()).cloned());
    let voi = chosen
        .or_else(own)
        .unwrap_or_else(|| automatic(stored, &modality, instance));
    Parameters {
        modality,
        voi,
        inverse: instance.inverse,
        padding: instance.padding,
        stored_range: stored_range(instance),
        target_bits: 8,
    }
}

fn automatic(stored: &StoredFrame, modality: &Modality, instance: &Instance) -> Voi {
    let (low, high) = statistics::percentiles(stored, modality, instance.padding, 0.5, 99.5).unwrap_or((0.0, 1.0));
    let width = high - low;
    Voi::Window {
        centre: low + width / 2.0,
        width: if width > 0.0 { width } else { 1.0 },
        function: VoiFunction::LinearExact,
    }
}

fn stored_range(instance: &Instance) -> (i64, i64) {
    let Some(layout) = instance.layout.as_ref().filter(|l| l.kind == SampleKind::Integer) else {
        // Float values have no range of their own: the table spans the window.
        return (i64::MIN, i64::MAX);
    };
    let bits = u32::from(layout.bits_stored.clamp(1, 32));
    if layout.signed {
        (-(1i64 << (bits - 1)), (1i64 << (bits - 1)) - 1)
    } else {
        (0, (1i64 << bits) - 1)
    }
}
