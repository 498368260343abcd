//! The table that the patient lies on.

use crate::phantom::canvas::Canvas;

/// Paints the table into the air below the body.
pub(crate) fn paint(canvas: &mut Canvas) {
    let soft = canvas.soft;
    canvas.each([-200.0, 60.0, 200.0, 190.0], |x, y, value| {
        if *value > -950.0 {
            return;
        }
        let part = |d: f32| (0.5 - d / (2.0 * soft)).clamp(0.0, 1.0);
        let hollow = 111.0 - x * x * 0.0011;
        let ends = x.abs() - 178.0;
        let mattress = (hollow - y).max(y - hollow - 7.0).max(ends);
        let board = (hollow + 8.0 - y).max(y - 152.0 + x * x * 0.0004).max(ends);
        *value += (-925.0 - *value) * part(mattress);
        *value += (-180.0 - *value) * part(board);
        *value += (-960.0 - *value) * part(board + 2.2);
    });
}
