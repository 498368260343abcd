// Colours of a frame → one colour for each screen pixel; black where there is no image.

@fragment
fn colour(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let corner = floor(position.xy);
    let size = vec2<i32>(resample.shape.xy);
    let interpolation = resample.shape.z;
    let across = span(resample.column_from, corner, size.x, interpolation);
    let down = span(resample.row_from, corner, size.y, interpolation);
    if !(across.inside && down.inside) {
        return vec4<f32>(0.0, 0.0, 0.0, 1.0);
    }
    var sum = vec3<f32>(0.0);
    var total = 0.0;
    var least = vec3<f32>(255.0);
    var greatest = vec3<f32>(0.0);
    for (var j = 0; j < down.count; j++) {
        let row = clamp(down.first + j, 0, size.y - 1);
        let by_row = weight(down, j, interpolation);
        for (var i = 0; i < across.count; i++) {
            let column = clamp(across.first + i, 0, size.x - 1);
            let sample = vec3<f32>(texel(vec2<i32>(column, row)).rgb);
            let w = by_row * weight(across, i, interpolation);
            sum += sample * w;
            total += w;
            least = min(least, sample);
            greatest = max(greatest, sample);
        }
    }
    return vec4<f32>(clamp(sum / max(total, 1.0e-7), least, greatest) / 255.0, 1.0);
}
