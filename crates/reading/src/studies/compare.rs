//! Whether two identities may stand for one person, and whether two slices lie at one place.

use space::PatientFromImage;
use study::PatientIdentity;
use study::patient::{SamePerson, same_person, words_contradict};

use super::OpenStack;

/// Whether an object names another person than it should, so that its pixels must wait.
///
/// An ID that is expected must be the object's. Where IDs say nothing – not every server gives one, and many objects share a
/// placeholder – name, birth date and sex decide.
pub(crate) fn differ(expected: &PatientIdentity, object: &PatientIdentity) -> bool {
    match same_person(expected, object) {
        SamePerson::Yes | SamePerson::OtherName => false,
        SamePerson::No | SamePerson::Contradicted => true,
        SamePerson::Unknowable => {
            let (a, b) = (expected.id.to_reader().trim(), object.id.to_reader().trim());
            (!a.is_empty() && a != b) || words_contradict(expected, object)
        }
    }
}

/// Whether two identities are surely one: word for word, or by an ID that nothing contradicts.
pub(crate) fn is_one(a: &PatientIdentity, b: &PatientIdentity) -> bool {
    let told = |p: &PatientIdentity| [&p.id, &p.issuer, &p.name, &p.birth_date, &p.sex].map(Clone::clone);
    told(a) == told(b) || matches!(same_person(a, b), SamePerson::Yes | SamePerson::OtherName)
}

/// Whether two images beside each other are of more than one person, or may be.
pub(crate) fn several(a: &PatientIdentity, b: &PatientIdentity) -> bool {
    match same_person(a, b) {
        SamePerson::Yes | SamePerson::OtherName => false,
        SamePerson::No | SamePerson::Contradicted => true,
        // Nothing can be known of an empty ID; but two images of one study say the same.
        SamePerson::Unknowable => (&a.id, &a.name) != (&b.id, &b.name) || words_contradict(a, b),
    }
}

/// Where one stack stands beside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The image, from 0.
    pub(crate) index: usize,
    /// Only the same part of the stack's length: nothing says that it is the same place in the body.
    pub(crate) by_proportion: bool,
}

/// The image of another stack that lies where an image of this one lies: by position among parallel planes of the same frame of
/// reference, else by the same part of the stack's length.
pub(crate) fn same_place(from: &OpenStack, index: usize, to: &OpenStack) -> Place {
    /// Planes whose normals agree so far are parallel.
    const PARALLEL: f64 = 0.95;
    let plane = |stack: &OpenStack, index: usize| {
        let (instance, frame) = stack.frames.get(index)?;
        instance.frame_geometry(*frame)?.plane.clone()
    };
    let last = |stack: &OpenStack| stack.refs.len().saturating_sub(1);
    if let Some(here) = plane(from, index)
        && let Some(normal) = here.normal().unit()
    {
        let at = here.position_along(normal);
        let is_parallel = |other: &PatientFromImage| {
            let along = other.normal().unit().map(|other| other.dot(normal).abs());
            along.is_some_and(|along| along > PARALLEL)
        };
        let nearest = (0..to.refs.len())
            .filter_map(|i| Some((i, plane(to, i)?)))
            .filter(|(_, there)| {
                there.frame_of_reference.is_some() && there.frame_of_reference == here.frame_of_reference
            })
            .filter(|(_, there)| is_parallel(there))
            .map(|(i, there)| (i, (there.position_along(normal) - at).abs()))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((index, _)) = nearest {
            return Place {
                index,
                by_proportion: false,
            };
        }
    }
    let part = index as f64 / last(from).max(1) as f64;
    Place {
        index: ((part * last(to) as f64).round() as usize).min(last(to)),
        by_proportion: true,
    }
}
