//! The program's emblem in task bars and window lists: a far point within a ring, drawn here so that no picture file is carried.

use egui::{Color32, IconData};

use crate::theme;

/// Its side, pixels.
const SIDE: u32 = 128;

/// The emblem as the window system wants it.
pub(crate) fn emblem() -> IconData {
    let mut rgba = Vec::with_capacity((SIDE * SIDE * 4) as usize);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let colour = at(x as f32 + 0.5, y as f32 + 0.5);
            rgba.extend(colour.to_srgba_unmultiplied());
        }
    }
    IconData {
        rgba,
        width: SIDE,
        height: SIDE,
    }
}

fn at(x: f32, y: f32) -> Color32 {
    let (middle, corner) = (SIDE as f32 / 2.0, 28.0);
    let (dx, dy) = ((x - middle).abs(), (y - middle).abs());
    // How far inside an edge a point lies decides how much of it is drawn: one pixel of smoothing.
    let straight = middle - corner - 4.0;
    let outside = (dx - straight).max(0.0).hypot((dy - straight).max(0.0)) - corner;
    let square = (0.5 - outside).clamp(0.0, 1.0);
    let from_middle = dx.hypot(dy);
    let ring = (3.5 - (from_middle - 36.0).abs() + 0.5).clamp(0.0, 1.0);
    let point = (11.0 - from_middle + 0.5).clamp(0.0, 1.0);
    let drawn = theme::PANEL
        .lerp_to_gamma(theme::ACCENT, ring)
        .lerp_to_gamma(theme::TEXT, point);
    drawn.gamma_multiply(square)
}
