//! Every shader parses, and every structure that it reads has the same fields at the same places as its Rust mirror.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::mem::offset_of;

use render::{DisplayUniform, ResampleUniform, Stage};
use wgpu::naga;

fn module(stage: Stage) -> naga::Module {
    let text = stage.source();
    naga::front::wgsl::parse_str(&text).unwrap_or_else(|e| panic!("{stage:?}: {}", e.emit_to_string(&text)))
}

#[test]
fn every_shader_parses_and_validates() {
    for stage in Stage::ALL {
        let flags = naga::valid::ValidationFlags::all();
        let capabilities = naga::valid::Capabilities::empty();
        naga::valid::Validator::new(flags, capabilities)
            .validate(&module(stage))
            .unwrap_or_else(|e| panic!("{stage:?}: {e:?}"));
    }
}

/// Asserts that a WGSL structure has these members, at these offsets, and this size.
fn check(stage: Stage, name: &str, members: &[(&str, usize)], size: usize) {
    let module = module(stage);
    let (_, found) = module
        .types
        .iter()
        .find(|(_, t)| t.name.as_deref() == Some(name))
        .unwrap();
    let naga::TypeInner::Struct { members: found, span } = &found.inner else {
        panic!("{name} is no structure")
    };
    let found: Vec<_> = found
        .iter()
        .map(|m| (m.name.as_deref().unwrap(), m.offset as usize))
        .collect();
    assert_eq!(found, members, "{stage:?} {name}");
    assert_eq!(*span as usize, size, "{stage:?} {name}");
}

#[test]
fn the_mirrors_are_true() {
    for stage in Stage::ALL.into_iter().filter(|stage| *stage != Stage::Display) {
        check(
            stage,
            "Resample",
            &[
                ("column_from", offset_of!(ResampleUniform, column_from)),
                ("row_from", offset_of!(ResampleUniform, row_from)),
                ("padding", offset_of!(ResampleUniform, padding)),
                ("shape", offset_of!(ResampleUniform, shape)),
                ("layers", offset_of!(ResampleUniform, layers)),
            ],
            size_of::<ResampleUniform>(),
        );
    }
    check(
        Stage::Display,
        "Display",
        &[
            ("low", offset_of!(DisplayUniform, low)),
            ("scale", offset_of!(DisplayUniform, scale)),
            ("last", offset_of!(DisplayUniform, last)),
            ("coloured", offset_of!(DisplayUniform, coloured)),
            ("origin", offset_of!(DisplayUniform, origin)),
            ("size", offset_of!(DisplayUniform, size)),
            ("shutter", offset_of!(DisplayUniform, shutter)),
            ("overlay", offset_of!(DisplayUniform, overlay)),
        ],
        size_of::<DisplayUniform>(),
    );
}
