//! Text from an image header or a worklist on the screen, in any script.
//!
//! epaint shapes each section of a layout by itself and sets one after the other from left to right. So a text is split into the
//! pieces that the eye meets from left to right (Unicode Annex 9), one section a piece: letters of right-to-left scripts stay as
//! they are written, because the shaper turns such a section round, and what stands between them is turned round here. A control
//! character has no effect, and a character that no font can draw is shown as its code point, never dropped.

use std::borrow::Cow;
use std::sync::Arc;

use egui::text::{ByteIndex, LayoutJob, LayoutSection, TextFormat, TextWrapping};
use egui::{Color32, FontId, Galley, Pos2, Rect, Ui, vec2};
use unicode_bidi::{BidiClass, BidiInfo, bidi_class};

use crate::theme;

/// What separates facts on one line; each fact is ordered by itself, so that digits never wander into a neighbour.
pub(crate) const BETWEEN: &str = " · ";

/// The pieces of a text in the order in which the eye meets them from left to right.
pub(crate) fn visual(text: &str) -> Vec<String> {
    let text = without_controls(text);
    if text.chars().all(|c| c < '\u{590}') {
        return vec![text.into_owned()];
    }
    let mut pieces = Vec::new();
    for (index, fact) in text.split(BETWEEN).enumerate() {
        if index > 0 {
            pieces.push(BETWEEN.to_owned());
        }
        order(fact, &mut pieces);
    }
    pieces
}

fn order(fact: &str, pieces: &mut Vec<String>) {
    let info = BidiInfo::new(fact, None);
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        for run in runs {
            let Some(text) = fact.get(run.clone()) else { continue };
            if levels.get(run.start).is_some_and(unicode_bidi::Level::is_rtl) {
                backwards(text, pieces);
            } else {
                forwards(text, pieces);
            }
        }
    }
}

/// A left-to-right run. The shaper would turn round digits that Unicode counts to the Arabic script: each goes by itself.
fn forwards(text: &str, pieces: &mut Vec<String>) {
    let arabic_digit = |c: char| ('\u{6f0}'..='\u{6f9}').contains(&c);
    let mut plain = String::new();
    for c in text.chars() {
        if arabic_digit(c) {
            if !plain.is_empty() {
                pieces.push(std::mem::take(&mut plain));
            }
            pieces.push(c.to_string());
        } else {
            plain.push(c);
        }
    }
    if !plain.is_empty() {
        pieces.push(plain);
    }
}

/// A right-to-left run: words from its end, letters within a word left to the shaper, everything else mirrored.
fn backwards(text: &str, pieces: &mut Vec<String>) {
    let first = pieces.len();
    let mut word = String::new();
    for c in text.chars() {
        if matches!(bidi_class(c), BidiClass::R | BidiClass::AL | BidiClass::NSM) || is_joiner(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            pieces.push(std::mem::take(&mut word));
        }
        pieces.push(mirrored(c).to_string());
    }
    if !word.is_empty() {
        pieces.push(word);
    }
    if let Some(added) = pieces.get_mut(first..) {
        added.reverse();
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn mirrored(c: char) -> char {
    const PAIRS: [(char, char); 7] = [
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('<', '>'),
        ('«', '»'),
        ('‹', '›'),
        ('≤', '≥'),
    ];
    PAIRS
        .iter()
        .find_map(|&(a, b)| (c == a).then_some(b).or((c == b).then_some(a)))
        .unwrap_or(c)
}

/// White space of any kind becomes a space; marks that order text are taken out, because they could make a name look like another;
/// other control characters are written as code points.
fn without_controls(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !c.is_control() && !is_direction(c);
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => clean.push(' '),
            _ if is_direction(c) => {}
            _ if c.is_control() => clean.push_str(&code_point(c)),
            _ => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
}

fn code_point(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// Lays a text out on one line, cut with … at `width` points.
pub(crate) fn line(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let job = job(ui, text, font, colour, width, 1);
    ui.painter().layout_job(job)
}

/// Lays a text out on as many lines as it needs, none wider than `width` points.
pub(crate) fn lines(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let job = job(ui, text, font, colour, width, usize::MAX);
    ui.painter().layout_job(job)
}

/// The layout of a text.
pub(crate) fn job(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32, max_rows: usize) -> LayoutJob {
    let mut job = LayoutJob {
        wrap: TextWrapping {
            max_width: width,
            max_rows,
            break_anywhere: max_rows == 1,
            overflow_character: Some('…'),
        },
        break_on_newline: false,
        ..LayoutJob::default()
    };
    let format = TextFormat::simple(font.clone(), colour);
    for piece in visual(text) {
        let piece = with_glyphs(ui, &piece, &font);
        let start = job.text.len();
        job.text.push_str(&piece);
        job.sections.push(LayoutSection {
            leading_space: 0.0,
            byte_range: ByteIndex(start)..ByteIndex(job.text.len()),
            format: format.clone(),
        });
    }
    job
}

fn with_glyphs<'a>(ui: &Ui, piece: &'a str, font: &FontId) -> Cow<'a, str> {
    if piece.is_ascii() {
        return Cow::Borrowed(piece);
    }
    ui.fonts_mut(|fonts| {
        let mut drawable = |c: char| c.is_ascii() || is_joiner(c) || fonts.has_glyph(font, c);
        if piece.chars().all(&mut drawable) {
            return Cow::Borrowed(piece);
        }
        let shown = piece
            .chars()
            .map(|c| if drawable(c) { c.to_string() } else { code_point(c) });
        Cow::Owned(shown.collect())
    })
}

/// A text for a button or a menu line.
pub(crate) fn widget(ui: &Ui, text: &str, colour: Color32) -> egui::WidgetText {
    let job = job(ui, text, theme::font(theme::BODY), colour, f32::INFINITY, 1);
    egui::WidgetText::LayoutJob(Arc::new(job))
}

/// A label of one line, cut with … where the space ends; hovering shows all of it when it was cut.
pub(crate) fn label(ui: &mut Ui, text: &str, font: FontId, colour: Color32) -> egui::Response {
    let galley = line(ui, text, font, colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
    let cut = galley.elided;
    ui.painter().galley(rect.min, galley, colour);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
    if cut {
        let whole = text.to_owned();
        response.on_hover_ui(move |ui| {
            let galley = lines(ui, &whole, theme::font(theme::BODY), theme::TEXT, 360.0);
            let (rect, _) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
            ui.painter().galley(rect.min, galley, theme::TEXT);
        })
    } else {
        response
    }
}

/// A label of as many lines as it needs.
pub(crate) fn paragraph(ui: &mut Ui, text: &str, font: FontId, colour: Color32) -> egui::Response {
    let galley = lines(ui, text, font, colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), egui::Sense::hover());
    ui.painter().galley(rect.min, galley, colour);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
    response
}

/// Draws words on an image: a dark halo, never a box. Returns what they cover.
pub(crate) fn on_image(painter: &egui::Painter, galley: Arc<Galley>, at: Pos2, colour: Color32) -> Rect {
    for offset in [
        (-1.0, -1.0),
        (1.0, -1.0),
        (-1.0, 1.0),
        (1.0, 1.0),
        (0.0, 1.5),
        (0.0, -1.5),
    ] {
        let at = at + vec2(offset.0, offset.1);
        painter.galley_with_override_text_color(at, Arc::clone(&galley), theme::HALO);
    }
    let rect = Rect::from_min_size(at, galley.size());
    painter.galley_with_override_text_color(at, galley, colour);
    rect
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hebrew_with_digits_reads_from_the_right_and_digits_from_the_left() {
        // As it is typed: DAVID 12; as the eye meets it from the left: 12, space, DAVID (turned round by the shaper).
        assert_eq!(visual("דוד 12"), ["12", " ", "דוד"]);
        assert_eq!(visual("כהן, דוד"), ["דוד", " ", ",", "כהן"]);
    }

    #[test]
    fn latin_with_a_hebrew_name_keeps_its_place() {
        assert_eq!(visual("COHEN, David (כהן) x"), ["COHEN, David (", "כהן", ") x"]);
    }

    #[test]
    fn facts_on_a_line_do_not_mix() {
        // Without isolation the record number would stand to the left of the name.
        assert_eq!(visual("כהן, ד · 0451223"), ["ד", " ", ",", "כהן", " · ", "0451223"]);
    }

    #[test]
    fn brackets_in_arabic_are_mirrored_and_arabic_digits_keep_their_order() {
        assert_eq!(visual("علي (٤٥)"), [")", "٤٥", "(", " ", "علي"].map(mirror_for_reading));
        assert_eq!(visual("علي ۴۵"), ["۴", "۵", " ", "علي"]);
    }

    // Brackets in a right-to-left run open on the right: what was written "(" is drawn ")".
    fn mirror_for_reading(piece: &str) -> String {
        piece.chars().map(mirrored).collect()
    }

    #[test]
    fn controls_cannot_disguise_a_name() {
        assert_eq!(visual("DOE\u{202e}ENAJ"), ["DOEENAJ"]);
        assert_eq!(visual("DOE\u{7}\tJ\n"), ["DOE[U+0007] J "]);
    }

    /// Where each letter stands, from left to right, as egui draws the text with a font of this machine.
    fn letters_from_left(text: &str) -> Option<String> {
        const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
        let Ok(bytes) = std::fs::read(FONT) else {
            testkit::skip("positions of Hebrew and Arabic letters: no font of the machine has them");
            return None;
        };
        let ctx = egui::Context::default();
        theme::install(&ctx);
        let mut fonts = egui::FontDefinitions::empty();
        fonts
            .font_data
            .insert("dejavu".to_owned(), Arc::new(egui::FontData::from_owned(bytes)));
        fonts
            .families
            .insert(egui::FontFamily::Proportional, vec!["dejavu".to_owned()]);
        fonts
            .families
            .insert(egui::FontFamily::Monospace, vec!["dejavu".to_owned()]);
        ctx.set_fonts(fonts);
        let mut shown = String::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            let galley = line(ui, text, theme::font(theme::BODY), theme::TEXT, 1000.0);
            let mut letters: Vec<(f32, char)> = galley
                .rows
                .iter()
                .flat_map(|row| &row.glyphs)
                // epaint adds glyphs without width, for its cursor, after a cluster that it takes for a ligature.
                .filter(|glyph| glyph.advance_width > 0.0)
                .map(|glyph| (glyph.pos.x, glyph.chr))
                .collect();
            letters.sort_by(|a, b| a.0.total_cmp(&b.0));
            shown = letters.into_iter().map(|(_, letter)| letter).collect();
        });
        output.textures_delta.clear();
        Some(shown)
    }

    #[test]
    fn letters_stand_where_a_reader_of_the_script_looks_for_them() {
        let Some(shown) = letters_from_left("אבג 12") else {
            return;
        };
        assert_eq!(shown, "12 גבא");
        assert_eq!(letters_from_left("COHEN (אב) 7").unwrap(), "COHEN (בא) 7");
        assert_eq!(letters_from_left("אב גד, ה").unwrap(), "ה ,דג בא");
        // Two words in one run: a space from another font must not change their order.
        assert_eq!(letters_from_left("אב · 0451").unwrap(), "בא · 0451");
        assert_eq!(letters_from_left("ابج 34").unwrap(), "34 جبا");
    }
}
