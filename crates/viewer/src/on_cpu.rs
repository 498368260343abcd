//! The CPU's picture of a tile, for an adapter that does not draw exactly: finished pixels, which the adapter only copies.

use std::collections::BTreeMap;
use std::sync::Arc;

use pixels::picture;
use render::Picture;

use crate::aside::{Aside, Done};
use crate::screen::Texels;

/// Samples that are read for a picture within a pass; a picture of more is made beside the window.
const AT_ONCE: f64 = 6e6;

/// A tile's finished picture: red, green, blue and alpha, row by row.
#[derive(Clone)]
pub(crate) struct Finished {
    picture: Picture,
    pub(crate) rgba: Arc<Vec<u8>>,
}

/// The finished pictures of the tiles.
#[derive(Default)]
pub(crate) struct OnCpu {
    made: BTreeMap<usize, Finished>,
    under_way: BTreeMap<usize, Picture>,
}

impl OnCpu {
    /// A tile's finished picture; `None` while it is being made beside the window.
    pub(crate) fn get(
        &mut self,
        viewport: usize,
        picture: &Picture,
        texels: &Texels,
        aside: &Aside,
    ) -> Option<Arc<Vec<u8>>> {
        if let Some(made) = self.made.get(&viewport).filter(|made| same(&made.picture, picture)) {
            return Some(Arc::clone(&made.rgba));
        }
        if reads(picture) <= AT_ONCE {
            let finished = finished(picture, texels);
            let rgba = Arc::clone(&finished.rgba);
            self.made.insert(viewport, finished);
            return Some(rgba);
        }
        let waited_for = self.under_way.get(&viewport).is_some_and(|under| same(under, picture));
        if !waited_for {
            self.under_way.insert(viewport, picture.clone());
            let (picture, texels) = (picture.clone(), texels.clone());
            aside.work(move || Done::Finished(viewport, Box::new(finished(&picture, &texels))));
        }
        None
    }

    /// Takes in a picture that was made beside the window, when it is still the one that is waited for.
    pub(crate) fn made(&mut self, viewport: usize, finished: Finished) {
        let waited_for = self.under_way.get(&viewport);
        if waited_for.is_some_and(|under| same(under, &finished.picture)) {
            self.under_way.remove(&viewport);
            self.made.insert(viewport, finished);
        }
    }
}

/// Whether two pictures hold the same pixels; where they lie on the window does not matter.
fn same(a: &Picture, b: &Picture) -> bool {
    let shared = |a: &Option<Arc<_>>, b: &Option<Arc<_>>| match (a, b) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    };
    let covers = match (&a.cover, &b.cover) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b),
        (None, None) => true,
        _ => false,
    };
    a.frame == b.frame
        && a.map == b.map
        && a.size == b.size
        && a.interpolation == b.interpolation
        && a.colours == b.colours
        && shared(&a.table, &b.table)
        && covers
}

/// How many samples a picture reads, about.
fn reads(picture: &Picture) -> f64 {
    let map = &picture.map;
    let scale = (map.a * map.e - map.b * map.d).abs();
    let each = if scale >= 1.0 { 4.0 } else { 4.0 + 1.0 / scale.max(1e-9) };
    f64::from(picture.size.0) * f64::from(picture.size.1) * each
}

fn finished(picture: &Picture, texels: &Texels) -> Finished {
    let (map, size, interpolation) = (&picture.map, picture.size, picture.interpolation);
    let mut rgb = match (texels, &picture.table) {
        (Texels::Grey { frame, modality, .. }, Some(table)) => {
            let levels = picture::grey(&frame.decoded.frame, modality, table, map, size, interpolation);
            picture::coloured(&levels, picture.colours)
        }
        (Texels::Colour { rgb, size: image }, _) => picture::colour(rgb, *image, map, size, interpolation),
        // A grey picture without a table is none.
        (Texels::Grey { .. }, None) => vec![0; size.0 as usize * size.1 as usize * 3],
    };
    if let Some(cover) = &picture.cover {
        picture::lay_over(&mut rgb, cover, map, size);
    }
    let pixels = rgb.as_chunks::<3>().0;
    let rgba = pixels.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect();
    Finished {
        picture: picture.clone(),
        rgba: Arc::new(rgba),
    }
}
