//! One instance of an open study.

use std::path::PathBuf;
use std::sync::Arc;

use study::{Instance, InstanceUid, SeriesUid};

use crate::Failure;
use crate::cache::Blob;

/// Where an instance's bytes are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// Sealed on the disk.
    Sealed(Blob),
    /// In a file of the reader's own.
    File(Arc<PathBuf>),
    /// In a zip, by its number there.
    Zipped(Arc<PathBuf>, usize),
    /// In memory only, until it is sealed or because the disk takes nothing.
    Held,
}

/// How far an instance has come.
#[derive(Clone, Debug)]
pub(crate) enum State {
    /// Not here yet.
    Missing,
    /// Asked for, with this ticket.
    UnderWay(u64),
    /// Here, its identity checked.
    Here(Place),
    /// It was here, and neither disk nor memory could keep it: asked for again when somebody wants it.
    LetGo,
    /// It cannot be had.
    Refused(Failure),
}

/// One instance of an open study.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) series: SeriesUid,
    pub(crate) uid: InstanceUid,
    /// Instance Number, for an order before anything else is known.
    pub(crate) number: Option<i64>,
    /// Where it lies along its normal, mm.
    pub(crate) along: Option<f64>,
    /// What is known of it: its own header once it is here, else the source's metadata.
    pub(crate) instance: Option<Arc<Instance>>,
    /// The metadata is its own header.
    pub(crate) own: bool,
    pub(crate) state: State,
    /// It was fetched in an earlier opening and has not been asked for since.
    pub(crate) cached: bool,
    /// How often it was asked for in vain.
    pub(crate) tries: u32,
    /// How many answers the source had given when it first failed.
    pub(crate) failed_at: u64,
    /// Bytes of the object, once it is here.
    pub(crate) bytes: u64,
}

impl Entry {
    pub(crate) fn new(series: SeriesUid, uid: InstanceUid, number: Option<i64>) -> Self {
        Self {
            series,
            uid,
            number,
            along: None,
            instance: None,
            own: false,
            state: State::Missing,
            cached: false,
            tries: 0,
            failed_at: 0,
            bytes: 0,
        }
    }

    /// Takes what became known of it.
    pub(crate) fn describe(&mut self, instance: &Arc<Instance>) {
        self.number = instance.instance_number;
        self.along = instance
            .frame_geometry(0)
            .and_then(|geometry| geometry.plane.as_ref())
            .map(|plane| plane.position_along(plane.normal()));
        self.instance = Some(Arc::clone(instance));
    }

    /// Its place, if it is here.
    pub(crate) fn place(&self) -> Option<&Place> {
        match &self.state {
            State::Here(place) => Some(place),
            _ => None,
        }
    }

    /// It was checked, whether or not it could be kept.
    pub(crate) fn arrived(&self) -> bool {
        matches!(self.state, State::Here(_) | State::LetGo)
    }

    /// Frames, as far as is known.
    pub(crate) fn frames(&self) -> u32 {
        self.instance.as_ref().map_or(0, |instance| instance.frames)
    }

    /// Bytes of one decoded frame, estimated from the layout.
    pub(crate) fn frame_bytes(&self) -> u64 {
        self.instance
            .as_ref()
            .and_then(|instance| instance.layout.as_ref())
            .map_or(0, |layout| {
                u64::from(layout.rows)
                    * u64::from(layout.columns)
                    * u64::from(layout.samples_per_pixel)
                    * u64::from(layout.bits_allocated.div_ceil(8))
            })
    }
}
