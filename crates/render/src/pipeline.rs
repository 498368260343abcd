//! Pipelines and their layouts, made once for a device and target; those for frames in layers when the first such frame comes.

use std::collections::BTreeMap;

use crate::shader::Stage;
use crate::texture::{FrameTexture, Texels};

pub(crate) struct Pipelines {
    whole: [Resampling; 4],
    layered: BTreeMap<Kind, Resampling>,
    pub(crate) shown: wgpu::RenderPipeline,
    pub(crate) copied: wgpu::RenderPipeline,
    pub(crate) display_layout: wgpu::BindGroupLayout,
    source: fn(Stage) -> String,
}

/// What turns samples into one value for each screen pixel.
pub(crate) struct Resampling {
    pub(crate) pipeline: wgpu::RenderPipeline,
    pub(crate) layout: wgpu::BindGroupLayout,
}

/// Which texels a resampling reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Integer,
    Float,
    Colour,
    Cover,
}

/// What resampled grey values are kept in.
pub(crate) const VALUES: wgpu::TextureFormat = wgpu::TextureFormat::R32Float;
/// What resampled colours and finished pictures are kept in.
pub(crate) const COLOURS: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
/// What the codes of what lies over a tile are kept in.
pub(crate) const CODES: wgpu::TextureFormat = wgpu::TextureFormat::R8Uint;

impl Pipelines {
    /// Makes them from the stages' texts, which only the test of the self-test falsifies.
    pub(crate) fn new(device: &wgpu::Device, target: wgpu::TextureFormat, source: fn(Stage) -> String) -> Self {
        let display = module(device, Stage::Display, source);
        let flat = |binding, sample| texture(binding, sample, wgpu::TextureViewDimension::D2);
        let values = flat(1, wgpu::TextureSampleType::Float { filterable: false });
        let [table, cover, colours] = [2, 3, 4].map(|binding| flat(binding, wgpu::TextureSampleType::Uint));
        let display_layout = layout(device, "display", &[uniform(), values, table, cover, colours]);
        Self {
            whole: [Kind::Integer, Kind::Float, Kind::Colour, Kind::Cover]
                .map(|kind| resampling(device, kind, false, source)),
            layered: BTreeMap::new(),
            shown: pipeline(device, &display, "shown", &display_layout, target),
            copied: pipeline(device, &display, "copied", &display_layout, target),
            display_layout,
            source,
        }
    }

    /// What resamples a frame.
    pub(crate) fn resampling(&mut self, device: &wgpu::Device, frame: &FrameTexture) -> &Resampling {
        let kind = match frame.texels {
            Texels::Integer { .. } => Kind::Integer,
            Texels::Float => Kind::Float,
            Texels::Colour => Kind::Colour,
            Texels::Cover => Kind::Cover,
        };
        if frame.layers.count > 1 {
            let source = self.source;
            self.layered
                .entry(kind)
                .or_insert_with(|| resampling(device, kind, true, source))
        } else {
            let [integer, float, colour, cover] = &self.whole;
            match kind {
                Kind::Integer => integer,
                Kind::Float => float,
                Kind::Colour => colour,
                Kind::Cover => cover,
            }
        }
    }
}

fn resampling(device: &wgpu::Device, kind: Kind, layers: bool, source: fn(Stage) -> String) -> Resampling {
    let dimension = if layers {
        wgpu::TextureViewDimension::D2Array
    } else {
        wgpu::TextureViewDimension::D2
    };
    let (uint, float) = (
        wgpu::TextureSampleType::Uint,
        wgpu::TextureSampleType::Float { filterable: false },
    );
    let (sample, whole, layered, entry, target) = match kind {
        Kind::Integer => (
            uint,
            Stage::ResampleInteger,
            Stage::ResampleIntegerLayers,
            "grey",
            VALUES,
        ),
        Kind::Float => (float, Stage::ResampleFloat, Stage::ResampleFloatLayers, "grey", VALUES),
        Kind::Colour => (
            uint,
            Stage::ResampleColour,
            Stage::ResampleColourLayers,
            "colour",
            COLOURS,
        ),
        Kind::Cover => (
            uint,
            Stage::ResampleCover,
            Stage::ResampleCoverLayers,
            "covering",
            CODES,
        ),
    };
    let stage = if layers { layered } else { whole };
    let layout = layout(device, "resample", &[uniform(), texture(1, sample, dimension)]);
    let module = module(device, stage, source);
    Resampling {
        pipeline: pipeline(device, &module, entry, &layout, target),
        layout,
    }
}

fn module(device: &wgpu::Device, stage: Stage, source: fn(Stage) -> String) -> wgpu::ShaderModule {
    device.create_shader_module(wgpu::ShaderModuleDescriptor {
        label: Some(&format!("{stage:?}")),
        source: wgpu::ShaderSource::Wgsl(source(stage).into()),
    })
}

fn uniform() -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding: 0,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        },
        count: None,
    }
}

fn texture(
    binding: u32,
    sample_type: wgpu::TextureSampleType,
    view_dimension: wgpu::TextureViewDimension,
) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Texture {
            sample_type,
            view_dimension,
            multisampled: false,
        },
        count: None,
    }
}

fn layout(device: &wgpu::Device, label: &str, entries: &[wgpu::BindGroupLayoutEntry]) -> wgpu::BindGroupLayout {
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some(label),
        entries,
    })
}

fn pipeline(
    device: &wgpu::Device,
    module: &wgpu::ShaderModule,
    entry: &str,
    layout: &wgpu::BindGroupLayout,
    target: wgpu::TextureFormat,
) -> wgpu::RenderPipeline {
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(entry),
        bind_group_layouts: &[Some(layout)],
        immediate_size: 0,
    });
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(entry),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module,
            entry_point: Some("cover"),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState::default(),
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module,
            entry_point: Some(entry),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            targets: &[Some(wgpu::ColorTargetState {
                format: target,
                blend: None,
                write_mask: wgpu::ColorWrites::ALL,
            })],
        }),
        multiview_mask: None,
        cache: None,
    })
}
