//! What pointer buttons do on an image.

use crate::PointerButton;
use crate::keys::Modifiers;

mod gesture;
mod hit;
mod window_drag;

pub(crate) use gesture::Gesture;
pub(crate) use hit::{Part, hit};
pub(crate) use window_drag::WindowDrag;

/// What the left button does on an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Drag changes window centre and width.
    #[default]
    Window,
    /// Drag zooms about the point where it began.
    Zoom,
    /// Drag moves the image.
    Pan,
    /// Drag scrolls.
    Scroll,
    /// Drag measures a length.
    Length,
    /// Click reads a value.
    Probe,
}

/// What a button does: the left one the active tool, the wheel pans, the right one zooms (features.md 11, OHIF's column).
pub fn of_button(button: PointerButton, modifiers: Modifiers, active: Tool) -> Tool {
    match button {
        PointerButton::Primary if modifiers.shift => Tool::Zoom,
        PointerButton::Primary if modifiers.ctrl => Tool::Pan,
        PointerButton::Primary => active,
        PointerButton::Middle => Tool::Pan,
        PointerButton::Secondary => Tool::Zoom,
    }
}

/// How much larger a drag of so many points downwards makes an image; upwards smaller.
pub(crate) fn zoom_factor(points_down: f64) -> f64 {
    (points_down / 150.0).exp()
}

/// How many points of dragging pass one image of a stack: the tile's height passes the whole stack, within what a hand can do.
pub(crate) fn points_per_image(height_points: f64, count: usize) -> f64 {
    (height_points / count.max(1) as f64).clamp(2.0, 24.0)
}

/// Whole images that a wheel has turned past; `held` keeps what is left over.
pub(crate) fn images_of_wheel(held: &mut f64, turned: f64) -> i32 {
    if !turned.is_finite() {
        return 0;
    }
    // Turning back begins anew, so that the first notch back is not swallowed.
    if *held * turned < 0.0 {
        *held = 0.0;
    }
    *held += turned;
    let images = held.trunc().clamp(-1e6, 1e6);
    *held -= images;
    images as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_are_those_of_ohif() {
        let plain = Modifiers::default();
        for tool in [Tool::Window, Tool::Length] {
            assert_eq!(of_button(PointerButton::Primary, plain, tool), tool);
            assert_eq!(of_button(PointerButton::Middle, plain, tool), Tool::Pan);
            assert_eq!(of_button(PointerButton::Secondary, plain, tool), Tool::Zoom);
        }
    }

    #[test]
    fn a_notch_is_one_image_and_a_touchpad_counts_by_distance() {
        let mut held = 0.0;
        assert_eq!(images_of_wheel(&mut held, 1.0), 1);
        assert_eq!(images_of_wheel(&mut held, -1.0), -1);
        let mut held = 0.0;
        let passed: i32 = (0..100).map(|_| images_of_wheel(&mut held, 0.1)).sum();
        assert!((9..=10).contains(&passed), "{passed}");
        // Turning back answers at once.
        let mut held = 0.0;
        assert_eq!(images_of_wheel(&mut held, 0.9), 0);
        assert_eq!(images_of_wheel(&mut held, -1.0), -1);
        assert_eq!(images_of_wheel(&mut held, f64::NAN), 0);
    }

    #[test]
    fn dragging_down_and_up_again_is_nothing() {
        assert!((zoom_factor(80.0) * zoom_factor(-80.0) - 1.0).abs() < 1e-12);
        assert!(zoom_factor(10.0) > 1.0);
        assert_eq!(points_per_image(600.0, 100), 6.0);
        assert_eq!(points_per_image(600.0, 5000), 2.0);
        assert_eq!(points_per_image(600.0, 3), 24.0);
    }
}
