//! What the tiles need beside the frame: display tables, built only when their parameters change, and colours, converted once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use pixels::cover::{Cover, Layers};
use pixels::display::DisplayTable;
use reading::Trouble;
use reading::tile::{Picture, Shading};
use render::FrameKey;
use study::{DecodedFrame, FrameRef};

use crate::aside::{Aside, Done};
use crate::log_file::Log;
use crate::screen::Texels;

/// Pixels that are converted at once; more are converted beside the window.
const AT_ONCE: usize = 1 << 20;
/// Bytes of converted colours that are kept.
const COLOUR_BYTES: usize = 256 << 20;

/// Tables and colours of the open studies.
#[derive(Default)]
pub(crate) struct Pictures {
    tables: BTreeMap<usize, (u64, Arc<DisplayTable>)>,
    colours: BTreeMap<FrameRef, Result<Arc<Vec<u8>>, String>>,
    order: VecDeque<FrameRef>,
    bytes: usize,
    under_way: BTreeSet<FrameRef>,
    refused: BTreeMap<FrameRef, Trouble>,
    built: u64,
    covers: BTreeMap<usize, Laid>,
    mixed: BTreeMap<usize, (u64, Mixed)>,
}

/// Red, green and blue of an image, and its columns and rows.
type Mixed = (Arc<Vec<u8>>, (u32, u32));

/// What lies over the image of a tile; `None` while it is made.
struct Laid {
    layers: Arc<Layers>,
    size: (u32, u32),
    cover: Option<Arc<Cover>>,
}

/// What became of a picture.
pub(crate) enum Ready {
    /// It can be drawn.
    Draw(render::Picture, Texels),
    /// Its colours are being converted, or what lies over it is being laid.
    Soon,
    /// It cannot be shown, and why.
    Refused(Trouble),
}

impl Pictures {
    /// Everything that drawing a tile's picture needs; `origin` and `size` in physical pixels.
    pub(crate) fn ready(
        &mut self,
        viewport: usize,
        picture: &Picture,
        origin: (u32, u32),
        size: (u32, u32),
        aside: &Aside,
        log: &Log,
    ) -> Ready {
        let (texels, table) = match &picture.shading {
            Shading::Grey {
                parameters,
                revision,
                supplemental: Some(palette),
            } => match self.mixed(viewport, *revision, parameters, palette, &picture.frame) {
                Ok((rgb, size)) => (Texels::Colour { rgb, size }, None),
                Err(sentence) => return Ready::Refused(self.refused(&picture.frame_ref, sentence, log)),
            },
            Shading::Grey {
                parameters,
                revision,
                supplemental: None,
            } => match self.table(viewport, *revision, parameters) {
                Ok(table) => {
                    let texels = Texels::Grey {
                        frame: Arc::clone(&picture.frame),
                        modality: parameters.modality.clone(),
                        padding: parameters.padding,
                    };
                    (texels, Some(table))
                }
                Err(sentence) => return Ready::Refused(self.refused(&picture.frame_ref, sentence, log)),
            },
            Shading::Colour { .. } => match self.colour(picture, aside) {
                Some(Ok(rgb)) => {
                    let stored = &picture.frame.decoded.frame;
                    let size = (stored.columns, stored.rows);
                    (Texels::Colour { rgb, size }, None)
                }
                Some(Err(sentence)) => return Ready::Refused(self.refused(&picture.frame_ref, sentence, log)),
                None => return Ready::Soon,
            },
        };
        let cover = match &picture.layers {
            None => None,
            Some(layers) => match self.cover(viewport, layers, &picture.frame, aside) {
                Some(cover) => Some(cover),
                None => return Ready::Soon,
            },
        };
        let drawn = render::Picture {
            frame: FrameKey(picture.key),
            map: picture.viewport_from_image,
            origin,
            size,
            interpolation: picture.interpolation,
            table,
            colours: picture.colours,
            cover,
        };
        Ready::Draw(drawn, texels)
    }

    /// The failure of a frame; it is logged when it is new, and keeps its reference from pass to pass.
    fn refused(&mut self, name: &FrameRef, sentence: String, log: &Log) -> Trouble {
        let known = self.refused.get(name).filter(|known| known.sentence == sentence);
        if let Some(known) = known {
            return known.clone();
        }
        let about = log.hashed(name.instance.as_str());
        let trouble = Trouble {
            sentence,
            reference: log.failure("undecodable", Some(about)).to_string(),
            retryable: false,
        };
        self.refused.insert(name.clone(), trouble.clone());
        trouble
    }

    /// The colours of a grey image with a supplemental palette, made anew with each table.
    fn mixed(
        &mut self,
        viewport: usize,
        revision: u64,
        parameters: &pixels::display::Parameters,
        palette: &pixels::colour::Palette,
        frame: &DecodedFrame,
    ) -> Result<Mixed, String> {
        if let Some((_, mixed)) = self.mixed.get(&viewport).filter(|(made, _)| *made == revision) {
            return Ok(mixed.clone());
        }
        let table = self.table(viewport, revision, parameters)?;
        let stored = &frame.decoded.frame;
        let rgb = pixels::supplemental::rgb8(stored, &parameters.modality, &table, palette);
        let mixed = (Arc::new(rgb), (stored.columns, stored.rows));
        self.mixed.insert(viewport, (revision, mixed.clone()));
        Ok(mixed)
    }

    /// What lies over a tile's image; large ones are laid beside the window, and `None` until then.
    fn cover(
        &mut self,
        viewport: usize,
        layers: &Arc<Layers>,
        frame: &DecodedFrame,
        aside: &Aside,
    ) -> Option<Arc<Cover>> {
        let stored = &frame.decoded.frame;
        let size = (stored.columns, stored.rows);
        let is_it = |laid: &Laid| laid.size == size && (Arc::ptr_eq(&laid.layers, layers) || laid.layers == *layers);
        if let Some(laid) = self.covers.values().find(|laid| is_it(laid)) {
            // Under way it is asked for again by every pass.
            let cover = laid.cover.clone();
            let laid = Laid {
                size,
                layers: Arc::clone(layers),
                cover: cover.clone(),
            };
            self.covers.insert(viewport, laid);
            return cover;
        }
        let at_once = size.0 as usize * size.1 as usize <= AT_ONCE / 4;
        let laid = Laid {
            size,
            layers: Arc::clone(layers),
            cover: at_once.then(|| Arc::new(layers.cover(size))),
        };
        let cover = laid.cover.clone();
        self.covers.insert(viewport, laid);
        if !at_once {
            let layers = Arc::clone(layers);
            aside.work(move || Done::Cover(Arc::clone(&layers), size, Arc::new(layers.cover(size))));
        }
        cover
    }

    /// Takes in a cover that was laid beside the window.
    pub(crate) fn covered(&mut self, layers: &Arc<Layers>, size: (u32, u32), cover: &Arc<Cover>) {
        for laid in self.covers.values_mut() {
            if laid.size == size && laid.layers == *layers {
                laid.cover = Some(Arc::clone(cover));
            }
        }
    }

    fn table(
        &mut self,
        viewport: usize,
        revision: u64,
        parameters: &pixels::display::Parameters,
    ) -> Result<Arc<DisplayTable>, String> {
        let known = self.tables.values().find(|(known, _)| *known == revision);
        if let Some((_, table)) = known {
            let table = Arc::clone(table);
            self.tables.insert(viewport, (revision, Arc::clone(&table)));
            return Ok(table);
        }
        let table = Arc::new(DisplayTable::build(parameters).map_err(|e| e.to_string())?);
        self.built += 1;
        self.tables.insert(viewport, (revision, Arc::clone(&table)));
        Ok(table)
    }

    fn colour(&mut self, picture: &Picture, aside: &Aside) -> Option<Result<Arc<Vec<u8>>, String>> {
        let name = &picture.frame_ref;
        if let Some(known) = self.colours.get(name) {
            return Some(known.clone());
        }
        if self.under_way.contains(name) {
            return None;
        }
        let picture = picture.clone();
        let stored = &picture.frame.decoded.frame;
        if stored.columns as usize * stored.rows as usize <= AT_ONCE {
            let converted = converted(&picture);
            self.keep(picture.frame_ref, converted.clone());
            return Some(converted);
        }
        self.under_way.insert(name.clone());
        aside.work(move || Done::Colour(picture.frame_ref.clone(), converted(&picture)));
        None
    }

    /// Takes in colours that were converted beside the window.
    pub(crate) fn converted(&mut self, name: FrameRef, colours: Result<Arc<Vec<u8>>, String>) {
        if self.under_way.remove(&name) {
            self.keep(name, colours);
        }
    }

    fn keep(&mut self, name: FrameRef, colours: Result<Arc<Vec<u8>>, String>) {
        self.bytes += colours.as_ref().map_or(0, |c| c.len());
        self.order.push_back(name.clone());
        self.colours.insert(name, colours);
        while self.bytes > COLOUR_BYTES && self.order.len() > 1 {
            let Some(oldest) = self.order.pop_front() else { return };
            if let Some(Ok(old)) = self.colours.remove(&oldest) {
                self.bytes -= old.len();
            }
        }
    }

    /// How many tables have been built: a test counts them.
    pub(crate) fn tables_built(&self) -> u64 {
        self.built
    }

    /// Lets go of everything.
    pub(crate) fn forget(&mut self) {
        let built = self.built;
        *self = Self::default();
        self.built = built;
    }
}

fn converted(picture: &Picture) -> Result<Arc<Vec<u8>>, String> {
    match picture.frame.instance.rgb8(&picture.frame.decoded) {
        Some(rgb) => rgb.map(Arc::new).map_err(|e| e.to_string()),
        None => Err("The image holds no colours.".to_owned()),
    }
}
