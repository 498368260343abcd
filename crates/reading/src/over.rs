//! What lies over an image and can be taken off: overlays and the shutter.

use std::collections::BTreeMap;

use pixels::cover::Layers;
use study::presentation::OnFrame;
use study::{Instance, Overlay};

/// What the reader chose to see of what lies over an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Over {
    /// Overlays that the reader switched, by their groups; the others are shown when they are graphics.
    pub switched: BTreeMap<u16, bool>,
    /// The shutter is lifted.
    pub shutter_lifted: bool,
}

/// One line of the menu of overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlayRow {
    /// The overlay's group.
    pub group: u16,
    /// Its label or description, else its number.
    pub name: String,
    /// It is drawn.
    pub shown: bool,
}

impl Over {
    fn shows(&self, overlay: &Overlay) -> bool {
        // A region of interest is a result that somebody asks for, graphics belong to the picture (PS3.3 C.9.2.1.1).
        self.switched.get(&overlay.group).copied().unwrap_or(!overlay.is_region)
    }

    /// Shows an overlay, or does not.
    pub(crate) fn toggle(&mut self, group: u16, instance: &Instance) {
        if let Some(overlay) = instance.wishes.overlays.iter().find(|o| o.group == group) {
            let shows = self.shows(overlay);
            self.switched.insert(group, !shows);
        }
    }

    /// Shows every overlay, or none where any is shown.
    pub(crate) fn toggle_all(&mut self, instance: &Instance) {
        let overlays = &instance.wishes.overlays;
        let any = overlays.iter().any(|overlay| self.shows(overlay));
        self.switched = overlays.iter().map(|overlay| (overlay.group, !any)).collect();
    }

    /// What lies over a frame (from 0) now; `None` when nothing does.
    pub(crate) fn layers(&self, instance: &Instance, frame: u32) -> Option<Layers> {
        let wishes = &instance.wishes;
        let shutter = wishes.shutter(frame).filter(|_| !self.shutter_lifted).cloned();
        let shown = wishes.overlays.iter().filter(|overlay| self.shows(overlay));
        let planes: Vec<_> = shown.filter_map(|overlay| overlay.plane(frame)).collect();
        (shutter.is_some() || !planes.is_empty()).then_some(Layers { shutter, planes })
    }

    /// What a presentation state lays over a frame in place of what the image itself does; `None` when nothing lies there.
    pub(crate) fn of_state(&self, on: &OnFrame) -> Option<Layers> {
        let shutter = on.shutter.clone().filter(|_| !self.shutter_lifted);
        let shown = |group: &u16| self.switched.get(group).copied().unwrap_or(true);
        let planes = on.planes.iter().filter(|(group, _)| shown(group));
        let planes: Vec<_> = planes.map(|(_, plane)| plane.clone()).collect();
        (shutter.is_some() || !planes.is_empty()).then_some(Layers { shutter, planes })
    }

    /// The lines of the menu.
    pub(crate) fn rows(&self, instance: &Instance) -> Vec<OverlayRow> {
        let overlays = instance.wishes.overlays.iter().enumerate();
        overlays
            .map(|(index, overlay)| OverlayRow {
                group: overlay.group,
                name: match overlay.name.trim() {
                    "" => format!("overlay {}", index + 1),
                    name => name.to_owned(),
                },
                shown: self.shows(overlay),
            })
            .collect()
    }

    /// What a tile must say of a frame from which something was taken off; empty when all is seen.
    pub(crate) fn words(&self, instance: &Instance, frame: u32) -> Vec<&'static str> {
        let hidden = |overlay: &Overlay| !overlay.is_region && !self.shows(overlay) && overlay.plane(frame).is_some();
        let lifted = self.shutter_lifted && instance.wishes.shutter(frame).is_some();
        let words = [
            (instance.wishes.overlays.iter().any(hidden), "overlay off"),
            (lifted, "shutter lifted"),
        ];
        words
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, word)| word)
            .collect()
    }
}

/// What lies over a frame (from 0) of an image that nobody has touched; `None` when nothing does.
pub fn layers(instance: &Instance, frame: u32) -> Option<Layers> {
    Over::default().layers(instance, frame)
}

/// What a presentation state lays over a frame that nobody has touched; `None` when nothing lies there.
pub fn layers_of_state(on: &OnFrame) -> Option<Layers> {
    Over::default().of_state(on)
}
