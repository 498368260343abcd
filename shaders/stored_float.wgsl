// Modality values of 32-bit and float frames; padding was replaced by NOTHING before they were uploaded.

@group(0) @binding(1) var frame: texture_2d<f32>;

fn stored_value(at: vec2<i32>) -> f32 {
    return textureLoad(frame, at, 0).r;
}
