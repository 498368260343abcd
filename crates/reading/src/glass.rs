//! The image that a tile shows, and the numbers by which `render` knows frames and tables.

use std::collections::HashMap;
use std::sync::Arc;

use pixels::colour::Palette;
use pixels::cover::Layers;
use pixels::display::{Parameters, Voi};
use study::presentation::OnFrame;
use study::{DecodedFrame, FrameRef, StudyUid};

use crate::over::Over;
use crate::presets::WindowChoice;
use crate::states::{self, ChosenState};
use crate::tile::Shading;
use crate::view::{Presentation, Sheet};
use crate::viewport::{self, Resolved};

/// The image on a tile: it stays until another takes its place, with every word about it.
#[derive(Clone, Debug)]
pub(crate) struct Glass {
    pub(crate) frame_ref: FrameRef,
    pub(crate) key: u64,
    pub(crate) frame: Arc<DecodedFrame>,
    pub(crate) shading: Shading,
    /// The window's name: a preset, the file's explanation, "auto", or empty.
    pub(crate) window_name: String,
    /// What lies over the image.
    pub(crate) layers: Option<Arc<Layers>>,
    /// For which choice the layers were made.
    over: Over,
    /// What the chosen presentation state says of the image; `None` without one, and where it is not for this image.
    pub(crate) on_state: Option<OnFrame>,
    /// For which choice the shading was made.
    made_for: (WindowChoice, bool, Option<ChosenState>),
}

impl Glass {
    /// The image as far as its size goes, on a tile.
    pub(crate) fn sheet(&self, size_px: (u32, u32)) -> Sheet {
        let stored = &self.frame.decoded.frame;
        let geometry = self.frame.instance.frame_geometry(self.frame.index);
        let of_state = self.on_state.as_ref().and_then(|on| on.area.as_ref()?.aspect);
        Sheet {
            image: (stored.columns, stored.rows),
            aspect: of_state.unwrap_or_else(|| geometry.map_or(1.0, |g| g.spacing.aspect())),
            size_px,
        }
    }
}

/// What the chosen state says of a frame.
fn on_state(frame: &DecodedFrame, presentation: &Presentation) -> Option<OnFrame> {
    let chosen = presentation.state.as_ref()?;
    chosen.state.on(&frame.instance, frame.index)
}

fn made_for(presentation: &Presentation) -> (WindowChoice, bool, Option<ChosenState>) {
    (
        presentation.window.clone(),
        presentation.inverted,
        presentation.state.clone(),
    )
}

/// Numbers that are given once: a key for each frame, a revision for each set of parameters.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    keys: HashMap<FrameRef, u64>,
    automatic: HashMap<FrameRef, Voi>,
    from_zero: HashMap<FrameRef, Resolved>,
    given: u64,
}

impl Ledger {
    fn next(&mut self) -> u64 {
        self.given += 1;
        self.given
    }

    fn key(&mut self, frame: &FrameRef) -> u64 {
        if let Some(key) = self.keys.get(frame) {
            return *key;
        }
        let key = self.next();
        self.keys.insert(frame.clone(), key);
        key
    }

    /// A frame's key; one that is coloured beside the window is another picture with each table.
    fn key_of(&mut self, frame: &FrameRef, shading: &Shading) -> u64 {
        match shading {
            Shading::Grey {
                revision,
                supplemental: Some(_),
                ..
            } => *revision,
            _ => self.key(frame),
        }
    }

    /// Forgets the frames of a study; their numbers are never given again.
    pub(crate) fn forget(&mut self, study: &StudyUid) {
        self.keys.retain(|frame, _| frame.study != *study);
        self.automatic.retain(|frame, _| frame.study != *study);
        self.from_zero.retain(|frame, _| frame.study != *study);
    }

    /// Lays a frame on the glass; `before` is what was there, whose table is kept when it stays the same.
    pub(crate) fn lay(
        &mut self,
        frame_ref: &FrameRef,
        frame: Arc<DecodedFrame>,
        presentation: &Presentation,
        before: Option<&Glass>,
    ) -> Glass {
        let on_state = on_state(&frame, presentation);
        let (shading, window_name) = self.shade(frame_ref, &frame, presentation, (on_state.as_ref(), before));
        Glass {
            key: self.key_of(frame_ref, &shading),
            frame_ref: frame_ref.clone(),
            shading,
            window_name,
            layers: layers(&frame, presentation, (on_state.as_ref(), before)),
            over: presentation.over.clone(),
            frame,
            on_state,
            made_for: made_for(presentation),
        }
    }

    /// Makes the shading anew when the presentation has changed.
    pub(crate) fn shade_again(&mut self, glass: &mut Glass, presentation: &Presentation) {
        if glass.over != presentation.over || glass.made_for.2 != presentation.state {
            let on_state = on_state(&glass.frame, presentation);
            glass.layers = layers(&glass.frame, presentation, (on_state.as_ref(), Some(glass)));
            glass.over = presentation.over.clone();
        }
        if glass.made_for.0 == presentation.window
            && glass.made_for.1 == presentation.inverted
            && glass.made_for.2 == presentation.state
        {
            return;
        }
        let on_state = on_state(&glass.frame, presentation);
        let (shading, name) = self.shade(
            &glass.frame_ref,
            &glass.frame,
            presentation,
            (on_state.as_ref(), Some(glass)),
        );
        glass.on_state = on_state;
        glass.key = self.key_of(&glass.frame_ref, &shading);
        glass.shading = shading;
        glass.window_name = name;
        glass.made_for = made_for(presentation);
    }

    fn shade(
        &mut self,
        frame_ref: &FrameRef,
        frame: &DecodedFrame,
        presentation: &Presentation,
        (on_state, before): (Option<&OnFrame>, Option<&Glass>),
    ) -> (Shading, String) {
        let instance = &frame.instance;
        if let Some(space) = frame.decoded.colour_space() {
            let palette = instance.palette.clone();
            return (Shading::Colour { space, palette }, String::new());
        }
        let stored = &frame.decoded.frame;
        let (automatic, from_zero) = (&mut self.automatic, &mut self.from_zero);
        let amounts = || {
            let make = || viewport::from_zero(stored, instance, frame.index);
            from_zero.entry(frame_ref.clone()).or_insert_with(make).clone()
        };
        let percentiles = || {
            let make = || viewport::automatic(stored, instance, frame.index);
            automatic.entry(frame_ref.clone()).or_insert_with(make).clone()
        };
        let resolved = viewport::resolve(&presentation.window, instance, frame.index, amounts, percentiles);
        let chosen = presentation.state.as_ref().filter(|chosen| !chosen.state.colour);
        let (mut parameters, name) = match chosen.zip(on_state) {
            Some((chosen, on)) => {
                let own = presentation.window == WindowChoice::Default;
                let voi = (!own).then_some(resolved.voi);
                let parameters = states::parameters(&chosen.state, on, instance, frame.index, stored, voi);
                (parameters, if own { "state's own".to_owned() } else { resolved.name })
            }
            None => (viewport::with_voi(instance, frame.index, resolved.voi), resolved.name),
        };
        parameters.inverse ^= presentation.inverted;
        (
            self.grey(parameters, instance.wishes.supplemental.clone(), before),
            name,
        )
    }

    fn grey(&mut self, parameters: Parameters, supplemental: Option<Arc<Palette>>, before: Option<&Glass>) -> Shading {
        if let Some(Shading::Grey {
            parameters: old,
            revision,
            supplemental: palette,
        }) = before.map(|glass| &glass.shading)
            && **old == parameters
            && palette.as_ref().map(Arc::as_ptr) == supplemental.as_ref().map(Arc::as_ptr)
        {
            return Shading::Grey {
                parameters: Arc::clone(old),
                revision: *revision,
                supplemental,
            };
        }
        Shading::Grey {
            parameters: Arc::new(parameters),
            revision: self.next(),
            supplemental,
        }
    }
}

/// What lies over a frame; the same pointer as before where it has not changed.
fn layers(
    frame: &DecodedFrame,
    presentation: &Presentation,
    (on_state, before): (Option<&OnFrame>, Option<&Glass>),
) -> Option<Arc<Layers>> {
    let layers = match on_state {
        Some(on) => presentation.over.of_state(on),
        None => presentation.over.layers(&frame.instance, frame.index),
    }?;
    let old = before
        .and_then(|glass| glass.layers.as_ref())
        .filter(|old| ***old == layers);
    Some(old.map_or_else(|| Arc::new(layers), Arc::clone))
}
