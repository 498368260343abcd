//! Keys as plain data.

use std::fmt;

/// Keys that are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Modifiers {
    /// Ctrl (Command on macOS).
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Alt.
    pub alt: bool,
}

/// A key that does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A letter (upper case), figure or sign, by what it writes.
    Char(char),
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// Tab.
    Tab,
    /// Escape.
    Escape,
    /// Enter.
    Enter,
    /// Space.
    Space,
    /// Delete.
    Delete,
    /// Backspace.
    Backspace,
    /// F1 to F12.
    Function(u8),
}

/// A key with the keys that are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// Held with it. Shift is left out of signs that need it on some keyboards (`?`, `+`).
    pub modifiers: Modifiers,
}

impl Chord {
    pub(crate) const fn plain(key: Key) -> Self {
        Self {
            key,
            modifiers: Modifiers {
                ctrl: false,
                shift: false,
                alt: false,
            },
        }
    }
    pub(crate) const fn ctrl(key: Key) -> Self {
        Self {
            key,
            modifiers: Modifiers {
                ctrl: true,
                shift: false,
                alt: false,
            },
        }
    }
    pub(crate) const fn shift(key: Key) -> Self {
        Self {
            key,
            modifiers: Modifiers {
                ctrl: false,
                shift: true,
                alt: false,
            },
        }
    }
    pub(crate) const fn alt(key: Key) -> Self {
        Self {
            key,
            modifiers: Modifiers {
                ctrl: false,
                shift: false,
                alt: true,
            },
        }
    }
    pub(crate) const fn ctrl_shift(key: Key) -> Self {
        Self {
            key,
            modifiers: Modifiers {
                ctrl: true,
                shift: true,
                alt: false,
            },
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Char(c) => write!(f, "{c}"),
            Key::Up => f.write_str("↑"),
            Key::Down => f.write_str("↓"),
            Key::Left => f.write_str("←"),
            Key::Right => f.write_str("→"),
            Key::PageUp => f.write_str("Page Up"),
            Key::PageDown => f.write_str("Page Down"),
            Key::Home => f.write_str("Home"),
            Key::End => f.write_str("End"),
            Key::Tab => f.write_str("Tab"),
            Key::Escape => f.write_str("Esc"),
            Key::Enter => f.write_str("Enter"),
            Key::Space => f.write_str("Space"),
            Key::Delete => f.write_str("Del"),
            Key::Backspace => f.write_str("Backspace"),
            Key::Function(n) => write!(f, "F{n}"),
        }
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Modifiers { ctrl, shift, alt } = self.modifiers;
        for (held, name) in [(ctrl, "Ctrl+"), (alt, "Alt+"), (shift, "Shift+")] {
            if held {
                f.write_str(name)?;
            }
        }
        write!(f, "{}", self.key)
    }
}
