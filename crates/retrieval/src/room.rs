//! Memory for objects that are on their way: small ones have theirs for sure, large ones wait for each other.

use std::sync::Arc;

use dicomweb::Lane;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Up to so many bytes an object is small. Requests are few, so small objects take little together.
const SMALL: u64 = 32 << 20;

/// Room for large objects: one in each lane, so that what is on the screen does not wait behind the bulk. One object is at most
/// what the client's patience allows.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    small: u64,
    interactive: Arc<Semaphore>,
    bulk: Arc<Semaphore>,
}

impl Default for Room {
    fn default() -> Self {
        Self::with_small(SMALL)
    }
}

impl Room {
    /// With another size up to which an object is small, bytes.
    pub(crate) fn with_small(small: u64) -> Self {
        Self {
            small,
            interactive: Arc::new(Semaphore::new(1)),
            bulk: Arc::new(Semaphore::new(1)),
        }
    }

    /// A place for one object.
    pub(crate) fn place(&self, lane: Lane) -> RoomPlace {
        RoomPlace {
            small: self.small,
            lane: match lane {
                Lane::Interactive => Arc::clone(&self.interactive),
                Lane::Bulk => Arc::clone(&self.bulk),
            },
            large: None,
        }
    }
}

/// One object's place; the room is free again when it is dropped.
#[derive(Debug)]
pub(crate) struct RoomPlace {
    small: u64,
    lane: Arc<Semaphore>,
    large: Option<OwnedSemaphorePermit>,
}

impl RoomPlace {
    /// Waits until the object may have so many bytes.
    pub(crate) async fn grow(&mut self, bytes: u64) {
        if bytes > self.small && self.large.is_none() {
            // Never closed.
            self.large = Arc::clone(&self.lane).acquire_owned().await.ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn large_objects_of_a_lane_wait_for_each_other_and_small_ones_for_nobody() {
        let room = Room::with_small(100);
        let grows = |place: &mut RoomPlace, bytes| place.grow(bytes).now_or_never().is_some();
        let mut first = room.place(Lane::Bulk);
        assert!(grows(&mut first, 100) && grows(&mut first, 101) && grows(&mut first, 5000));
        let mut second = room.place(Lane::Bulk);
        assert!(grows(&mut second, 100), "small");
        assert!(!grows(&mut second, 101));
        let mut wanted = room.place(Lane::Interactive);
        assert!(grows(&mut wanted, 101), "the other lane");
        drop(first);
        assert!(grows(&mut second, 101));
    }
}
