// What lies over an image → what lies over each screen pixel: 1 a shutter, 2 an overlay, or both (pixels::cover).

// The least part of a screen pixel that an overlay's pixel must cover to be drawn there.
const LEAST_PART: f32 = 1.0e-3;

@fragment
fn covering(@builtin(position) position: vec4<f32>) -> @location(0) vec4<u32> {
    let corner = floor(position.xy);
    let size = vec2<i32>(resample.shape.xy);
    let across = span(resample.column_from, corner, size.x, 0u);
    let down = span(resample.row_from, corner, size.y, 0u);
    if !(across.inside && down.inside) {
        return vec4<u32>(0u);
    }
    var code = texel(vec2<i32>(across.nearest, down.nearest)).r;
    if across.mean || down.mean {
        let least_row = LEAST_PART * (down.high - down.low);
        let least_column = LEAST_PART * (across.high - across.low);
        for (var j = 0; j < down.count; j++) {
            for (var i = 0; i < across.count; i++) {
                if weight(down, j, 0u) > least_row && weight(across, i, 0u) > least_column {
                    code |= texel(vec2<i32>(across.first + i, down.first + j)).r & 2u;
                }
            }
        }
    }
    return vec4<u32>(code, 0u, 0u, 0u);
}
