//! What is kept between runs; reading and writing the file is the viewer's.

use serde::{Deserialize, Serialize};

/// The settings. What is absent takes its default; no secret is among them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How much is written on images; default full.
    pub overlay: Overlay,
    /// How values between pixels are found above 1:1; default linear.
    pub interpolation: Interpolation,
    /// Studies and series on the left; default shown.
    pub left_panel: bool,
    /// Marks on the right; default hidden.
    pub right_panel: bool,
    /// Brightness of everything but the images, 50 to 100 %; default 100.
    pub chrome_brightness: u8,
    /// How wide a pixel of the screen is, mm, as its reader measured it; absent: not known, and nothing is shown in true size.
    pub screen_pixel_mm: Option<f64>,
    /// Mouse and touchpad.
    pub mouse: Mouse,
    /// The version whose statement of intended use was read last; empty before the first.
    pub intended_use_read: String,
    /// The PACS that can be searched; the first is searched at start.
    pub servers: Vec<ServerEntry>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            overlay: Overlay::default(),
            interpolation: Interpolation::default(),
            left_panel: true,
            right_panel: false,
            chrome_brightness: 100,
            mouse: Mouse::default(),
            intended_use_read: String::new(),
            screen_pixel_mm: None,
            servers: Vec::new(),
        }
    }
}

impl Settings {
    /// How wide a pixel of the screen is, mm, where the setting is one that a screen can have.
    pub fn usable_screen_pixel_mm(&self) -> Option<f64> {
        self.screen_pixel_mm.filter(|mm| (0.01..=2.0).contains(mm))
    }
}

/// How much is written on images; identity and state always are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Overlay {
    /// Everything.
    #[default]
    Full,
    /// Image number, window and state.
    Short,
    /// Identity and state.
    None,
}

impl Overlay {
    /// The one that `I` leads to.
    pub fn next(self) -> Self {
        match self {
            Overlay::Full => Overlay::Short,
            Overlay::Short => Overlay::None,
            Overlay::None => Overlay::Full,
        }
    }
}

/// How values between pixels are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interpolation {
    /// The nearest pixel.
    Nearest,
    /// Bilinear.
    #[default]
    Linear,
    /// Bicubic.
    Cubic,
}

impl From<Interpolation> for pixels::picture::Interpolation {
    fn from(chosen: Interpolation) -> Self {
        match chosen {
            Interpolation::Nearest => Self::Nearest,
            Interpolation::Linear => Self::Linear,
            Interpolation::Cubic => Self::Cubic,
        }
    }
}

/// Mouse and touchpad.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mouse {
    /// How far fingers move on a touchpad for one image, points; default 24.
    pub touchpad_points_per_image: f64,
    /// Dragging down makes the image brighter instead of darker; default false.
    pub level_down_is_brighter: bool,
}

impl Default for Mouse {
    fn default() -> Self {
        Self {
            touchpad_points_per_image: 24.0,
            level_down_is_brighter: false,
        }
    }
}

/// One PACS, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerEntry {
    /// What the reader calls it.
    pub name: String,
    /// Its DICOMweb address.
    pub address: String,
    /// How to sign in; default not at all.
    #[serde(default)]
    pub sign_in: SignInKind,
}

/// How to sign in to a PACS; the secret itself is asked for or kept elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum SignInKind {
    /// Not at all.
    #[default]
    None,
    /// With a name and a password.
    Password {
        /// The name.
        user: String,
    },
    /// With a token.
    Token,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_were_written() {
        let settings = Settings {
            overlay: Overlay::Short,
            interpolation: Interpolation::Cubic,
            right_panel: true,
            chrome_brightness: 70,
            mouse: Mouse {
                touchpad_points_per_image: 30.0,
                level_down_is_brighter: true,
            },
            servers: vec![
                ServerEntry {
                    name: "Home".to_owned(),
                    address: "https://pacs.example/dicom-web".to_owned(),
                    sign_in: SignInKind::Password {
                        user: "reader".to_owned(),
                    },
                },
                ServerEntry {
                    name: "Teaching".to_owned(),
                    address: "http://localhost:8042/dicom-web".to_owned(),
                    sign_in: SignInKind::None,
                },
            ],
            ..Settings::default()
        };
        let written = toml::to_string(&settings).unwrap();
        assert_eq!(toml::from_str::<Settings>(&written).unwrap(), settings);
    }

    #[test]
    fn what_is_absent_takes_its_default_and_what_is_unknown_is_no_trouble() {
        assert_eq!(toml::from_str::<Settings>("").unwrap(), Settings::default());
        let older = "overlay = \"none\"\nfrom_a_later_version = 3\n[mouse]\nlevel_down_is_brighter = true\n\
                     [[servers]]\nname = \"Home\"\naddress = \"https://pacs.example\"\n";
        let settings: Settings = toml::from_str(older).unwrap();
        assert_eq!(settings.overlay, Overlay::None);
        assert!(settings.mouse.level_down_is_brighter);
        assert_eq!(settings.mouse.touchpad_points_per_image, 24.0);
        assert_eq!(settings.servers[0].sign_in, SignInKind::None);
    }
}
