//! How everything looks: the colours and sizes of looks.md, and nothing else in the program names a colour.

use std::sync::Arc;

use egui::epaint::Shadow;
use egui::style::{ScrollStyle, Selection, WidgetVisuals};
use egui::{Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke, TextStyle, vec2};

/// Behind and between images: part of the viewing condition.
pub(crate) const SURROUND: Color32 = Color32::BLACK;
/// Panels.
pub(crate) const PANEL: Color32 = Color32::from_rgb(0x10, 0x13, 0x15);
/// What stands on a panel: rows under the pointer, fields, menus.
pub(crate) const RAISED: Color32 = Color32::from_rgb(0x18, 0x1c, 0x1f);
/// One-point lines.
pub(crate) const LINE: Color32 = Color32::from_rgb(0x27, 0x2c, 0x31);
/// What is being pressed.
pub(crate) const PRESSED: Color32 = Color32::from_rgb(0x33, 0x3a, 0x40);
/// Words.
pub(crate) const TEXT: Color32 = Color32::from_rgb(0xd8, 0xdc, 0xe0);
/// Words of the second order.
pub(crate) const QUIET: Color32 = Color32::from_rgb(0x94, 0x9c, 0xa5);
/// Decoration only.
pub(crate) const FAINT: Color32 = Color32::from_rgb(0x5c, 0x64, 0x6c);
/// Focus, selection, the active tile's edge.
pub(crate) const ACCENT: Color32 = Color32::from_rgb(0x5f, 0xb3, 0xc4);
/// The accent as a plane behind selected words.
pub(crate) const SELECTED: Color32 = Color32::from_rgb(0x1b, 0x33, 0x39);
/// Well.
pub(crate) const GOOD: Color32 = Color32::from_rgb(0x74, 0xbe, 0x90);
/// Look here.
pub(crate) const ATTENTION: Color32 = Color32::from_rgb(0xe0, 0xb4, 0x58);
/// Failed.
pub(crate) const WRONG: Color32 = Color32::from_rgb(0xe2, 0x72, 0x6a);
/// Not the diagnostic pixel.
pub(crate) const LOSSY: Color32 = Color32::from_rgb(0xa9, 0x9b, 0xe0);
/// The reader's own marks.
pub(crate) const MARK: Color32 = Color32::from_rgb(0xf2, 0xd5, 0x44);
/// The selected mark.
pub(crate) const MARK_SELECTED: Color32 = Color32::from_rgb(0x7f, 0xd1, 0xe8);
/// What a presentation state draws, where it recommends no shade: unlike the reader's own marks.
pub(crate) const STATE: Color32 = Color32::from_rgb(0x9c, 0xe0, 0x8a);
/// Round words and lines on an image.
pub(crate) const HALO: Color32 = Color32::from_rgba_premultiplied(0, 0, 0, 160);
/// Behind a dialog.
pub(crate) const CURTAIN: Color32 = Color32::from_rgba_premultiplied(0, 0, 0, 150);

/// Height of the top bar, points.
pub(crate) const TOP: f32 = 40.0;
/// Height of the status bar, points.
pub(crate) const STATUS: f32 = 24.0;
/// Height of a row of a table, points.
pub(crate) const ROW: f32 = 28.0;

/// The four sizes, points.
pub(crate) const SMALL: f32 = 11.0;
/// Most words.
pub(crate) const BODY: f32 = 13.0;
/// Headings within a panel.
pub(crate) const TITLE: f32 = 15.0;
/// The patient: the largest text of the window.
pub(crate) const LARGE: f32 = 20.0;

const CORNER: CornerRadius = CornerRadius::same(4);

/// The shade that a layer of a presentation state recommends, in sRGB.
pub(crate) fn of_state([red, green, blue]: [u8; 3]) -> Color32 {
    Color32::from_rgb(red, green, blue)
}

/// A size in the ordinary weight.
pub(crate) fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// A size in the heavier weight.
pub(crate) fn strong(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("strong".into()))
}

/// The outline signs.
pub(crate) fn signs(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("signs".into()))
}

/// Gives a context its fonts and its style; once, before the first pass.
pub(crate) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    ctx.set_theme(egui::Theme::Dark);
    ctx.all_styles_mut(style);
    ctx.add_plugin(Brightness::default());
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
}

/// Dims everything but the diagnostic pixels, which go to the screen by a callback that no shape's colour touches.
#[derive(Default)]
struct Brightness(Option<u8>);

impl egui::Plugin for Brightness {
    fn debug_name(&self) -> &'static str {
        "brightness"
    }

    fn output_hook(&mut self, _ctx: &egui::Context, output: &mut egui::FullOutput) {
        let Some(percent) = self.0 else { return };
        let factor = f32::from(percent) / 100.0;
        for clipped in &mut output.shapes {
            egui::epaint::shape_transform::adjust_colors(&mut clipped.shape, move |colour| {
                *colour = dimmed(*colour, factor)
            });
        }
    }
}

/// A colour with less light; what is transparent stays so.
fn dimmed(colour: Color32, factor: f32) -> Color32 {
    if colour == Color32::PLACEHOLDER {
        return colour;
    }
    let [red, green, blue, alpha] = colour.to_array();
    let less = |level: u8| (f32::from(level) * factor).round() as u8;
    Color32::from_rgba_premultiplied(less(red), less(green), less(blue), alpha)
}

/// Sets the brightness of everything but the images, 50 to 100 %.
pub(crate) fn set_brightness(ctx: &egui::Context, percent: u8) {
    let percent = percent.clamp(50, 100);
    ctx.with_plugin(|brightness: &mut Brightness| brightness.0 = (percent < 100).then_some(percent));
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let mut add = |name: &str, bytes: &'static [u8]| {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    };
    add("farsight", include_bytes!("../fonts/FarsightSans-Regular.otf"));
    add("farsight-strong", include_bytes!("../fonts/FarsightSans-SemiBold.otf"));
    add("lucide", lucide_icons::LUCIDE_FONT_BYTES);
    let others = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let family = |first: &str| {
        std::iter::once(first.to_owned())
            .chain(others.iter().cloned())
            .collect()
    };
    fonts.families.insert(FontFamily::Proportional, family("farsight"));
    // Figures are of one width in this family, so that it serves where a fixed pitch is asked for too.
    fonts.families.insert(FontFamily::Monospace, family("farsight"));
    fonts
        .families
        .insert(FontFamily::Name("strong".into()), family("farsight-strong"));
    fonts
        .families
        .insert(FontFamily::Name("signs".into()), vec!["lucide".to_owned()]);
    fonts
}

fn style(style: &mut egui::Style) {
    style.text_styles = [
        (TextStyle::Small, font(SMALL)),
        (TextStyle::Body, font(BODY)),
        (TextStyle::Button, font(BODY)),
        (TextStyle::Monospace, font(BODY)),
        (TextStyle::Heading, strong(TITLE)),
    ]
    .into();
    // Nothing moves by itself, and nothing blinks.
    style.animation_time = 0.0;
    style.scroll_animation = egui::style::ScrollAnimation::none();
    style.visuals.text_cursor.blink = false;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(8.0, 4.0);
    spacing.interact_size = vec2(24.0, 24.0);
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(4);
    spacing.menu_width = 280.0;
    spacing.scroll = ScrollStyle::thin();
    spacing.text_edit_width = 240.0;
    let visuals = &mut style.visuals;
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(QUIET);
    visuals.panel_fill = PANEL;
    visuals.window_fill = RAISED;
    visuals.extreme_bg_color = SURROUND;
    visuals.text_edit_bg_color = Some(SURROUND);
    visuals.faint_bg_color = RAISED;
    visuals.code_bg_color = RAISED;
    visuals.hyperlink_color = TEXT;
    visuals.warn_fg_color = ATTENTION;
    visuals.error_fg_color = WRONG;
    visuals.window_shadow = Shadow::NONE;
    visuals.popup_shadow = Shadow::NONE;
    visuals.window_stroke = Stroke::new(1.0, LINE);
    visuals.window_corner_radius = CORNER;
    visuals.menu_corner_radius = CORNER;
    visuals.selection = Selection {
        bg_fill: SELECTED,
        stroke: Stroke::new(1.0, ACCENT),
    };
    visuals.slider_trailing_fill = false;
    visuals.text_cursor.stroke = Stroke::new(1.0, TEXT);
    let widget = |fill, line, words| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius: CORNER,
        fg_stroke: Stroke::new(1.0, words),
        expansion: 0.0,
    };
    visuals.widgets.noninteractive = widget(PANEL, LINE, TEXT);
    visuals.widgets.inactive = widget(RAISED, LINE, TEXT);
    // Boxes and rails stand out from the raised plane of a page.
    visuals.widgets.inactive.bg_fill = LINE;
    visuals.widgets.hovered = widget(LINE, LINE, TEXT);
    visuals.widgets.hovered.bg_fill = PRESSED;
    visuals.widgets.active = widget(PRESSED, LINE, TEXT);
    visuals.widgets.open = widget(LINE, LINE, TEXT);
}

/// A flat plane without margin.
pub(crate) fn plane(fill: Color32) -> egui::Frame {
    egui::Frame::NONE.fill(fill)
}
