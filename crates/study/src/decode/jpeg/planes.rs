//! The coefficients of a lossy frame, one plane a component, and the picture that they make (ISO/IEC 10918-1 A.1, A.2).

use super::super::DecodeError;
use super::cosine;
use super::header::Header;

/// A component's coefficients, eight by eight, in rows of blocks.
#[derive(Clone, Debug)]
struct Plane {
    /// Horizontal and vertical sampling factors.
    factors: (usize, usize),
    /// Samples that the component really has in a row, and rows.
    size: (usize, usize),
    /// Blocks in a row, filled up to whole units.
    across: usize,
    coefficients: Vec<i16>,
    /// The table that was in force when the component's first scan began.
    quantisation: Option<[f32; 64]>,
    /// For each coefficient, how many of its lower bits are still to come; `None` where nothing came.
    to_come: [Option<u8>; 64],
}

/// All components of a frame.
#[derive(Clone, Debug)]
pub(super) struct Planes {
    columns: usize,
    rows: usize,
    precision: u32,
    /// The greatest sampling factors.
    most: (usize, usize),
    planes: Vec<Plane>,
}

impl Planes {
    /// Room for a frame's coefficients.
    pub(super) fn new(header: &Header) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::damaged("the JPEG stream's sampling factors make no sense");
        let factors = |sampling: u8| (usize::from(sampling >> 4), usize::from(sampling & 15));
        let all: Vec<(usize, usize)> = header.components.iter().map(|c| factors(c.sampling)).collect();
        if !all.iter().all(|(h, v)| (1..=4).contains(h) && (1..=4).contains(v)) {
            return Err(wrong());
        }
        let most = all
            .iter()
            .fold((1, 1), |most, factors| (most.0.max(factors.0), most.1.max(factors.1)));
        let (columns, rows) = (usize::from(header.columns), usize::from(header.rows));
        let units = (columns.div_ceil(8 * most.0), rows.div_ceil(8 * most.1));
        let plane = |&(h, v): &(usize, usize)| Plane {
            factors: (h, v),
            size: ((columns * h).div_ceil(most.0), (rows * v).div_ceil(most.1)),
            across: units.0 * h,
            coefficients: vec![0; units.0 * h * units.1 * v * 64],
            quantisation: None,
            to_come: [None; 64],
        };
        Ok(Self {
            columns,
            rows,
            precision: u32::from(header.precision),
            most,
            planes: all.iter().map(plane).collect(),
        })
    }

    /// Units of an interleaved scan in a row, and rows of them (A.2.3).
    pub(super) fn units(&self) -> (usize, usize) {
        let (across, down) = (8 * self.most.0, 8 * self.most.1);
        (self.columns.div_ceil(across), self.rows.div_ceil(down))
    }

    /// Blocks of a component alone in a row, and rows of them (A.2.2).
    pub(super) fn blocks(&self, component: usize) -> (usize, usize) {
        let (columns, rows) = self.planes.get(component).map_or((0, 0), |p| p.size);
        (columns.div_ceil(8), rows.div_ceil(8))
    }

    /// Blocks of a component within a unit: in a row, and rows of them.
    pub(super) fn factors(&self, component: usize) -> (usize, usize) {
        self.planes.get(component).map_or((0, 0), |p| p.factors)
    }

    /// One block's coefficients.
    pub(super) fn block(&mut self, component: usize, (x, y): (usize, usize)) -> Option<&mut [i16; 64]> {
        let plane = self.planes.get_mut(component)?;
        let index = y * plane.across + x;
        plane.coefficients.as_chunks_mut::<64>().0.get_mut(index)
    }

    /// Notes that a scan brings a band of coefficients but for their `low` last bits.
    pub(super) fn began(
        &mut self,
        component: usize,
        band: std::ops::RangeInclusive<usize>,
        low: u8,
        quantisation: Option<&[f32; 64]>,
    ) {
        let Some(plane) = self.planes.get_mut(component) else {
            return;
        };
        if let Some(to_come) = plane.to_come.get_mut(band) {
            to_come.fill(Some(low));
        }
        if plane.quantisation.is_none() {
            plane.quantisation = quantisation.copied();
        }
    }

    /// Whether every component came, and every band that was begun came to its last bit.
    pub(super) fn whole(&self) -> bool {
        let whole =
            |plane: &Plane| plane.to_come[0] == Some(0) && plane.to_come.iter().all(|left| left.unwrap_or(0) == 0);
        self.planes.iter().all(whole)
    }

    /// The picture, interleaved; components of fewer samples are brought to full size.
    pub(super) fn picture(self) -> Result<Vec<u16>, DecodeError> {
        let (columns, channels) = (self.columns, self.planes.len());
        let mut picture = vec![0u16; columns * self.rows * channels];
        let (precision, most) = (self.precision, self.most);
        for (channel, plane) in self.planes.into_iter().enumerate() {
            let (stride, size, factors) = (plane.across * 8, plane.size, plane.factors);
            let samples = plane.samples(precision)?;
            let across = (factors != most).then(|| steps(columns, (factors.0, most.0), size.0));
            for (y, line) in picture.chunks_exact_mut(columns * channels).enumerate() {
                let values = line.iter_mut().skip(channel).step_by(channels);
                match &across {
                    None => {
                        let own = samples.get(y * stride..).unwrap_or_default();
                        values.zip(own).for_each(|(value, &sample)| *value = sample);
                    }
                    Some(across) => {
                        let (above, below, part) = step(y, (factors.1, most.1), size.1);
                        let [above, below] = [above, below].map(|row| samples.get(row * stride..).unwrap_or_default());
                        let at = |row: &[u16], x: usize| row.get(x).copied().map_or(0.0, f32::from);
                        for (value, &(left, right, along)) in values.zip(across) {
                            let upper = at(above, left) + (at(above, right) - at(above, left)) * along;
                            let lower = at(below, left) + (at(below, right) - at(below, left)) * along;
                            *value = (upper + (lower - upper) * part).round() as u16;
                        }
                    }
                }
            }
        }
        Ok(picture)
    }
}

impl Plane {
    /// The component's own samples, in rows of `across` blocks.
    fn samples(self, precision: u32) -> Result<Vec<u16>, DecodeError> {
        let quantisation = self
            .quantisation
            .ok_or_else(|| DecodeError::damaged("the JPEG stream lacks a quantisation table"))?;
        let (half, most) = ((1 << (precision - 1)) as f32, ((1 << precision) - 1) as f32);
        let stride = self.across * 8;
        let mut samples = vec![0u16; self.coefficients.len()];
        let rows_of_blocks = self.coefficients.chunks_exact(stride * 8);
        for (row, lines) in rows_of_blocks.zip(samples.chunks_exact_mut(stride * 8)) {
            for (x, block) in row.as_chunks::<64>().0.iter().enumerate() {
                let mut scaled = [0.0; 64];
                for ((to, &from), factor) in scaled.iter_mut().zip(block).zip(&quantisation) {
                    *to = f32::from(from) * factor;
                }
                for (y, line) in cosine::samples(scaled).as_chunks::<8>().0.iter().enumerate() {
                    let at = y * stride + x * 8;
                    for (to, value) in lines[at..at + 8].iter_mut().zip(line) {
                        *to = (value + half).round_ties_even().clamp(0.0, most) as u16;
                    }
                }
            }
        }
        Ok(samples)
    }
}

/// For each of `full` places, the two of `few` samples that it lies between, and how far from the first. A sample lies in the
/// middle of the places that it stands for, of which there are `most / own` (A.1.1); the last one may stand for fewer.
fn steps(full: usize, factors: (usize, usize), few: usize) -> Vec<(usize, usize, f32)> {
    (0..full).map(|place| step(place, factors, few)).collect()
}

fn step(place: usize, (own, most): (usize, usize), few: usize) -> (usize, usize, f32) {
    let last = few.saturating_sub(1);
    let at = ((place as f32 + 0.5) * own as f32 / most as f32 - 0.5).clamp(0.0, last as f32);
    let first = at as usize;
    (first, (first + 1).min(last), at - first as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_samples_lie_in_the_middle_of_the_places_that_they_stand_for() {
        let halved = [(0, 1, 0.0), (0, 1, 0.25), (0, 1, 0.75), (1, 1, 0.0)];
        assert_eq!(steps(4, (1, 2), 2), halved);
        assert_eq!(steps(3, (1, 2), 2), halved[..3], "an odd width moves nothing");
        assert_eq!(step(5, (2, 2), 8), (5, 6, 0.0));
    }
}
