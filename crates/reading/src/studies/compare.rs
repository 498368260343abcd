//! Whether two identities may stand for one person, and whether two slices lie at one place.

use study::PatientIdentity;
use study::patient::{SamePerson, same_person};

use super::OpenStack;

/// Whether a row and its object name different persons, so that the pixels must wait.
///
/// A row without an ID says nothing: not every server gives one.
pub(crate) fn differ(listed: &PatientIdentity, object: &PatientIdentity) -> bool {
    let (a, b) = (listed.id.to_reader().trim(), object.id.to_reader().trim());
    if a.is_empty() {
        return false;
    }
    a != b || matches!(same_person(listed, object), SamePerson::No | SamePerson::Contradicted)
}

/// Whether two images beside each other are of more than one person, or may be.
pub(crate) fn several(a: &PatientIdentity, b: &PatientIdentity) -> bool {
    match same_person(a, b) {
        SamePerson::Yes | SamePerson::OtherName => false,
        SamePerson::No | SamePerson::Contradicted => true,
        // Nothing can be known of an empty ID; but two images of one study say the same.
        SamePerson::Unknowable => (&a.id, &a.name) != (&b.id, &b.name),
    }
}

/// The image of another stack that lies where an image of this one lies: by position in the same frame of reference, else by
/// the same part of the stack's length.
pub(crate) fn same_place(from: &OpenStack, index: usize, to: &OpenStack) -> usize {
    let plane = |stack: &OpenStack, index: usize| {
        let (instance, frame) = stack.frames.get(index)?;
        instance.frame_geometry(*frame)?.plane.clone()
    };
    let last = |stack: &OpenStack| stack.refs.len().saturating_sub(1);
    if let Some(here) = plane(from, index) {
        let normal = here.normal();
        let at = here.position_along(normal);
        let nearest = (0..to.refs.len())
            .filter_map(|i| Some((i, plane(to, i)?)))
            .filter(|(_, there)| {
                there.frame_of_reference.is_some() && there.frame_of_reference == here.frame_of_reference
            })
            .map(|(i, there)| (i, (there.position_along(normal) - at).abs()))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((nearest, _)) = nearest {
            return nearest;
        }
    }
    let part = index as f64 / last(from).max(1) as f64;
    ((part * last(to) as f64).round() as usize).min(last(to))
}
