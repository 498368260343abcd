// Stored values of at most 16 bits: unsigned texels, signed values biased so that they are.

@group(0) @binding(1) var frame: texture_2d<u32>;

fn stored_value(at: vec2<i32>) -> f32 {
    return f32(i32(textureLoad(frame, at, 0).r) - i32(resample.shape.w));
}
