//! One scan, line by line: gradients, prediction, runs (ISO/IEC 14495-1 A.3 to A.7, B).

use super::super::DecodeError;
use super::bits::Bits;
use super::context::{Context, RunContext};
use super::parameters::Parameters;

/// J: how many bits a run of each order is long (A.2.1).
#[rustfmt::skip]
const RUN_BITS: [u32; 32] = [
    0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
    4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
];

/// A component's current line and the one above it. Both begin with a value left of the image and end with one right of it.
#[derive(Clone, Debug)]
struct Lines {
    above: Vec<i32>,
    now: Vec<i32>,
    /// Index in the frame.
    component: usize,
    /// RUNindex.
    run: usize,
}

/// A scan that is being decoded.
pub(super) struct Scan<'a> {
    parameters: &'a Parameters,
    columns: usize,
    rows: usize,
    channels: usize,
    restart_lines: usize,
    contexts: [Context; 365],
    run_contexts: [RunContext; 2],
    lines: Vec<Lines>,
}

impl<'a> Scan<'a> {
    /// A scan of `components` (indices in a frame of `channels`).
    pub(super) fn new(
        parameters: &'a Parameters,
        (columns, rows): (usize, usize),
        components: &[usize],
        channels: usize,
        restart_lines: u32,
    ) -> Self {
        let lines = |&component: &usize| Lines {
            above: vec![0; columns + 2],
            now: vec![0; columns + 2],
            component,
            run: 0,
        };
        Self {
            parameters,
            columns,
            rows,
            channels,
            restart_lines: restart_lines as usize,
            contexts: [Context::new(parameters); 365],
            run_contexts: [RunContext::new(0, parameters), RunContext::new(1, parameters)],
            lines: components.iter().map(lines).collect(),
        }
    }

    /// Decodes the scan into the frame's interleaved values.
    pub(super) fn decode(&mut self, bits: &mut Bits, by_sample: bool, values: &mut [u16]) -> Result<(), DecodeError> {
        let stride = self.columns * self.channels;
        for (y, row) in values.chunks_exact_mut(stride).enumerate().take(self.rows) {
            if self.restart_lines > 0 && y > 0 && y % self.restart_lines == 0 {
                bits.restart(((y / self.restart_lines - 1) % 8) as u8)?;
                self.begin_again();
            }
            for lines in &mut self.lines {
                std::mem::swap(&mut lines.above, &mut lines.now);
                lines.above[self.columns + 1] = lines.above[self.columns];
                lines.now[0] = lines.above[1];
            }
            if by_sample {
                self.line_of_pixels(bits)?;
            } else {
                for index in 0..self.lines.len() {
                    self.line(bits, index)?;
                }
            }
            for lines in &self.lines {
                let values = lines.now.iter().skip(1);
                if self.channels == 1 {
                    row.iter_mut().zip(values).for_each(|(to, &value)| *to = value as u16);
                    continue;
                }
                for (pixel, &value) in row.chunks_exact_mut(self.channels).zip(values) {
                    pixel[lines.component] = value as u16;
                }
            }
        }
        Ok(())
    }

    fn begin_again(&mut self) {
        self.contexts = [Context::new(self.parameters); 365];
        self.run_contexts = [RunContext::new(0, self.parameters), RunContext::new(1, self.parameters)];
        for lines in &mut self.lines {
            lines.now.fill(0);
            lines.above.fill(0);
            lines.run = 0;
        }
    }

    /// A line of one component.
    fn line(&mut self, bits: &mut Bits, index: usize) -> Result<(), DecodeError> {
        let Self {
            parameters,
            contexts,
            run_contexts,
            lines,
            columns,
            ..
        } = self;
        let Lines { above, now, run, .. } = &mut lines[index];
        let end = *columns + 1;
        let (above, now) = (&above[..end + 1], &mut now[..end + 1]);
        let (mut left, mut corner, mut top) = (now[0], above[0], above[1]);
        let mut x = 1;
        // A copy that nobody else sees may stay in registers.
        let mut here = *bits;
        // The gradient above to the right is the one above to the left of the next sample.
        let mut over = parameters.region(top - corner);
        while x < end {
            let next = above[x + 1];
            let ahead = parameters.region(next - top);
            let context = 81 * ahead + 9 * over + parameters.region(corner - left);
            if context != 0 {
                left = regular(parameters, contexts, &mut here, context, predicted(left, top, corner))?;
                now[x] = left;
                (corner, top, over) = (top, next, ahead);
                x += 1;
                continue;
            }
            *bits = here;
            let length = run_length(bits, run, end - x)?;
            now[x..x + length].fill(left);
            x += length;
            if x < end {
                let top = above[x];
                let alike = (left - top).abs() <= parameters.near;
                let context = &mut run_contexts[usize::from(alike)];
                let error = context.error(bits, parameters, RUN_BITS[*run] + 1)?;
                left = if alike {
                    parameters.rebuilt(left, error)
                } else {
                    parameters.rebuilt(top, if left > top { -error } else { error })
                };
                now[x] = left;
                *run = run.saturating_sub(1);
                x += 1;
            }
            if x < end {
                (corner, top) = (above[x - 1], above[x]);
                over = parameters.region(top - corner);
            }
            here = *bits;
        }
        *bits = here;
        Ok(())
    }

    /// A line of pixels whose components alternate (B.3): they run together, and only where all of them are flat.
    fn line_of_pixels(&mut self, bits: &mut Bits) -> Result<(), DecodeError> {
        let Self {
            parameters,
            contexts,
            run_contexts,
            lines,
            columns,
            ..
        } = self;
        let end = *columns + 1;
        let mut x = 1;
        while x < end {
            let around = |l: &Lines| (l.now[x - 1], l.above[x], l.above[x - 1], l.above[x + 1]);
            let flat = lines.iter().all(|l| {
                let (left, top, corner, next) = around(l);
                context_of(parameters, left, top, corner, next) == 0
            });
            if !flat {
                for l in lines.iter_mut() {
                    let (left, top, corner, next) = around(l);
                    let context = context_of(parameters, left, top, corner, next);
                    l.now[x] = regular(parameters, contexts, bits, context, predicted(left, top, corner))?;
                }
                x += 1;
                continue;
            }
            let Some(first) = lines.first_mut() else { return Ok(()) };
            let length = run_length(bits, &mut first.run, end - x)?;
            let order = first.run;
            for l in lines.iter_mut() {
                let left = l.now[x - 1];
                l.now[x..x + length].fill(left);
            }
            x += length;
            if x < end {
                for l in lines.iter_mut() {
                    let (left, top) = (l.now[x - 1], l.above[x]);
                    let error = run_contexts[0].error(bits, parameters, RUN_BITS[order] + 1)?;
                    l.now[x] = parameters.rebuilt(top, if left > top { -error } else { error });
                }
                if let Some(first) = lines.first_mut() {
                    first.run = order.saturating_sub(1);
                }
                x += 1;
            }
        }
        Ok(())
    }
}

/// The context of three gradients, signed: −364 … 364 (A.3.4).
#[inline]
fn context_of(parameters: &Parameters, left: i32, top: i32, corner: i32, next: i32) -> i32 {
    let [a, b, c] = [next - top, top - corner, corner - left].map(|d| parameters.region(d));
    81 * a + 9 * b + c
}

/// The median of left, top and their plane with the corner (A.4.1).
#[inline]
fn predicted(left: i32, top: i32, corner: i32) -> i32 {
    let (low, high) = if left < top { (left, top) } else { (top, left) };
    if corner >= high {
        low
    } else if corner <= low {
        high
    } else {
        left + top - corner
    }
}

/// A sample in the regular mode (A.4 to A.6).
#[inline(always)]
fn regular(
    parameters: &Parameters,
    contexts: &mut [Context; 365],
    bits: &mut Bits,
    context: i32,
    predicted: i32,
) -> Result<i32, DecodeError> {
    let negative = context < 0;
    let context = &mut contexts[context.unsigned_abs() as usize];
    let correction = if negative {
        -context.correction
    } else {
        context.correction
    };
    let predicted = (predicted + correction).clamp(0, parameters.greatest);
    let error = context.error(bits, parameters)?;
    Ok(parameters.rebuilt(predicted, if negative { -error } else { error }))
}

/// How long a run is, at most `room` (A.7.1.2); `order` is RUNindex.
fn run_length(bits: &mut Bits, order: &mut usize, room: usize) -> Result<usize, DecodeError> {
    let mut length = 0;
    while bits.bit()? {
        let step = 1 << RUN_BITS[*order];
        if step > room - length {
            return Ok(room);
        }
        length += step;
        *order = (*order + 1).min(31);
        if length == room {
            return Ok(room);
        }
    }
    length += bits.value(RUN_BITS[*order])? as usize;
    if length > room {
        return Err(DecodeError::damaged(
            "the JPEG-LS stream holds a run that passes its line",
        ));
    }
    Ok(length)
}
