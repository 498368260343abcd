//! The small words in a tile's lower right corner: what must be known of the image on the glass, each with what explains it.

use study::{DecodedFrame, LossyEncoding, LossyState, LossyStep, Oddity, Quality, Spacing};

use super::{Badge, BadgeKind, Tone};
use crate::Verification;
use crate::cine::UNTIMED_MS;
use crate::figures::{self, GAP, fixed};
use crate::studies::{OpenStack, OpenStudy};

/// A pixel whose sides differ by less than this part is square: figures in headers are rounded.
const SQUARE: f64 = 0.001;

/// Modalities whose images are reports of directions in the patient: where these lack, something is missing.
const DIRECTED: [&str; 11] = ["CT", "MR", "PT", "NM", "CR", "DX", "MG", "XA", "RF", "PX", "IO"];

/// Modalities whose multi-frame images are films.
const FILMS: [&str; 7] = ["US", "IVUS", "XA", "RF", "ES", "XC", "GM"];

/// What badges are made from.
pub(crate) struct Facts<'a> {
    /// The frame on the glass.
    pub(crate) frame: &'a DecodedFrame,
    /// The study that it belongs to, as far as it is open.
    pub(crate) study: Option<&'a OpenStudy>,
    /// The stack that it stands in.
    pub(crate) stack: Option<&'a OpenStack>,
    /// Letters stand at its edges.
    pub(crate) has_letters: bool,
    /// Whether what draws it is known to draw exactly.
    pub(crate) verification: &'a Verification,
}

impl Facts<'_> {
    /// The badges in the order in which they are read. The first one is always there.
    pub(crate) fn badges(&self) -> Vec<Badge> {
        let badges = [
            Some(self.quality()),
            self.lossy(),
            self.display(),
            self.corrected(),
            self.spacing(),
            self.shape(),
            self.orientation(),
            self.rate(),
            self.odd(),
            self.cached(),
            self.partial(),
        ];
        badges.into_iter().flatten().collect()
    }

    fn quality(&self) -> Badge {
        match self.frame.quality {
            Quality::Full => badge(
                (BadgeKind::Quality, Tone::Quiet),
                "full",
                "These are the values that the image was stored with.",
            ),
            Quality::Preview => badge(
                (BadgeKind::Quality, Tone::Lossy),
                "preview",
                "This is a preview; the image itself is still to come.",
            ),
        }
    }

    fn lossy(&self) -> Option<Badge> {
        let lossy = &self.frame.instance.lossy;
        let word = match lossy.ratio {
            Some(ratio) => format!("lossy{GAP}{}", by_ratio(ratio)),
            None => "lossy".to_owned(),
        };
        lossy
            .lossy
            .then(|| badge((BadgeKind::Lossy, Tone::Lossy), word, lossy_words(lossy)))
    }

    fn display(&self) -> Option<Badge> {
        let Verification::Unverified { why } = self.verification else {
            return None;
        };
        let kind = (BadgeKind::Display, Tone::Attention);
        Some(badge(kind, self.verification.words(), why.as_str()))
    }

    /// What is shown otherwise than the object says, by its header and by its decoder.
    fn corrected(&self) -> Option<Badge> {
        let frame = self.frame;
        let sentences = frame.instance.corrections.iter().chain(&frame.decoded.oddities);
        let why = listed(sentences)?;
        Some(badge((BadgeKind::Corrected, Tone::Quiet), "corrected", why))
    }

    fn odd(&self) -> Option<Badge> {
        let instance = &self.frame.instance;
        let of_object = instance.oddities.iter().filter(|o| !instance.corrections.contains(o));
        let of_stack = self.stack.map_or(&[][..], |stack| &stack.oddities);
        let sentences: Vec<&Oddity> = of_object.chain(of_stack).collect();
        let count = sentences.len();
        let why = listed(sentences)?;
        let word = if count == 1 {
            "1 oddity".to_owned()
        } else {
            format!("{count} oddities")
        };
        Some(badge((BadgeKind::Odd, Tone::Quiet), word, why))
    }

    /// A spacing that is not the patient's own.
    fn spacing(&self) -> Option<Badge> {
        let why = match &self.frame.instance.frame_geometry(self.frame.index)?.spacing {
            Spacing::Patient { .. } | Spacing::Regions(_) => return None,
            Spacing::Imager {
                magnification: None, ..
            } => {
                "Distances are those at the detector. What lies in the patient is smaller, by a magnification that the image does \
                 not tell."
                    .to_owned()
            }
            Spacing::Imager {
                magnification: Some(factor),
                ..
            } => format!(
                "Distances are those at the detector, divided by {}: the magnification that the image itself only estimates.",
                fixed(*factor, 2)
            ),
            Spacing::Calibrated { how, .. } => calibrated_words(how)?,
            Spacing::Unknown { .. } => {
                let why = "The image does not say how far its pixels lie apart. Lengths are in pixels.";
                return Some(badge((BadgeKind::Spacing, Tone::Quiet), "no spacing", why));
            }
        };
        Some(badge((BadgeKind::Spacing, Tone::Quiet), "spacing uncalibrated", why))
    }

    fn shape(&self) -> Option<Badge> {
        let aspect = self.frame.instance.frame_geometry(self.frame.index)?.spacing.aspect();
        let why = if aspect > 1.0 + SQUARE {
            format!("A pixel is {} times as high as wide", fixed(aspect, 2))
        } else if aspect < 1.0 / (1.0 + SQUARE) {
            format!("A pixel is {} times as wide as high", fixed(1.0 / aspect, 2))
        } else {
            return None;
        };
        let why = format!("{why}. The image is drawn in its true shape, and lengths count it.");
        Some(badge((BadgeKind::Shape, Tone::Quiet), "pixels not square", why))
    }

    /// Directions that are missing where they belong, or that make no sense.
    fn orientation(&self) -> Option<Badge> {
        let instance = &self.frame.instance;
        if instance.frame_geometry(self.frame.index)?.orientation_refused {
            let kind = (BadgeKind::Orientation, Tone::Attention);
            let why = "What the image says of its orientation makes no sense and was not used.";
            return Some(badge(kind, "orientation refused", why));
        }
        let belongs = DIRECTED.contains(&instance.text.modality.as_str());
        (belongs && !self.has_letters).then(|| {
            let why = "The image does not say how it lies in the patient, so no letters stand at its edges.";
            badge((BadgeKind::Orientation, Tone::Quiet), "no orientation", why)
        })
    }

    /// A film that does not say how fast it plays.
    fn rate(&self) -> Option<Badge> {
        let instance = &self.frame.instance;
        let is_film = instance.frames > 1 && FILMS.contains(&instance.text.modality.as_str());
        (is_film && instance.cine.is_none()).then(|| {
            let why = format!(
                "The image does not say how fast its frames follow one another. It plays at {} a second, which says nothing of the \
                 patient.",
                fixed(1000.0 / UNTIMED_MS, 0)
            );
            badge((BadgeKind::Rate, Tone::Quiet), "no frame rate", why)
        })
    }

    fn cached(&self) -> Option<Badge> {
        let cached = self.study?.cached.contains(&self.frame.instance.uid);
        let why = "This image was fetched when the study was open before. The PACS was not asked for it again; what was changed \
                   there since then is not seen here.";
        cached.then(|| badge((BadgeKind::Cached, Tone::Quiet), "cached", why))
    }

    /// Images of the study that are not here, and whether more of them can still be expected.
    fn partial(&self) -> Option<Badge> {
        let study = self.study?;
        let (here, of) = (study.progress.stored, study.progress.of);
        let listed = study.listing.as_ref().and_then(|row| row.instances).unwrap_or(0);
        let kind = |tone| (BadgeKind::Partial, tone);
        if of == 0 {
            return None;
        }
        match &study.trouble {
            _ if here >= of => {}
            None => {
                let why = format!("{here} of {of} images of this study are here; the rest is on its way.");
                return Some(badge(kind(Tone::Quiet), "partial", why));
            }
            Some(trouble) => {
                let word = format!("partial, {here} of {of}");
                return Some(badge(kind(Tone::Attention), word, trouble.sentence.as_str()));
            }
        }
        (study.progress.finished && listed > of).then(|| {
            let why = format!("The worklist counts {listed} images in this study, and only {of} of them are listed.");
            badge(kind(Tone::Attention), format!("partial, {of} of {listed}"), why)
        })
    }
}

fn badge((kind, tone): (BadgeKind, Tone), word: impl Into<String>, why: impl Into<String>) -> Badge {
    Badge {
        kind,
        tone,
        word: word.into(),
        why: why.into(),
    }
}

/// Sentences under one another; `None` when there are none.
fn listed<'a>(sentences: impl IntoIterator<Item = &'a Oddity>) -> Option<String> {
    let sentences: Vec<&str> = sentences.into_iter().map(|oddity| oddity.0.as_str()).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

/// What a spacing is worth that the object calls calibrated; `None` where it is the patient's.
fn calibrated_words(how: &str) -> Option<String> {
    Some(match how {
        "fiducial" | "magnification-corrected" => return None,
        "at isocentre" => {
            "Distances are those at the isocentre. What lies nearer to the detector is larger there.".to_owned()
        }
        "on film" => "Distances are those on the film that was scanned.".to_owned(),
        "corrected, method not stated" => {
            "Distances were corrected, but the image does not say how. What they are worth is not known.".to_owned()
        }
        _ => "The image does not say whether its distances are those at the detector or in the patient.".to_owned(),
    })
}

/// "12 : 1".
fn by_ratio(ratio: f64) -> String {
    format!("{}{GAP}:{GAP}1", figures::value(ratio))
}

/// How an image lost something: by its own words, and by its encoding.
fn lossy_words(lossy: &LossyState) -> String {
    let steps: Vec<String> = lossy.steps.iter().filter_map(step_words).collect();
    let says = match (lossy.said, steps.is_empty()) {
        (Some(true), true) => "The image says that it was compressed with loss, but not how.".to_owned(),
        (_, false) => format!(
            "The image says how it was compressed with loss: {}.",
            steps.join(", then ")
        ),
        (Some(false) | None, true) => String::new(),
    };
    let encoding = match (lossy.encoding, lossy.said) {
        (LossyEncoding::Always(name), Some(false)) => {
            format!("Its encoding ({name}) always loses, although the image says that nothing was lost.")
        }
        (LossyEncoding::Always(name), None) => {
            format!("Its encoding ({name}) always loses; the image itself does not say so.")
        }
        (LossyEncoding::Always(name), Some(true)) => format!("Its encoding ({name}) always loses."),
        (LossyEncoding::Possible(name), None) => {
            format!("Its encoding ({name}) can lose, and the image does not say that it did not.")
        }
        (LossyEncoding::Possible(name), Some(_)) => format!("Its encoding is {name}."),
        (LossyEncoding::Lossless, _) => "Its present encoding loses nothing more.".to_owned(),
    };
    let parts = [says, encoding];
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// "JPEG 12 : 1".
fn step_words(step: &LossyStep) -> Option<String> {
    match (&step.method, step.ratio) {
        (Some(method), Some(ratio)) => Some(format!("{method} {}", by_ratio(ratio))),
        (Some(method), None) => Some(method.to_string()),
        (None, Some(ratio)) => Some(by_ratio(ratio)),
        (None, None) => None,
    }
}
