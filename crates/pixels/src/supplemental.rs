//! Grey images of which a part is coloured: supplemental palettes (PS3.3 C.7.9, C.8.16.2.1.1).

use crate::StoredFrame;
use crate::colour::Palette;
use crate::display::{DisplayTable, Domain, Modality};

/// Draws a frame as interleaved red, green and blue of 8 bits: stored values from the palette's first one on in its colours, those
/// below through the display table, padding black. The window changes the grey part only.
pub fn rgb8(frame: &StoredFrame, modality: &Modality, table: &DisplayTable, palette: &Palette) -> Vec<u8> {
    let step = usize::from(frame.channels.max(1));
    let first = palette.red.first as f64;
    (0..frame.samples.len())
        .step_by(step)
        .filter_map(|index| frame.samples.get(index))
        .flat_map(|stored| {
            if stored.is_nan() || table.padding.is_some_and(|p| p.holds(stored)) {
                return [0; 3];
            }
            if stored >= first {
                return palette.rgb(stored);
            }
            let value = match table.domain {
                Domain::Stored { .. } => stored,
                Domain::ModalityValues { .. } => modality.value(stored),
            };
            [(table.shown(value) / 257.0 + 0.5).floor() as u8; 3]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Samples;
    use crate::display::{LookupTable, Padding, Parameters, Voi, VoiFunction};

    #[test]
    fn values_from_the_palettes_first_on_are_coloured_whatever_the_window() {
        let frame = StoredFrame {
            columns: 5,
            rows: 1,
            channels: 1,
            samples: Samples::U16(vec![0, 100, 200, 201, 900]),
        };
        let channel = |entries: [u16; 2]| LookupTable {
            first: 200,
            bits: 8,
            entries: entries.to_vec(),
        };
        let palette = Palette {
            red: channel([255, 1]),
            green: channel([0, 2]),
            blue: channel([7, 3]),
        };
        let drawn = |width: f64| {
            let table = DisplayTable::build(&Parameters {
                modality: Modality::Identity,
                voi: Voi::Window {
                    centre: 100.0,
                    width,
                    function: VoiFunction::LinearExact,
                },
                inverse: false,
                presentation_lut: None,
                padding: Some(Padding { value: 0.0, limit: 0.0 }),
                stored_range: (0, 4095),
                target_bits: 8,
            })
            .unwrap();
            rgb8(&frame, &Modality::Identity, &table, &palette)
        };
        let coloured = [255, 0, 7, 1, 2, 3, 1, 2, 3];
        for width in [10.0, 400.0] {
            let shown = drawn(width);
            assert_eq!(
                shown[..6],
                [0, 0, 0, 128, 128, 128],
                "padding, then the middle of the window"
            );
            assert_eq!(shown[6..], coloured, "the last entry holds beyond the end");
        }
    }
}
