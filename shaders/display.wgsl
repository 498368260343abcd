// One value for each screen pixel → index → table entry → shown value. No clinical arithmetic: that is in the table.

struct Display {
    // Index = (value − low) · scale, held within 0 … last.
    low: f32,
    scale: f32,
    last: f32,
    pad: f32,
    // The tile's top left corner on the target, pixels.
    origin: vec2<f32>,
    size: vec2<f32>,
};

@group(0) @binding(0) var<uniform> display: Display;
@group(0) @binding(1) var values: texture_2d<f32>;
@group(0) @binding(2) var table: texture_2d<u32>;

fn entry(index: i32) -> f32 {
    return f32(textureLoad(table, vec2<i32>(index & 255, index >> 8u), 0).r);
}

@fragment
fn shown(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let at = clamp(floor(position.xy) - display.origin, vec2<f32>(0.0), display.size - vec2<f32>(1.0));
    let value = textureLoad(values, vec2<i32>(at), 0).r;
    if value <= -2.9e38 {
        return vec4<f32>(0.0, 0.0, 0.0, 1.0);
    }
    let index = clamp((value - display.low) * display.scale, 0.0, display.last);
    let below = floor(index);
    let fraction = index - below;
    var level = entry(i32(below));
    if fraction > 0.0 {
        level = level * (1.0 - fraction) + entry(i32(below) + 1) * fraction;
    }
    return vec4<f32>(vec3<f32>(level / 65535.0), 1.0);
}

@fragment
fn copied(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let at = clamp(floor(position.xy) - display.origin, vec2<f32>(0.0), display.size - vec2<f32>(1.0));
    return vec4<f32>(textureLoad(values, vec2<i32>(at), 0).rgb, 1.0);
}
