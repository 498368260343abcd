//! What each tile and the header show, described from the frames on the glass.

use space::ViewportPoint;
use study::patient::SamePerson;
use study::words;

use super::Reading;
use crate::Frames;
use crate::Trouble;
use crate::diagnosis;
use crate::document::{MarkKind, MarkRow};
use crate::glass::Glass;
use crate::header::Header;
use crate::measure;
use crate::presets::WindowChoice;
use crate::states;
use crate::studies::{Arrival, Identity, MOST_FRAMES, Moment, OpenStack, OpenStudy, several};
use crate::tile::{self, Corners, Facts, Picture, Shading, Tile, TileState, Track, Words};
use crate::view::Viewport;

impl Reading {
    /// Describes a tile of `size_px` physical pixels at `scale` pixels per point; `pointer` is the pointer in the tile, physical
    /// pixels.
    pub fn tile(
        &self,
        viewport: usize,
        size_px: (u32, u32),
        scale: f64,
        pointer: Option<ViewportPoint>,
        now_ms: u64,
    ) -> Tile {
        let state = self.view.viewport(viewport);
        let mut tile = Tile {
            viewport,
            active: viewport == self.view.active(),
            state: state.map_or(TileState::Empty, |state| self.face(viewport, state, now_ms)),
            picture: None,
            corners: Corners::default(),
            badges: Vec::new(),
            reasons_against: Vec::new(),
            letters: None,
            scale_bar: None,
            marks: Vec::new(),
            drawings: Vec::new(),
            track: state.and_then(|state| self.track(state)),
            identity_removed: false,
        };
        if let Some((state, glass)) = state.and_then(|state| Some((state, state.glass.as_ref()?))) {
            self.describe(&mut tile, state, glass, size_px, scale, pointer);
        }
        tile
    }

    fn describe(
        &self,
        tile: &mut Tile,
        state: &Viewport,
        glass: &Glass,
        size_px: (u32, u32),
        scale: f64,
        pointer: Option<ViewportPoint>,
    ) {
        let sheet = glass.sheet(size_px);
        let lie = state.presentation.lie;
        let map = lie.viewport_from_image(sheet);
        let (letters, scale_bar) = tile::edges(&glass.frame, &map, size_px);
        let under_pointer = pointer.and_then(|at| map.image_at(at));
        let study = self.studies.study(&glass.frame_ref.study);
        let place = self.studies.place(&glass.frame_ref);
        let refused = place.and_then(|(stack, _)| refused(stack));
        let attention = self
            .state_words(state, glass)
            .into_iter()
            .chain(refused)
            .chain(study.and_then(|s| relation_words(s, glass)))
            .chain(study.and_then(|s| claim(s, glass)));
        tile.corners = Words {
            frame: &glass.frame,
            place: place.map(|(stack, at)| (at, stack.refs.len())),
            by_proportion: state.by_proportion.as_ref() == Some(&glass.frame_ref),
            shading: &glass.shading,
            window_name: &glass.window_name,
            inverted: state.presentation.inverted,
            colours: state.presentation.colours,
            over: state.presentation.over.words(&glass.frame.instance, glass.frame.index),
            px_per_column: lie.px_per_column(sheet),
            value: under_pointer.and_then(|point| tile::value_words(&glass.frame, point)),
            prior: self.prior_words(glass),
            attention: attention.collect(),
        }
        .corners(self.settings.overlay);
        tile.badges = Facts {
            frame: &glass.frame,
            study,
            stack: place.map(|(stack, _)| stack),
            has_letters: letters.is_some(),
            verification: &self.verification,
        }
        .badges();
        let frame = &glass.frame;
        tile.reasons_against =
            diagnosis::reasons_against(&frame.instance, frame.index, frame.quality, &self.verification);
        tile.letters = letters;
        tile.scale_bar = scale_bar;
        let marks = self.history.now().on(&glass.frame_ref);
        tile.marks = marks
            .map(|mark| tile::shape(mark, &glass.frame, &map, scale, self.selected == Some(mark.id)))
            .collect();
        if let Some((chosen, on)) = state.presentation.state.as_ref().zip(glass.on_state.as_ref()) {
            tile.drawings = tile::drawings((&chosen.state, on), sheet.image, &map, (size_px, scale));
        }
        tile.identity_removed = glass.frame.instance.patient.identity_removed;
        tile.picture = Some(Picture {
            frame_ref: glass.frame_ref.clone(),
            key: glass.key,
            frame: std::sync::Arc::clone(&glass.frame),
            viewport_from_image: map,
            shading: glass.shading.clone(),
            colours: state
                .presentation
                .colours
                .filter(|_| matches!(glass.shading, Shading::Grey { .. })),
            layers: glass.layers.clone(),
            interpolation: self.settings.interpolation.into(),
        });
    }

    /// What the reader must know of the presentation state that the image is shown by.
    fn state_words(&self, state: &Viewport, glass: &Glass) -> Vec<String> {
        let presentation = &state.presentation;
        let Some(chosen) = &presentation.state else {
            return Vec::new();
        };
        let changed = presentation.window != WindowChoice::Default
            || presentation.inverted
            || presentation.laid.is_some_and(|laid| laid != presentation.lie);
        let colour = glass.frame.decoded.colour_space().is_some();
        let screen_pixel_mm = self.settings.usable_screen_pixel_mm();
        states::attention(
            &chosen.state,
            glass.on_state.as_ref(),
            (changed, presentation.over.shutter_lifted),
            colour,
            screen_pixel_mm,
        )
    }

    fn face(&self, index: usize, state: &Viewport, now_ms: u64) -> TileState {
        let Some(id) = &state.stack else {
            return self.face_without_stack(index);
        };
        let Some(study) = self.studies.study(&id.study) else {
            return TileState::Empty;
        };
        if let Some(state) = identities(study) {
            return state;
        }
        let refused = state.wanted.as_ref().filter(|_| !state.is_current());
        if let Some(trouble) = refused.and_then(|f| self.refusals.get(f)) {
            return TileState::Refused {
                trouble: trouble.clone(),
            };
        }
        let waiting = || format!("waiting for {}", state.index + 1);
        match &state.glass {
            Some(_) if state.is_current() || !self.is_late(state.waiting_since, now_ms) => TileState::Shown,
            Some(_) => TileState::Late { sentence: waiting() },
            None => match &study.trouble {
                // What was here once comes again from the cache, whatever else of the study failed.
                Some(trouble) if !self.has_been_here(state) => TileState::Failed {
                    trouble: trouble.clone(),
                },
                _ if state.moved => TileState::Waiting { sentence: waiting() },
                _ => TileState::Waiting {
                    sentence: "waiting for the first image".to_owned(),
                },
            },
        }
    }

    fn has_been_here(&self, state: &Viewport) -> bool {
        let place = state.wanted.as_ref().and_then(|frame| self.studies.place(frame));
        let arrival = place.and_then(|(stack, place)| stack.arrivals.get(place));
        matches!(arrival, Some(Arrival::Here | Arrival::Seen))
    }

    /// A tile in which something will hang by itself says what it waits for.
    fn face_without_stack(&self, index: usize) -> TileState {
        let asked = self.kept.iter().find(|(_, tile)| *tile == index);
        let study = match asked {
            Some((study, _)) => self.studies.study(study),
            None => self.studies.open().get(index).filter(|_| !self.view.arranged),
        };
        let Some(study) = study else { return TileState::Empty };
        if let Some(state) = identities(study) {
            return state;
        }
        match &study.trouble {
            Some(trouble) => TileState::Failed {
                trouble: trouble.clone(),
            },
            None if study.complete => TileState::Failed {
                trouble: Trouble::no_images(),
            },
            None => TileState::Waiting {
                sentence: "waiting for the first image".to_owned(),
            },
        }
    }

    fn track(&self, state: &Viewport) -> Option<Track> {
        let stack = self.studies.stack(state.stack.as_ref()?)?;
        if stack.refs.len() < 2 {
            return None;
        }
        let shown = state
            .glass
            .as_ref()
            .and_then(|glass| self.studies.place(&glass.frame_ref));
        Some(Track {
            arrivals: stack.arrivals.clone(),
            shown: shown.filter(|(of, _)| of.id == stack.id).map(|(_, place)| place),
            wanted: state.index,
        })
    }

    /// "prior, 6 months" for another study than the current one: by what the objects themselves say, as the glass shows it.
    fn prior_words(&self, glass: &Glass) -> String {
        let Some(current) = self.studies.current().filter(|s| s.uid != glass.frame_ref.study) else {
            return String::new();
        };
        let text = &glass.frame.instance.text;
        let then = Moment::new(&text.study_date, &text.study_time);
        let now = current.taken();
        // What cannot be told apart in time is neither.
        let side = match (then.is_before(&now), now.is_before(&then)) {
            (true, _) => "prior",
            (_, true) => "later",
            _ => "other study",
        };
        match words::between(then.date(), now.date()) {
            between if between.is_empty() => side.to_owned(),
            between => format!("{side}, {between}"),
        }
    }

    /// The marks in the order in which they were made, in words; a probe's value is said while its image is in memory.
    pub fn mark_rows(&self, frames: &dyn Frames) -> Vec<MarkRow> {
        let marks = self.history.now().marks().iter();
        let rows = marks.filter_map(|mark| {
            let (stack, place) = self.studies.place(&mark.frame)?;
            let (instance, frame) = stack.frames.get(place)?;
            let words = match mark.kind {
                MarkKind::Length { ends } => measure::length_words(instance, *frame, ends),
                MarkKind::Probe { at } => frames
                    .get(&mark.frame)
                    .and_then(|frame| tile::value_words(&frame, at))
                    .unwrap_or_default(),
            };
            Some(MarkRow {
                id: mark.id,
                words,
                image: format!("image {}", place + 1),
            })
        });
        rows.collect()
    }

    /// Whose images are shown: from the frames on the glass, never from the worklist.
    pub fn header(&self) -> Header {
        let glasses: Vec<&Glass> = self
            .view
            .by_attention()
            .into_iter()
            .filter_map(|index| self.view.viewport(index)?.glass.as_ref())
            .collect();
        let current = self.studies.current().map(|s| &s.uid);
        let of_current = glasses.iter().find(|glass| Some(&glass.frame_ref.study) == current);
        let Some(glass) = of_current.or(glasses.first()) else {
            return Header::default();
        };
        let instance = &glass.frame.instance;
        let patient = &instance.patient;
        let labelled = |label: &str, text: &str| match text.trim() {
            "" => String::new(),
            text => format!("{label} {text}"),
        };
        let mut details = vec![
            words::sex(patient).to_owned(),
            words::age(patient, &instance.text.study_date),
            words::date(patient.birth_date.to_reader()),
            labelled("MRN", patient.id.to_reader()),
            labelled("ACC", instance.text.accession.to_reader()),
        ];
        details.retain(|detail| !detail.is_empty());
        let name = words::person(patient.name.to_reader());
        Header {
            person: if name.is_empty() { "no name".to_owned() } else { name },
            details,
            identity_removed: glasses.iter().any(|g| g.frame.instance.patient.identity_removed),
            several: glasses.iter().any(|g| several(patient, &g.frame.instance.patient)),
        }
    }
}

/// The face of a study whose pixels wait for the reader's word.
fn identities(study: &OpenStudy) -> Option<TileState> {
    let Identity::Questioned {
        witness,
        listed,
        object,
    } = &study.identity
    else {
        return None;
    };
    Some(TileState::Identities {
        study: study.uid.clone(),
        witness: *witness,
        listed: listed.clone(),
        object: object.clone(),
    })
}

/// "3 of 240 cannot be shown".
fn refused(stack: &OpenStack) -> Option<String> {
    let refused = stack.arrivals.iter().filter(|a| **a == Arrival::Refused).count();
    (refused > 0).then(|| format!("{refused} of {} cannot be shown", stack.refs.len()))
}

/// "an object claims 2000000 frames; 20000 can be looked at".
fn claim(study: &OpenStudy, glass: &Glass) -> Option<String> {
    let series = study.series.iter().find(|s| s.uid == glass.frame_ref.series)?;
    let claimed = series.claimed;
    (claimed > MOST_FRAMES).then(|| format!("an object claims {claimed} frames; {MOST_FRAMES} can be looked at"))
}

/// What the reader must know of a prior's patient.
fn relation_words(study: &OpenStudy, glass: &Glass) -> Option<String> {
    match study.relation? {
        SamePerson::OtherName => {
            let name = words::person(glass.frame.instance.patient.name.to_reader());
            Some(format!("name then: {name}"))
        }
        SamePerson::Contradicted => Some("birth date or sex differs from the current study's".to_owned()),
        SamePerson::Yes | SamePerson::No | SamePerson::Unknowable => None,
    }
}
