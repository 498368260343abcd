//! The status bar: only what has been measured.

use egui::{Align, Layout, RichText, Ui, vec2};
use reading::Verification;

use super::Scene;
use crate::theme;

/// A thin space before a unit.
const THIN: char = '\u{2009}';

/// Draws the bar.
pub(super) fn show(ui: &mut Ui, scene: &Scene<'_>) {
    let bar = ui.max_rect();
    ui.painter()
        .hline(bar.x_range(), bar.top() + 0.5, egui::Stroke::new(1.0, theme::LINE));
    ui.spacing_mut().item_spacing = vec2(16.0, 0.0);
    ui.horizontal_centered(|ui| {
        ui.add_space(12.0);
        let quiet = |ui: &mut Ui, words: String| ui.label(RichText::new(words).size(theme::SMALL).color(theme::QUIET));
        let open = scene.reading.studies().open();
        if !open.is_empty() {
            let (stored, of, bytes) = open.iter().fold((0, 0, 0), |(stored, of, bytes), study| {
                let progress = study.progress;
                (stored + progress.stored, of + progress.of, bytes + progress.bytes)
            });
            quiet(
                ui,
                format!("{stored} / {of} {}", if of == 1 { "image" } else { "images" }),
            );
            quiet(ui, size(bytes));
        }
        if scene.link.bits_per_second > 0.0 {
            quiet(ui, rate(scene.link.bits_per_second));
            // The rate falls when nothing comes, and nothing then tells so.
            ui.ctx().request_repaint_after(std::time::Duration::from_secs(1));
        }
        if let Some(ms) = scene.link.round_trip_ms {
            quiet(ui, format!("{ms:.0}{THIN}ms round trip"));
        }
        if scene.reading.worklist().searching() {
            quiet(ui, "searching".to_owned());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(12.0);
            quiet(ui, "screen not verified".to_owned())
                .on_hover_text("Nobody has measured yet whether this screen is fit to read on.");
            drawing(ui, scene.reading.verification());
            quiet(ui, scene.glass.adapter().to_owned()).on_hover_text("The graphics adapter that draws the images");
        });
    });
}

/// Whether what draws the images was found to draw them exactly; nothing before that was tried.
fn drawing(ui: &mut Ui, verification: &Verification) {
    let words = verification.words();
    if words.is_empty() {
        return;
    }
    let colour = match verification {
        Verification::Unverified { .. } => theme::ATTENTION,
        Verification::Unchecked | Verification::Exact => theme::QUIET,
    };
    ui.label(RichText::new(words).size(theme::SMALL).color(colour))
        .on_hover_text(verification.why());
}

/// Bytes with a unit.
fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    if bytes < 1e6 {
        format!("{:.0}{THIN}kB", bytes / 1e3)
    } else if bytes < 1e9 {
        format!("{:.0}{THIN}MB", bytes / 1e6)
    } else {
        format!("{:.2}{THIN}GB", bytes / 1e9)
    }
}

/// Bits a second with a unit.
fn rate(bits: f64) -> String {
    if bits < 1e6 {
        format!("{:.0}{THIN}kbit/s", bits / 1e3)
    } else if bits < 1e9 {
        format!("{:.0}{THIN}Mbit/s", bits / 1e6)
    } else {
        format!("{:.1}{THIN}Gbit/s", bits / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_rates_carry_units() {
        assert_eq!(size(61_400_000), "61\u{2009}MB");
        assert_eq!(size(900), "1\u{2009}kB");
        assert_eq!(size(2_340_000_000), "2.34\u{2009}GB");
        assert_eq!(rate(48_000_000.0), "48\u{2009}Mbit/s");
    }
}
