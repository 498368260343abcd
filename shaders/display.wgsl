// One value for each screen pixel → index → table entry → shown value. No clinical arithmetic: that is in the table.

struct Display {
    // Index = (value − low) · scale, held within 0 … last.
    low: f32,
    scale: f32,
    last: f32,
    // 1 where levels are shown in colours.
    coloured: f32,
    // The tile's top left corner on the target, pixels.
    origin: vec2<f32>,
    size: vec2<f32>,
    // Red, green and blue of what a shutter hides and of overlays; the fourth component is 1 when there is a cover.
    shutter: vec4<f32>,
    overlay: vec4<f32>,
};

@group(0) @binding(0) var<uniform> display: Display;
@group(0) @binding(1) var values: texture_2d<f32>;
@group(0) @binding(2) var table: texture_2d<u32>;
// What lies over each screen pixel: 1 a shutter, 2 an overlay.
@group(0) @binding(3) var codes: texture_2d<u32>;
// The colours of levels 0 … 255.
@group(0) @binding(4) var colours: texture_2d<u32>;

// A picture's colour, or what lies over it.
fn under_cover(at: vec2<i32>, colour: vec3<f32>) -> vec4<f32> {
    var shown = colour;
    if display.shutter.w > 0.5 {
        let code = textureLoad(codes, at, 0).r;
        if (code & 2u) != 0u {
            shown = display.overlay.rgb;
        } else if (code & 1u) != 0u {
            shown = display.shutter.rgb;
        }
    }
    return vec4<f32>(shown, 1.0);
}

fn entry(index: i32) -> f32 {
    return f32(textureLoad(table, vec2<i32>(index & 255, index >> 8u), 0).r);
}

@fragment
fn shown(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let at = clamp(floor(position.xy) - display.origin, vec2<f32>(0.0), display.size - vec2<f32>(1.0));
    let value = textureLoad(values, vec2<i32>(at), 0).r;
    if value <= -2.9e38 {
        return under_cover(vec2<i32>(at), vec3<f32>(0.0));
    }
    let index = clamp((value - display.low) * display.scale, 0.0, display.last);
    let below = floor(index);
    let fraction = index - below;
    var level = entry(i32(below));
    if fraction > 0.0 {
        level = level * (1.0 - fraction) + entry(i32(below) + 1) * fraction;
    }
    var colour = vec3<f32>(level / 65535.0);
    if display.coloured > 0.5 {
        let index = i32(clamp(floor(level / 257.0 + 0.5), 0.0, 255.0));
        colour = vec3<f32>(textureLoad(colours, vec2<i32>(index, 0), 0).rgb) / 255.0;
    }
    return under_cover(vec2<i32>(at), colour);
}

@fragment
fn copied(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let at = clamp(floor(position.xy) - display.origin, vec2<f32>(0.0), display.size - vec2<f32>(1.0));
    return under_cover(vec2<i32>(at), textureLoad(values, vec2<i32>(at), 0).rgb);
}
