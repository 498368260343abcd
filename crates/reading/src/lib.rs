//! The application without a screen: viewports, layout, tools, annotations, undo and settings.
