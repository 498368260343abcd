// Stored values of a frame → one value for each screen pixel; NOTHING where there is no image or only padding.

const NOTHING: f32 = -3.0e38;

fn is_padding(stored: f32) -> bool {
    return stored <= NOTHING || (resample.padding.z > 0.5 && stored >= resample.padding.x && stored <= resample.padding.y);
}

@fragment
fn grey(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let corner = floor(position.xy);
    let size = vec2<i32>(resample.shape.xy);
    let interpolation = resample.shape.z;
    let across = span(resample.column_from, corner, size.x, interpolation);
    let down = span(resample.row_from, corner, size.y, interpolation);
    if !(across.inside && down.inside) {
        return vec4<f32>(NOTHING, 0.0, 0.0, 0.0);
    }
    if !(across.mean || down.mean) && is_padding(stored_value(vec2<i32>(across.nearest, down.nearest))) {
        return vec4<f32>(NOTHING, 0.0, 0.0, 0.0);
    }
    var sum = 0.0;
    var total = 0.0;
    var least = 3.0e38;
    var greatest = -3.0e38;
    for (var j = 0; j < down.count; j++) {
        let row = clamp(down.first + j, 0, size.y - 1);
        let by_row = weight(down, j, interpolation);
        for (var i = 0; i < across.count; i++) {
            let column = clamp(across.first + i, 0, size.x - 1);
            let stored = stored_value(vec2<i32>(column, row));
            if !is_padding(stored) {
                let w = by_row * weight(across, i, interpolation);
                sum += stored * w;
                total += w;
                least = min(least, stored);
                greatest = max(greatest, stored);
            }
        }
    }
    if total <= 1.0e-7 {
        return vec4<f32>(NOTHING, 0.0, 0.0, 0.0);
    }
    // Clamping to the taps only matters for cubic; for the means it takes off no more than a rounding error.
    return vec4<f32>(clamp(sum / total, least, greatest), 0.0, 0.0, 0.0);
}
