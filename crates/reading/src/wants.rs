//! The one ordered list of frames that the screen needs.

use std::collections::HashSet;

use study::FrameWants;

use crate::studies::{OpenStack, Studies};
use crate::view::View;

/// How many images on either side of a shown one are asked for before thumbnails.
const NEAR: usize = 8;
/// How many images around all shown ones together are asked for at most.
const MOST: usize = 1200;

/// Frames on the screen by attention, then those around them, then thumbnails, then the rest of the stacks that hang.
pub(crate) fn gather(view: &View, studies: &Studies) -> FrameWants {
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
    // A frame stands at one place of one stack; places are cheaper to compare than names.
    let mut seen: HashSet<(*const OpenStack, usize)> = HashSet::new();
    let mut unseen = |stack: &OpenStack, place: usize| seen.insert((std::ptr::from_ref(stack), place));
    for (stack, index, _) in &hung {
        if let Some(frame) = stack.refs.get(*index).filter(|_| unseen(stack, *index)) {
            wants.visible.push(frame.clone());
        }
    }
    let longest = MOST / hung.len().max(1);
    let orders: Vec<Vec<usize>> = hung
        .iter()
        .map(|(stack, index, heading)| around(*index, stack.refs.len(), *heading, longest))
        .collect();
    let by_turns = |from: usize, to: usize| {
        let (hung, orders) = (&hung, &orders);
        (from..to).flat_map(move |turn| {
            let stacks = hung.iter().map(|(stack, ..)| *stack).zip(orders);
            stacks.filter_map(move |(stack, order)| Some((stack, *order.get(turn)?)))
        })
    };
    let thumbnails = studies
        .open()
        .iter()
        .flat_map(|study| study.stacks())
        .map(|stack| (stack, stack.refs.len() / 2));
    wants.next = by_turns(0, NEAR)
        .chain(thumbnails)
        .chain(by_turns(NEAR, longest))
        .filter(|(stack, place)| unseen(stack, *place))
        .filter_map(|(stack, place)| stack.refs.get(place).cloned())
        .collect();
    wants
}

/// At most about `most` places of a stack around `index`, nearest first: two in the direction of scrolling for each one behind.
fn around(index: usize, count: usize, heading: i32, most: usize) -> Vec<usize> {
    let mut ahead: Box<dyn Iterator<Item = usize>> = Box::new(index + 1..count);
    let mut behind: Box<dyn Iterator<Item = usize>> = Box::new((0..index.min(count)).rev());
    if heading < 0 {
        std::mem::swap(&mut ahead, &mut behind);
    }
    let mut order = Vec::with_capacity(count.min(most + 2));
    loop {
        let before = order.len();
        order.extend(ahead.next());
        order.extend(ahead.next());
        order.extend(behind.next());
        if order.len() == before || order.len() >= most {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_ahead_come_first_and_none_is_left_out() {
        assert_eq!(around(3, 9, 1, 2000), [4, 5, 2, 6, 7, 1, 8, 0]);
        assert_eq!(around(3, 9, -1, 2000), [2, 1, 4, 0, 5, 6, 7, 8]);
        assert!(around(0, 1, 1, 2000).is_empty());
        assert!(around(0, 0, 1, 2000).is_empty());
        assert_eq!(around(3, 9, 1, 3), [4, 5, 2]);
        let mut all = around(500, 1000, -1, 2000);
        all.sort_unstable();
        assert_eq!(all, (0..1000).filter(|i| *i != 500).collect::<Vec<_>>());
    }
}
