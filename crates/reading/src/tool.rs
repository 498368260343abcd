//! What the left button does.

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
