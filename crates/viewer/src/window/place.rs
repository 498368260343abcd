//! Where the window stands, so that it can be made anew there.

use egui::{Context, Pos2, Vec2, ViewportBuilder};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Its outer top left corner, points; `None` where the system does not tell (Wayland).
    corner: Option<Pos2>,
    /// The size of what is inside, points.
    size: Option<Vec2>,
    maximised: bool,
    full_screen: bool,
    focused: bool,
}

impl Place {
    /// Where a context's window stands.
    pub(super) fn of(ctx: &Context) -> Self {
        ctx.input(|i| {
            let viewport = i.viewport();
            Self {
                corner: viewport.outer_rect.map(|rect| rect.min),
                size: viewport.inner_rect.map(|rect| rect.size()),
                maximised: viewport.maximized.unwrap_or(false),
                full_screen: viewport.fullscreen.unwrap_or(false),
                focused: viewport.focused.unwrap_or(true),
            }
        })
    }

    /// A window at this place.
    pub(super) fn put(&self, mut viewport: ViewportBuilder) -> ViewportBuilder {
        if let Some(size) = self.size.filter(|size| size.x >= 1.0 && size.y >= 1.0) {
            viewport = viewport.with_inner_size(size);
        }
        if let Some(corner) = self.corner {
            viewport = viewport.with_position(corner);
        }
        viewport
            .with_maximized(self.maximised)
            .with_fullscreen(self.full_screen)
            .with_active(self.focused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_made_where_it_stood() {
        let place = Place {
            corner: Some(Pos2::new(30.0, 40.0)),
            size: Some(Vec2::new(900.0, 700.0)),
            maximised: false,
            full_screen: false,
            focused: false,
        };
        let put = place.put(ViewportBuilder::default().with_maximized(true));
        assert_eq!(put.position, place.corner);
        assert_eq!(put.inner_size, place.size);
        assert_eq!((put.maximized, put.active), (Some(false), Some(false)));
        let hidden = Place {
            size: Some(Vec2::ZERO),
            ..place
        };
        assert_eq!(hidden.put(ViewportBuilder::default()).inner_size, None);
    }
}
