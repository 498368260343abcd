// Modality values of 32-bit and float frames; padding was replaced by NOTHING before they were uploaded.

fn stored_value(at: vec2<i32>) -> f32 {
    return texel(at).r;
}
