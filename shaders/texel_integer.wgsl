// Integer texels of a frame that fits one texture.

@group(0) @binding(1) var frame: texture_2d<u32>;

fn texel(at: vec2<i32>) -> vec4<u32> {
    return textureLoad(frame, at, 0);
}
