//! Embedded ICC profiles (ISO 15076-1; PS3.3 C.11.15): from an image's own red, green and blue to those of sRGB.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, Transform8BitExecutor, TransformOptions};

/// A profile larger than this is none that a camera or a scanner has.
const MOST_BYTES: usize = 4 << 20;

/// What an image says of what its red, green and blue mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ColourState {
    /// Nothing: they are taken for those of sRGB.
    #[default]
    Unstated,
    /// They are those of sRGB, to within one level of 255: nothing is converted.
    Srgb,
    /// They are converted to those of sRGB by the image's own profile.
    Profile(Profile),
    /// There is a profile that cannot be used; they are taken for those of sRGB.
    Unusable,
}

/// The map from an image's colours to sRGB.
#[derive(Clone)]
pub struct Profile {
    icc: Arc<[u8]>,
    map: Arc<Transform8BitExecutor>,
}

impl ColourState {
    /// Reads an ICC profile; whatever is wrong with it, the image can still be shown.
    pub fn of_icc(icc: &[u8]) -> Self {
        if icc.len() > MOST_BYTES {
            return Self::Unusable;
        }
        // A profile comes with a file from anywhere; its reader must not end the program.
        let map = catch_unwind(AssertUnwindSafe(|| {
            let map = to_srgb(icc)?;
            let changes = changes_colours(map.as_ref())?;
            Some((map, changes))
        }));
        match map {
            Ok(Some((map, true))) => Self::Profile(Profile { icc: icc.into(), map }),
            Ok(Some((_, false))) => Self::Srgb,
            Ok(None) | Err(_) => Self::Unusable,
        }
    }

    /// Converts interleaved red, green and blue of 8 bits, where there is something to convert.
    pub fn apply(&self, rgb: Vec<u8>) -> Vec<u8> {
        let Self::Profile(profile) = self else { return rgb };
        let mut converted = vec![0; rgb.len()];
        // It fails only where the two lengths differ or make no whole pixels.
        match profile.map.transform(&rgb, &mut converted) {
            Ok(()) => converted,
            Err(_) => rgb,
        }
    }

    /// What a reader is told, in a few words; empty where the image says nothing.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Unstated => "",
            Self::Srgb => "sRGB",
            Self::Profile(_) => "ICC to sRGB",
            Self::Unusable => "ICC not used",
        }
    }
}

fn to_srgb(icc: &[u8]) -> Option<Arc<Transform8BitExecutor>> {
    let limits = ParsingOptions {
        max_profile_size: MOST_BYTES,
        max_allowed_clut_size: MOST_BYTES,
        max_allowed_trc_size: 1 << 16,
    };
    let own = ColorProfile::new_from_slice_with_options(icc, limits).ok()?;
    if own.color_space != DataColorSpace::Rgb {
        return None;
    }
    let options = TransformOptions {
        rendering_intent: own.rendering_intent,
        prefer_fixed_point: false,
        ..TransformOptions::default()
    };
    own.create_transform_8bit(Layout::Rgb, &ColorProfile::new_srgb(), Layout::Rgb, options)
        .ok()
}

/// Whether any of colours spread over the whole cube comes out more than one level away; `None` when the map fails.
fn changes_colours(map: &Transform8BitExecutor) -> Option<bool> {
    let levels = (0..=255u8).step_by(15);
    let cube: Vec<u8> = levels
        .clone()
        .flat_map(|r| levels.clone().map(move |g| (r, g)))
        .flat_map(|(r, g)| levels.clone().flat_map(move |b| [r, g, b]))
        .collect();
    let mut mapped = vec![0; cube.len()];
    map.transform(&cube, &mut mapped).ok()?;
    Some(cube.iter().zip(&mapped).any(|(a, b)| a.abs_diff(*b) > 1))
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.icc == other.icc
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({} bytes)", self.icc.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icc(profile: &ColorProfile) -> Vec<u8> {
        profile.encode().unwrap()
    }

    #[test]
    fn srgb_itself_changes_nothing_and_another_device_does() {
        let srgb = ColourState::of_icc(&icc(&ColorProfile::new_srgb()));
        assert_eq!(srgb, ColourState::Srgb);
        assert_eq!(srgb.apply(vec![1, 128, 255]), [1, 128, 255]);

        let wide = ColourState::of_icc(&icc(&ColorProfile::new_display_p3()));
        let ColourState::Profile(profile) = &wide else {
            panic!("{wide:?}");
        };
        assert_eq!(profile, &profile.clone());
        // Display P3 has sRGB's curve and white; its red (0.6, 0.4, 0.4 of full scale here) lies further out.
        let shown = wide.apply(vec![153, 102, 102, 128, 128, 128, 0, 0, 0, 255, 255, 255]);
        assert!(
            shown[0] > 153 && shown[1] < 102 && shown[2].abs_diff(101) <= 2,
            "{shown:?}"
        );
        assert!(
            shown[3..6].iter().all(|level| level.abs_diff(128) <= 1),
            "grey stays grey: {shown:?}"
        );
        assert_eq!(shown[6..], [0, 0, 0, 255, 255, 255]);
    }

    #[test]
    fn what_is_no_profile_for_red_green_and_blue_is_not_used() {
        let grey = icc(&ColorProfile::new_gray_with_gamma(2.2));
        let cut = icc(&ColorProfile::new_display_p3());
        for bytes in [&[][..], &[0; 128], &grey, &cut[..cut.len() / 2]] {
            assert_eq!(
                ColourState::of_icc(bytes),
                ColourState::Unusable,
                "{} bytes",
                bytes.len()
            );
        }
        let vast = vec![0; MOST_BYTES + 1];
        assert_eq!(ColourState::of_icc(&vast).apply(vec![9, 8, 7]), [9, 8, 7]);
    }
}
