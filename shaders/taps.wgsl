// Which samples a screen pixel reads: one image axis at a time (pixels::picture::axis is the CPU's path).

struct Resample {
    // Image coordinate = from_x · x + from_y · y + offset, for screen pixel edges x, y.
    column_from: vec4<f32>,
    row_from: vec4<f32>,
    // Stored values low … high that are padding; the third component is 1 when there is padding.
    padding: vec4<f32>,
    // Columns, rows, interpolation (0 nearest, 1 linear, 2 cubic), bias that is taken off a texel.
    shape: vec4<u32>,
    // Columns and rows of one layer, layers across; the fourth component is unused.
    layers: vec4<u32>,
};

@group(0) @binding(0) var<uniform> resample: Resample;

// Column and row within a layer, and the layer, of a sample of a frame that is larger than a texture.
fn layer_of(at: vec2<i32>) -> vec3<i32> {
    let sample = vec2<u32>(at);
    let layer = sample / resample.layers.xy;
    let within = sample - layer * resample.layers.xy;
    return vec3<i32>(vec3<u32>(within, layer.y * resample.layers.z + layer.x));
}

struct Span {
    // First sample, number of samples, and 1 where the axis is drawn below 1:1.
    first: i32,
    count: i32,
    mean: bool,
    nearest: i32,
    // Image coordinates of the screen pixel's two edges and its centre.
    low: f32,
    high: f32,
    centre: f32,
    inside: bool,
};

fn span(line: vec4<f32>, corner: vec2<f32>, samples: i32, interpolation: u32) -> Span {
    let at_corner = dot(line.xy, corner) + line.z;
    let step = line.x + line.y;
    let centre = at_corner + 0.5 * step;
    var s: Span;
    s.centre = centre;
    s.low = min(at_corner, at_corner + step);
    s.high = max(at_corner, at_corner + step);
    s.nearest = i32(floor(centre + 0.5));
    s.inside = s.nearest >= 0 && s.nearest < samples;
    s.mean = abs(step) > 1.00001;
    if s.mean {
        s.low = max(s.low, -0.5);
        s.high = min(s.high, f32(samples) - 0.5);
        s.first = clamp(i32(floor(s.low + 0.5)), 0, samples - 1);
        s.count = clamp(i32(floor(s.high + 0.5)), 0, samples - 1) - s.first + 1;
    } else if interpolation == 0u {
        s.first = s.nearest;
        s.count = 1;
    } else if interpolation == 1u {
        s.first = i32(floor(centre));
        s.count = 2;
    } else {
        s.first = i32(floor(centre)) - 1;
        s.count = 4;
    }
    return s;
}

fn weight(s: Span, k: i32, interpolation: u32) -> f32 {
    let sample = f32(s.first + k);
    if s.mean {
        return max(min(s.high, sample + 0.5) - max(s.low, sample - 0.5), 0.0);
    }
    if interpolation == 0u {
        return 1.0;
    }
    let t = s.centre - floor(s.centre);
    if interpolation == 1u {
        return select(t, 1.0 - t, k == 0);
    }
    let t2 = t * t;
    let t3 = t2 * t;
    switch k {
        case 0: { return -0.5 * t3 + t2 - 0.5 * t; }
        case 1: { return 1.5 * t3 - 2.5 * t2 + 1.0; }
        case 2: { return -1.5 * t3 + 2.0 * t2 + 0.5 * t; }
        default: { return 0.5 * t3 - 0.5 * t2; }
    }
}
