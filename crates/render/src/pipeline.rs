//! Pipelines and their layouts, made once for a device and target.

use std::collections::HashMap;

use crate::shader::{Stage, sources};

pub(crate) struct Pipelines {
    pub(crate) resample_integer: wgpu::RenderPipeline,
    pub(crate) resample_float: wgpu::RenderPipeline,
    pub(crate) resample_colour: wgpu::RenderPipeline,
    pub(crate) resample_cover: wgpu::RenderPipeline,
    pub(crate) shown: wgpu::RenderPipeline,
    pub(crate) copied: wgpu::RenderPipeline,
    pub(crate) resample_integer_layout: wgpu::BindGroupLayout,
    pub(crate) resample_float_layout: wgpu::BindGroupLayout,
    pub(crate) display_layout: wgpu::BindGroupLayout,
}

/// What resampled grey values are kept in.
pub(crate) const VALUES: wgpu::TextureFormat = wgpu::TextureFormat::R32Float;
/// What resampled colours are kept in.
pub(crate) const COLOURS: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
/// What the codes of what lies over a tile are kept in.
pub(crate) const CODES: wgpu::TextureFormat = wgpu::TextureFormat::R8Uint;

impl Pipelines {
    pub(crate) fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let modules: HashMap<Stage, wgpu::ShaderModule> = sources()
            .into_iter()
            .map(|(stage, text)| {
                let label = format!("{stage:?}");
                let source = wgpu::ShaderSource::Wgsl(text.into());
                (
                    stage,
                    device.create_shader_module(wgpu::ShaderModuleDescriptor {
                        label: Some(&label),
                        source,
                    }),
                )
            })
            .collect();
        let uint = texture(1, wgpu::TextureSampleType::Uint);
        let float = texture(1, wgpu::TextureSampleType::Float { filterable: false });
        let table = texture(2, wgpu::TextureSampleType::Uint);
        let cover = texture(3, wgpu::TextureSampleType::Uint);
        let colours = texture(4, wgpu::TextureSampleType::Uint);
        let resample_integer_layout = layout(device, "resample integer", &[uniform(), uint]);
        let resample_float_layout = layout(device, "resample float", &[uniform(), float]);
        let display_layout = layout(device, "display", &[uniform(), float, table, cover, colours]);
        let make = |stage: Stage, entry, layout: &wgpu::BindGroupLayout, target| {
            pipeline(device, &modules[&stage], entry, layout, target)
        };
        Self {
            resample_integer: make(Stage::ResampleInteger, "grey", &resample_integer_layout, VALUES),
            resample_float: make(Stage::ResampleFloat, "grey", &resample_float_layout, VALUES),
            resample_colour: make(Stage::ResampleColour, "colour", &resample_integer_layout, COLOURS),
            resample_cover: make(Stage::ResampleCover, "covering", &resample_integer_layout, CODES),
            shown: make(Stage::Display, "shown", &display_layout, target),
            copied: make(Stage::Display, "copied", &display_layout, target),
            resample_integer_layout,
            resample_float_layout,
            display_layout,
        }
    }
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

fn texture(binding: u32, sample_type: wgpu::TextureSampleType) -> wgpu::BindGroupLayoutEntry {
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::FRAGMENT,
        ty: wgpu::BindingType::Texture {
            sample_type,
            view_dimension: wgpu::TextureViewDimension::D2,
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
