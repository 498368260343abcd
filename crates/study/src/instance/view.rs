//! Side and view of an image, in the words of the standard.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use super::geometry::Groups;
use crate::attribute::{item, text};
use crate::object::Oddities;

/// Frame Laterality, else Image Laterality, else Laterality; several that differ are all shown, never chosen from.
pub(super) fn laterality(top: &InMemDicomObject, oddities: &mut Oddities) -> String {
    let frame = Groups::of(top, 0)
        .group(tags::FRAME_ANATOMY_SEQUENCE)
        .map(|group| text(group, tags::FRAME_LATERALITY))
        .unwrap_or_default();
    let mut said = [frame, text(top, tags::IMAGE_LATERALITY), text(top, tags::LATERALITY)]
        .into_iter()
        .filter(|side| !side.is_empty());
    let first = said.next().unwrap_or_default();
    match said.find(|side| *side != first) {
        None => first,
        Some(other) => {
            oddities.note("The image names two different sides; both are shown.");
            format!("{first}/{other}?")
        }
    }
}

/// Mammographic views (PS3.16 CID 4014) by SNOMED RT and SNOMED CT code; old units write SNM3 for the former.
const VIEWS: [(&str, &str, &str); 12] = [
    ("R-10242", "399162004", "CC"),
    ("R-10226", "399368009", "MLO"),
    ("R-10224", "399260004", "ML"),
    ("R-10228", "399352003", "LM"),
    ("R-10230", "", "LMO"),
    ("R-10244", "", "FB"),
    ("R-102D0", "", "SIO"),
    ("R-40AAA", "", "ISO"),
    ("R-1024A", "", "XCCL"),
    ("Y-X1770", "", "XCCL"),
    ("R-1024B", "", "XCCM"),
    ("Y-X1771", "", "XCCM"),
];

/// The view's short name: by View Code Sequence (0054,0220) where it is a known mammographic one, else View Position (0018,5101).
pub(super) fn view_position(top: &InMemDicomObject) -> String {
    let coded = item(top, tags::VIEW_CODE_SEQUENCE)
        .map(|code| text(code, tags::CODE_VALUE))
        .filter(|code| !code.is_empty())
        .and_then(|code| VIEWS.iter().find(|(rt, ct, _)| *rt == code || *ct == code));
    match coded {
        Some((_, _, name)) => (*name).to_owned(),
        None => text(top, tags::VIEW_POSITION),
    }
}
