//! The one ordered list of frames that the screen needs.

use std::collections::HashSet;

use study::{FrameRef, FrameWants};

use crate::studies::{OpenStack, Studies};
use crate::view::View;

/// How many images on either side of a shown one are asked for before thumbnails.
const NEAR: usize = 8;
/// How many images of one stack are asked for at most.
const MOST_OF_A_STACK: usize = 600;

/// Frames on the screen by attention, then those around them, then thumbnails, then the rest of the stacks that hang.
pub(crate) fn gather(view: &View, studies: &Studies) -> FrameWants {
    let mut seen: HashSet<&FrameRef> = HashSet::new();
    let mut wants = FrameWants::default();
    let hung: Vec<(&OpenStack, usize, i32)> = view
        .by_attention()
        .into_iter()
        .filter_map(|index| view.viewports.get(index))
        .filter_map(|viewport| {
            let stack = studies.stack(viewport.stack.as_ref()?)?;
            Some((stack, viewport.index, viewport.heading))
        })
        .collect();
    for (stack, index, _) in &hung {
        if let Some(frame) = stack.refs.get(*index).filter(|f| seen.insert(f)) {
            wants.visible.push(frame.clone());
        }
    }
    let orders: Vec<Vec<usize>> = hung
        .iter()
        .map(|(stack, index, heading)| around(*index, stack.refs.len(), *heading))
        .collect();
    let by_turns = |from: usize, to: usize| {
        let (hung, orders) = (&hung, &orders);
        (from..to).flat_map(move |place| {
            hung.iter()
                .zip(orders)
                .filter_map(move |((stack, ..), order)| stack.refs.get(*order.get(place)?))
        })
    };
    let thumbnails = studies
        .open()
        .iter()
        .flat_map(|study| &study.series)
        .flat_map(|series| &series.stacks)
        .filter_map(OpenStack::thumbnail);
    let longest = orders.iter().map(Vec::len).max().unwrap_or(0).min(MOST_OF_A_STACK);
    let ordered = by_turns(0, NEAR).chain(thumbnails).chain(by_turns(NEAR, longest));
    wants.next = ordered.filter(|frame| seen.insert(frame)).cloned().collect();
    wants
}

/// The places of a stack around `index`, nearest first: two in the direction of scrolling for each one behind.
fn around(index: usize, count: usize, heading: i32) -> Vec<usize> {
    let mut ahead: Box<dyn Iterator<Item = usize>> = Box::new(index + 1..count);
    let mut behind: Box<dyn Iterator<Item = usize>> = Box::new((0..index.min(count)).rev());
    if heading < 0 {
        std::mem::swap(&mut ahead, &mut behind);
    }
    let mut order = Vec::with_capacity(count.saturating_sub(1));
    loop {
        let before = order.len();
        order.extend(ahead.next());
        order.extend(ahead.next());
        order.extend(behind.next());
        if order.len() == before {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_ahead_come_first_and_none_is_left_out() {
        assert_eq!(around(3, 9, 1), [4, 5, 2, 6, 7, 1, 8, 0]);
        assert_eq!(around(3, 9, -1), [2, 1, 4, 0, 5, 6, 7, 8]);
        assert!(around(0, 1, 1).is_empty());
        assert!(around(0, 0, 1).is_empty());
        let mut all = around(500, 1000, -1);
        all.sort_unstable();
        assert_eq!(all, (0..1000).filter(|i| *i != 500).collect::<Vec<_>>());
    }
}
