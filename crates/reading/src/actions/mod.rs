//! One table of what keys, menus, tooltips and the key sheet offer.

use crate::keys::Chord;
use crate::{Command, Place};

/// Under which heading an action stands in menus and on the key sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Opening and closing.
    File,
    /// Finding studies.
    Worklist,
    /// Moving through images.
    Navigate,
    /// Windows.
    Window,
    /// Zoom, turn, flip.
    Image,
    /// What the left button does.
    Tools,
    /// Marks.
    Marks,
    /// Tiles and panels.
    Layout,
    /// Help.
    Help,
}

/// Where an action's keys count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere.
    Everywhere,
    /// Where the worklist is shown.
    Worklist,
    /// Where images are shown.
    Reading,
}

/// One thing that can be asked for by key or menu.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// Its name in the program; never changes.
    pub id: &'static str,
    /// Its name for the reader.
    pub name: &'static str,
    /// One line on what it does.
    pub hint: &'static str,
    /// Its keys, the first one shown in menus.
    pub keys: &'static [Chord],
    /// Its heading.
    pub group: Group,
    /// Where its keys count.
    pub scope: Scope,
    /// What it asks for.
    pub command: fn() -> Command,
}

mod table;

/// Every action, in the order of menus and of the key sheet.
pub fn all() -> &'static [Action] {
    table::ACTIONS
}

/// An action by its name in the program.
pub fn by_id(id: &str) -> Option<&'static Action> {
    all().iter().find(|action| action.id == id)
}

/// The action of a key where the worklist or the images are shown.
pub fn by_chord(chord: Chord, place: Place) -> Option<&'static Action> {
    all()
        .iter()
        .find(|action| action.keys.contains(&chord) && action.scope.counts_in(place))
}

impl Scope {
    /// Whether keys of this scope count in a place.
    pub fn counts_in(self, place: Place) -> bool {
        match self {
            Scope::Everywhere => true,
            Scope::Worklist => place == Place::Worklist,
            Scope::Reading => place == Place::Reading,
        }
    }
}

impl Group {
    /// The heading for the reader.
    pub fn name(self) -> &'static str {
        match self {
            Group::File => "File",
            Group::Worklist => "Worklist",
            Group::Navigate => "Navigate",
            Group::Window => "Window",
            Group::Image => "Image",
            Group::Tools => "Tools",
            Group::Marks => "Marks",
            Group::Layout => "Layout",
            Group::Help => "Help",
        }
    }
}

impl Action {
    /// Its first key as it is written in menus; empty when it has none.
    pub fn key_text(&self) -> String {
        self.keys.first().map(ToString::to_string).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Key;
    use std::collections::BTreeSet;

    #[test]
    fn no_key_stands_for_two_things_in_one_place() {
        for place in [Place::Worklist, Place::Reading] {
            let mut taken = BTreeSet::new();
            for action in all().iter().filter(|a| a.scope.counts_in(place)) {
                for chord in action.keys {
                    assert!(taken.insert(*chord), "{chord} of {} is taken in {place:?}", action.id);
                }
            }
        }
    }

    #[test]
    fn every_action_is_named_once_and_explained() {
        let mut ids = BTreeSet::new();
        for action in all() {
            assert!(ids.insert(action.id), "{} stands twice", action.id);
            assert!(!action.name.is_empty() && !action.name.ends_with('.'), "{}", action.id);
            assert!(
                action.hint.len() > action.name.len() / 2 && action.hint.ends_with('.'),
                "{}",
                action.id
            );
        }
    }

    #[test]
    fn the_readers_of_ohif_find_their_keys() {
        for (key, id) in [
            (Key::Up, "image.previous"),
            (Key::Down, "image.next"),
            (Key::Left, "viewport.previous"),
            (Key::Right, "viewport.next"),
            (Key::PageUp, "series.previous"),
            (Key::PageDown, "series.next"),
            (Key::Home, "image.first"),
            (Key::End, "image.last"),
            (Key::Char('1'), "window.1"),
            (Key::Char('Z'), "tool.zoom"),
            (Key::Char('H'), "flip.horizontal"),
            (Key::Char('V'), "flip.vertical"),
            (Key::Char('R'), "rotate.right"),
            (Key::Char('L'), "rotate.left"),
            (Key::Char('I'), "invert"),
            (Key::Char('C'), "cine"),
            (Key::Space, "reset"),
            (Key::Char('='), "fit"),
            (Key::Backspace, "mark.delete"),
        ] {
            let action = by_chord(Chord::plain(key), Place::Reading).map(|a| a.id);
            assert_eq!(action, Some(id), "{key}");
        }
    }
}
