// Float texels of a frame that is larger than a texture: it lies in the layers of one, row by row of layers.

@group(0) @binding(1) var frame: texture_2d_array<f32>;

fn texel(at: vec2<i32>) -> vec4<f32> {
    let layer = layer_of(at);
    return textureLoad(frame, layer.xy, layer.z, 0);
}
