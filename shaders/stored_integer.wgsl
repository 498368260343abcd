// Stored values of at most 16 bits: unsigned texels, signed values biased so that they are.

fn stored_value(at: vec2<i32>) -> f32 {
    return f32(i32(texel(at).r) - i32(resample.shape.w));
}
