//! What a frame's layout comes to: how many values, how wide, where in their containers, and what a codestream must agree with.

use pixels::{Samples, StoredFrame};

use super::{DecodeError, Decoded};
use crate::{Layout, Oddity, Photometric, SampleKind};

/// The most bytes that one frame's values may take.
pub(super) const MOST_BYTES: u64 = 1 << 29;

/// The container that a sample came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Bit,
    Byte,
    Word,
    Long,
    Float,
    Double,
}

/// A layout that was found to make sense.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) rows: u32,
    pub(super) columns: u32,
    /// Rows × columns.
    pub(super) pixels: usize,
    /// 1 or 3.
    pub(super) channels: usize,
    pub(super) planar: bool,
    pub(super) container: Container,
    pub(super) photometric: Photometric,
    /// The transfer syntax promises that nothing was lost.
    lossless: bool,
    bits_stored: u32,
    shift: u32,
    signed: bool,
    oddities: Vec<Oddity>,
}

impl Plan {
    /// Checks a layout (PS3.3 C.7.6.3.1, PS3.5 8.1).
    pub(super) fn of(layout: &Layout, lossless: bool) -> Result<Self, DecodeError> {
        let refused = |words: String| Err(DecodeError::Contradiction(words));
        if layout.rows == 0 || layout.columns == 0 {
            return refused(format!("it has {} rows and {} columns", layout.rows, layout.columns));
        }
        if !matches!(layout.samples_per_pixel, 1 | 3) {
            return refused(format!("it has {} samples per pixel", layout.samples_per_pixel));
        }
        let container = match (layout.kind, layout.bits_allocated) {
            (SampleKind::Float, _) => Container::Float,
            (SampleKind::Double, _) => Container::Double,
            (SampleKind::Integer, 1) => Container::Bit,
            (SampleKind::Integer, 8) => Container::Byte,
            (SampleKind::Integer, 16) => Container::Word,
            (SampleKind::Integer, 32) => Container::Long,
            (SampleKind::Integer, other) => return refused(format!("{other} bits are allocated for a sample")),
        };
        let mut plan = Self {
            rows: layout.rows,
            columns: layout.columns,
            pixels: 0,
            channels: usize::from(layout.samples_per_pixel),
            planar: layout.planar && layout.samples_per_pixel > 1,
            container,
            photometric: layout.photometric.clone(),
            lossless,
            bits_stored: u32::from(layout.bits_stored),
            shift: 0,
            signed: layout.signed,
            oddities: Vec::new(),
        };
        let pixels = u64::from(layout.rows) * u64::from(layout.columns);
        match pixels.checked_mul(plan.channels as u64 * plan.container_bytes() as u64) {
            Some(bytes) if bytes <= MOST_BYTES => plan.pixels = pixels as usize,
            _ => {
                return refused(format!(
                    "one frame of {} × {} is more than is decoded at once",
                    layout.columns, layout.rows
                ));
            }
        }
        if layout.kind == SampleKind::Integer {
            plan.place(layout)?;
        }
        Ok(plan)
    }

    fn place(&mut self, layout: &Layout) -> Result<(), DecodeError> {
        if self.container == Container::Bit {
            self.bits_stored = 1;
            self.signed = false;
            return Ok(());
        }
        let (allocated, stored, high) = (layout.bits_allocated, layout.bits_stored, layout.high_bit);
        if stored == 0 || stored > allocated {
            let words = format!("{stored} bits are stored in {allocated} allocated ones");
            return Err(DecodeError::Contradiction(words));
        }
        if high >= allocated {
            let words = format!("the high bit is {high} where {allocated} bits are allocated");
            return Err(DecodeError::Contradiction(words));
        }
        match (high + 1).checked_sub(stored) {
            Some(shift) => self.shift = u32::from(shift),
            // Common in the wild, and always meant so: the values lie in the low bits.
            None => self.odd(format!(
                "High Bit is {high} where {stored} bits are stored; the values were taken from the low bits."
            )),
        }
        Ok(())
    }

    pub(super) fn odd(&mut self, words: String) {
        self.oddities.push(Oddity(words));
    }

    /// How many values the frame holds.
    pub(super) fn values(&self) -> usize {
        self.pixels * self.channels
    }

    /// Bytes of one sample when it stands alone (a bit becomes a byte).
    pub(super) fn container_bytes(&self) -> usize {
        match self.container {
            Container::Bit | Container::Byte => 1,
            Container::Word => 2,
            Container::Long | Container::Float => 4,
            Container::Double => 8,
        }
    }

    /// Refuses a lossy stream under a transfer syntax that promises a lossless one: nobody would be told of the loss.
    pub(super) fn may_be_lossy(&self, codec: &str) -> Result<(), DecodeError> {
        if self.lossless {
            return Err(DecodeError::Contradiction(format!(
                "the object's encoding promises that nothing was lost, its {codec} stream is a lossy one"
            )));
        }
        Ok(())
    }

    /// Codecs of integers have nothing to say about float samples.
    pub(super) fn integers(&self, codec: &str) -> Result<(), DecodeError> {
        match self.container {
            Container::Float | Container::Double => Err(DecodeError::Contradiction(format!(
                "float samples cannot be encoded as {codec}"
            ))),
            _ => Ok(()),
        }
    }

    /// Turns container values (zero-extended, interleaved) into stored values: bit position, mask and sign.
    pub(super) fn samples(&self, containers: impl Iterator<Item = u32>) -> Samples {
        let (shift, spare, signed) = (self.shift, 32 - self.bits_stored.clamp(1, 32), self.signed);
        // Shifting to the top and back masks, and extends the sign where there is one.
        let stored = |value: u32| -> u32 {
            let top = (value >> shift) << spare;
            if signed {
                ((top as i32) >> spare) as u32
            } else {
                top >> spare
            }
        };
        match (self.container, signed) {
            (Container::Bit | Container::Byte, false) => Samples::U8(containers.map(|v| stored(v) as u8).collect()),
            (Container::Bit | Container::Byte, true) => Samples::I8(containers.map(|v| stored(v) as i8).collect()),
            (Container::Word, false) => Samples::U16(containers.map(|v| stored(v) as u16).collect()),
            (Container::Word, true) => Samples::I16(containers.map(|v| stored(v) as i16).collect()),
            (_, false) => Samples::U32(containers.map(stored).collect()),
            (_, true) => Samples::I32(containers.map(|v| stored(v) as i32).collect()),
        }
    }

    /// As many zeros as the frame has values, of the type of number that decoding gives.
    pub(super) fn zeros(&self) -> Samples {
        let count = self.values();
        match (self.container, self.signed) {
            (Container::Bit | Container::Byte, false) => Samples::U8(vec![0; count]),
            (Container::Bit | Container::Byte, true) => Samples::I8(vec![0; count]),
            (Container::Word, false) => Samples::U16(vec![0; count]),
            (Container::Word, true) => Samples::I16(vec![0; count]),
            (Container::Long, false) => Samples::U32(vec![0; count]),
            (Container::Long, true) => Samples::I32(vec![0; count]),
            (Container::Float, _) => Samples::F32(vec![0.0; count]),
            (Container::Double, _) => Samples::F64(vec![0.0; count]),
        }
    }

    /// The decoded frame, its samples being what the data set calls them.
    pub(super) fn finish(&self, samples: Samples) -> Result<Decoded, DecodeError> {
        self.finish_as(samples, self.photometric.clone(), Vec::new())
    }

    /// The decoded frame, its samples being something else than the data set calls them.
    pub(super) fn finish_as(
        &self,
        samples: Samples,
        photometric: Photometric,
        mut more: Vec<Oddity>,
    ) -> Result<Decoded, DecodeError> {
        if samples.len() != self.values() {
            let words = format!(
                "{} values came for {} that the frame holds",
                samples.len(),
                self.values()
            );
            return Err(DecodeError::Damaged(words));
        }
        let mut oddities = self.oddities.clone();
        oddities.append(&mut more);
        oddities.extend(self.colours_in_doubt(&photometric));
        Ok(Decoded {
            frame: StoredFrame {
                columns: self.columns,
                rows: self.rows,
                channels: self.channels as u8,
                samples,
            },
            photometric,
            oddities,
        })
    }

    /// A sentence where the number of samples and what they are called do not belong together, or the name is not known here.
    fn colours_in_doubt(&self, photometric: &Photometric) -> Option<Oddity> {
        use Photometric::{Monochrome1, Monochrome2, PaletteColor, Rgb, YbrFull, YbrFull422, YbrPartial420};
        let sentence = match (self.channels, photometric) {
            (1, Monochrome1 | Monochrome2 | PaletteColor) | (3, Rgb | YbrFull | YbrFull422 | YbrPartial420) => {
                return None;
            }
            (1, _) => "The data set names a colour space but holds one sample per pixel; it is shown grey.",
            (_, Monochrome1 | Monochrome2) => {
                "The data set says grey but holds three samples per pixel; the first is shown."
            }
            _ => "The image's colour space is not known here; its samples are shown as red, green and blue.",
        };
        Some(Oddity(sentence.into()))
    }

    /// Holds what a codestream says of itself against the data set.
    pub(super) fn agrees(&self, stream: &Stream) -> Result<(), DecodeError> {
        self.integers(stream.codec)?;
        let codec = stream.codec;
        if (stream.rows, stream.columns) != (self.rows, self.columns) {
            return Err(DecodeError::Contradiction(format!(
                "the data set says {} × {} pixels, its {codec} stream {} × {}",
                self.columns, self.rows, stream.columns, stream.rows
            )));
        }
        if stream.components != self.channels as u32 {
            return Err(DecodeError::Contradiction(format!(
                "the data set says {} samples per pixel, its {codec} stream {}",
                self.channels, stream.components
            )));
        }
        let allocated = self.container_bytes() as u32 * 8;
        if stream.precision == 0 || stream.precision > allocated {
            return Err(DecodeError::Contradiction(format!(
                "the data set allocates {allocated} bits for a sample, its {codec} stream has {}",
                stream.precision
            )));
        }
        Ok(())
    }
}

/// What a codestream says of itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    pub(super) codec: &'static str,
    pub(super) rows: u32,
    pub(super) columns: u32,
    pub(super) components: u32,
    pub(super) precision: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::tests::layout;

    #[test]
    fn bit_position_and_sign_are_undone() {
        let mut high = layout(1, 4, 16);
        (high.bits_stored, high.high_bit, high.signed) = (12, 15, true);
        let plan = Plan::of(&high, false).unwrap();
        let samples = plan.samples([0x7ff0u32, 0x8000, 0xffff, 0x0010].into_iter());
        assert_eq!(samples, Samples::I16(vec![2047, -2048, -1, 1]));
        (high.high_bit, high.signed) = (11, false);
        let samples = Plan::of(&high, false).unwrap().samples([0xf123u32, 0x0fff].into_iter());
        assert_eq!(samples, Samples::U16(vec![0x123, 0xfff]), "overlay bits are masked");
    }

    #[test]
    fn colours_in_doubt_are_told() {
        let told = |channels, photometric| {
            let mut doubtful = layout(1, 1, 8);
            (doubtful.samples_per_pixel, doubtful.photometric) = (channels, photometric);
            let plan = Plan::of(&doubtful, false).unwrap();
            let samples = Samples::U8(vec![0; usize::from(channels)]);
            plan.finish(samples).unwrap().oddities.len()
        };
        assert_eq!(told(3, Photometric::Rgb) + told(1, Photometric::Monochrome1), 0);
        assert_eq!(told(3, Photometric::Other("HSV".into())), 1);
        assert_eq!((told(1, Photometric::Rgb), told(3, Photometric::Monochrome2)), (1, 1));
    }

    #[test]
    fn layouts_without_sense_are_refused() {
        for (rows, bits, stored, high) in [
            (0, 16, 12, 11),
            (4, 16, 0, 0),
            (4, 16, 17, 16),
            (4, 16, 12, 16),
            (4, 48, 48, 47),
        ] {
            let mut wrong = layout(rows, 4, bits);
            (wrong.bits_stored, wrong.high_bit) = (stored, high);
            assert!(
                matches!(Plan::of(&wrong, false), Err(DecodeError::Contradiction(_))),
                "{rows} {bits} {stored} {high}"
            );
        }
        let vast = layout(65_535, 65_535, 16);
        assert!(Plan::of(&vast, false).is_err(), "nothing is allocated for it");
    }
}
