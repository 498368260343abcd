//! When nobody may diagnose from what is shown. Where nothing is wrong nothing is written, so that it is read when it comes.

use study::{Instance, LossyState, Quality};

use crate::Verification;

/// What stands across a tile or a window for which there is a reason.
pub const NOT_FOR_DIAGNOSIS: &str = "NOT FOR DIAGNOSIS";

/// Mammography and breast tomosynthesis, for presentation and for processing (PS3.4 B.5), whatever their modality says.
const MAMMOGRAPHY: [&str; 5] = [
    "1.2.840.10008.5.1.4.1.1.1.2",
    "1.2.840.10008.5.1.4.1.1.1.2.1",
    "1.2.840.10008.5.1.4.1.1.13.1.3",
    "1.2.840.10008.5.1.4.1.1.13.1.4",
    "1.2.840.10008.5.1.4.1.1.13.1.5",
];

/// Modalities under which films and plates of a breast come: scanned ones are no MG.
const FILM: [&str; 5] = ["RG", "CR", "DX", "OT", "SC"];
/// Views that only mammography has (PS3.16 CID 4014), as they are shown.
const VIEWS: [&str; 9] = ["CC", "MLO", "ML", "LMO", "FB", "SIO", "ISO", "XCCL", "XCCM"];

/// Why nobody may diagnose from a frame (from 0), each reason in one sentence; empty where nothing is wrong.
pub fn reasons_against(instance: &Instance, frame: u32, quality: Quality, verification: &Verification) -> Vec<String> {
    let mut reasons = Vec::new();
    if quality == Quality::Preview {
        reasons.push("This is a preview; the image itself is still to come.".to_owned());
    }
    if instance.frame_geometry(frame).is_some_and(|g| g.orientation_refused) {
        reasons.push("What the image says of its orientation makes no sense.".to_owned());
    }
    if is_lossy_mammogram(instance) {
        reasons.push("This mammogram was compressed with loss.".to_owned());
    }
    if let Verification::Unverified { why } = verification {
        reasons.push(format!("The display is unverified. {why}"));
    }
    reasons
}

/// Why nobody may diagnose in this window, where its picture goes to a screen that this program does not know.
pub(crate) fn remote(session: &str) -> String {
    format!(
        "This window is shown through {session}, which changes pixels on their way. \
         Read on the screen of the computer that Farsight runs on."
    )
}

fn is_lossy_mammogram(instance: &Instance) -> bool {
    let LossyState { lossy, .. } = instance.lossy;
    lossy && is_mammogram(instance)
}

/// By its modality, by its class, or as the radiograph or scanned film of a breast.
fn is_mammogram(instance: &Instance) -> bool {
    let text = &instance.text;
    let of_breast = text.body_part == "BREAST" || VIEWS.contains(&text.view_position.as_str());
    text.modality == "MG"
        || MAMMOGRAPHY.contains(&instance.sop_class.as_str())
        || FILM.contains(&text.modality.as_str()) && of_breast
}
