//! From egui's keys to the reading's chords.

use reading::keys::{Chord, Key, Modifiers};

/// The modifiers that are held.
pub(crate) fn modifiers(held: egui::Modifiers) -> Modifiers {
    Modifiers {
        ctrl: held.command,
        shift: held.shift,
        alt: held.alt,
    }
}

/// What a key press is called; `None` for keys that mean nothing here.
pub(crate) fn chord(key: egui::Key, held: egui::Modifiers) -> Option<Chord> {
    use egui::Key as E;
    let named = match key {
        E::ArrowUp => Key::Up,
        E::ArrowDown => Key::Down,
        E::ArrowLeft => Key::Left,
        E::ArrowRight => Key::Right,
        E::PageUp => Key::PageUp,
        E::PageDown => Key::PageDown,
        E::Home => Key::Home,
        E::End => Key::End,
        E::Tab => Key::Tab,
        E::Escape => Key::Escape,
        E::Enter => Key::Enter,
        E::Space => Key::Space,
        E::Delete => Key::Delete,
        E::Backspace => Key::Backspace,
        E::F1 => Key::Function(1),
        E::F2 => Key::Function(2),
        E::F3 => Key::Function(3),
        E::F4 => Key::Function(4),
        E::F5 => Key::Function(5),
        E::F6 => Key::Function(6),
        E::F7 => Key::Function(7),
        E::F8 => Key::Function(8),
        E::F9 => Key::Function(9),
        E::F10 => Key::Function(10),
        E::F11 => Key::Function(11),
        E::F12 => Key::Function(12),
        other => Key::Char(written(other)?),
    };
    let mut modifiers = modifiers(held);
    if let Key::Char(c) = named
        && !c.is_ascii_alphanumeric()
    {
        // Whether a sign needs Shift depends on the keyboard.
        modifiers.shift = false;
    }
    Some(Chord { key: named, modifiers })
}

/// The letter, figure or sign that a key writes.
fn written(key: egui::Key) -> Option<char> {
    let text = key.symbol_or_name();
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some('−'), None) => Some('-'),
        (Some(only), None) if only.is_ascii() => Some(only.to_ascii_uppercase()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_figures_and_signs_are_called_by_what_they_write() {
        let plain = egui::Modifiers::NONE;
        let char_of = |key, held| chord(key, held).map(|c| (c.key, c.modifiers.shift));
        assert_eq!(char_of(egui::Key::I, plain), Some((Key::Char('I'), false)));
        assert_eq!(char_of(egui::Key::Num3, plain), Some((Key::Char('3'), false)));
        assert_eq!(char_of(egui::Key::Minus, plain), Some((Key::Char('-'), false)));
        assert_eq!(char_of(egui::Key::Equals, plain), Some((Key::Char('='), false)));
        assert_eq!(
            char_of(egui::Key::Questionmark, egui::Modifiers::SHIFT),
            Some((Key::Char('?'), false))
        );
        assert_eq!(char_of(egui::Key::Tab, egui::Modifiers::SHIFT), Some((Key::Tab, true)));
    }
}
