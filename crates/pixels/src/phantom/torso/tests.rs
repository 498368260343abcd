//! What `truth` promises, measured in the stored values.

use space::PatientPoint;

use super::*;

const LESIONS: [Lesion; 2] = [
    Lesion {
        centre: truth::NODULE_NOW,
        diameter: truth::NODULE_NOW_MM,
        hounsfield: truth::NODULE_HU,
    },
    Lesion {
        centre: truth::CYST,
        diameter: truth::CYST_MM,
        hounsfield: truth::CYST_HU,
    },
];

const SCAN: Scan = Scan {
    matrix: 512,
    spacing: 0.742,
    slices: 240,
    increment: 1.25,
    top: 0.0,
    shift: [0.0, 0.0, -820.0],
    stretch: [1.0, 1.0, 1.0],
    noise: 11.0,
    seed: 1,
    lesions: &LESIONS,
};

fn stored(frame: &StoredFrame) -> &[i16] {
    match &frame.samples {
        Samples::I16(values) => values,
        other => panic!("{} values of another kind", other.len()),
    }
}

/// Hounsfield units of the pixels of one slice within a sphere, with each pixel's distance from the centre.
fn around(scan: &Scan, index: u32, centre: [f64; 3], radius: f64) -> Vec<(f64, f64)> {
    let plane = scan.plane(index);
    let centre = PatientPoint::new(centre[0], centre[1], centre[2]);
    let frame = scan.slice(index);
    let mut found = Vec::new();
    for (at, value) in stored(&frame).iter().enumerate() {
        let (row, column) = (at / 512, at % 512);
        let place = plane.apply(space::ImagePoint::new(column as f64, row as f64));
        let distance = place.minus(centre).length();
        if distance < radius {
            found.push((f64::from(*value) + f64::from(INTERCEPT), distance));
        }
    }
    found
}

/// The slice nearest to a height in the scan's frame of reference.
fn slice_at(scan: &Scan, z: f64) -> u32 {
    ((scan.top + scan.shift[2] - z) / scan.increment).round() as u32
}

fn mean(values: &[(f64, f64)]) -> f64 {
    values.iter().map(|v| v.0).sum::<f64>() / values.len() as f64
}

/// Mean density in a disc whose middle is given in the anatomy's own coordinates.
fn density(at: [f64; 3], radius: f64) -> f64 {
    let centre = [0, 1, 2].map(|k| at[k] + SCAN.shift[k]);
    let index = slice_at(&SCAN, centre[2]);
    mean(&around(
        &SCAN,
        index,
        [centre[0], centre[1], SCAN.plane(index).origin.z],
        radius,
    ))
}

/// Volume and equivalent diameter of what is denser (or not) than a threshold near a lesion.
fn volume(scan: &Scan, lesion: &Lesion, denser_than: f64) -> (f64, f64) {
    let reach = lesion.diameter / 2.0 + 2.5;
    let first = slice_at(scan, lesion.centre[2] + reach);
    let last = slice_at(scan, lesion.centre[2] - reach);
    let inside: usize = (first..=last)
        .map(|index| {
            around(scan, index, lesion.centre, reach)
                .iter()
                .filter(|v| v.0 > denser_than)
                .count()
        })
        .sum();
    let volume = inside as f64 * scan.spacing * scan.spacing * scan.increment;
    (volume, (volume * 6.0 / std::f64::consts::PI).cbrt())
}

#[test]
fn the_nodule_has_its_size_its_density_and_its_place() {
    let lesion = LESIONS[0];
    let middle = around(&SCAN, slice_at(&SCAN, lesion.centre[2]), lesion.centre, 4.0);
    assert!(middle.len() > 80);
    assert!((mean(&middle) - truth::NODULE_HU).abs() < 3.0, "{}", mean(&middle));
    let (volume_mm3, diameter) = volume(&SCAN, &lesion, -405.0);
    assert!((diameter - 12.0).abs() < 0.25, "{diameter} mm, {volume_mm3} mm³");
    let before = Lesion {
        centre: truth::NODULE_BEFORE,
        diameter: truth::NODULE_BEFORE_MM,
        hounsfield: truth::NODULE_HU,
    };
    let older = Scan {
        shift: truth::PRIOR_SHIFT,
        lesions: &[Lesion {
            centre: truth::NODULE_BEFORE,
            diameter: truth::NODULE_BEFORE_MM,
            hounsfield: truth::NODULE_HU,
        }],
        ..SCAN
    };
    let (_, diameter) = volume(&older, &before, -405.0);
    assert!((diameter - 8.0).abs() < 0.25, "{diameter} mm before");
    for (k, shift) in truth::PRIOR_SHIFT.iter().enumerate() {
        let same = truth::NODULE_BEFORE[k] - shift - (truth::NODULE_NOW[k] - SCAN.shift[k]);
        assert!(same.abs() < 1e-9, "the same place in the body");
    }
}

#[test]
fn organs_have_the_densities_that_are_written_down() {
    let cyst = LESIONS[1];
    let middle = around(&SCAN, slice_at(&SCAN, cyst.centre[2]), cyst.centre, 8.0);
    assert!((mean(&middle) - truth::CYST_HU).abs() < 3.0, "{}", mean(&middle));
    for (name, at, radius, expected, within) in [
        ("descending aorta", [26.0, 34.0, -130.0], 8.0, truth::AORTA_HU, 3.0),
        ("liver", [-88.0, -6.0, -250.0], 6.0, truth::LIVER_HU, 8.0),
        ("spleen", [97.0, 22.0, -262.0], 6.0, truth::SPLEEN_HU, 3.0),
        ("windpipe", [0.0, 3.0, -50.0], 5.0, truth::WINDPIPE_HU, 12.0),
        (
            "vertebra",
            [0.0, 47.0, truth::FIRST_VERTEBRA_Z - 5.0 * truth::VERTEBRA_PITCH - 4.0],
            6.0,
            truth::SPONGY_HU,
            20.0,
        ),
    ] {
        let found = density(at, radius);
        assert!((found - expected).abs() < within, "{name}: {found} and not {expected}");
    }
    let lung = density([-95.0, -30.0, -100.0], 10.0);
    assert!((-880.0..-780.0).contains(&lung), "lung: {lung}");
}

#[test]
fn the_aorta_is_as_wide_as_is_written_down() {
    let index = slice_at(&SCAN, SCAN.shift[2] - 130.0);
    let centre = [26.0, 34.0, SCAN.plane(index).origin.z];
    let bright = around(&SCAN, index, centre, 13.5)
        .iter()
        .filter(|v| v.0 > 130.0)
        .count();
    let diameter = (bright as f64 * SCAN.spacing * SCAN.spacing * 4.0 / std::f64::consts::PI).sqrt();
    assert!((diameter - truth::DESCENDING_AORTA_MM).abs() < 0.6, "{diameter}");
}

#[test]
fn vertebral_discs_repeat_at_the_pitch() {
    // Along the middle of the spine the density falls in each disc.
    let line: Vec<f64> = (30..150)
        .map(|index| {
            let plane = SCAN.plane(index);
            let z = plane.origin.z - SCAN.shift[2];
            let from = z + 140.0;
            mean(&around(
                &SCAN,
                index,
                [0.0, 45.0 - 0.0004 * from * from, plane.origin.z],
                5.0,
            ))
        })
        .collect();
    let discs: Vec<f64> = (1..line.len() - 1)
        .filter(|i| line[*i] < 140.0 && line[*i] <= line[*i - 1] && line[*i] < line[*i + 1])
        .map(|i| i as f64 * SCAN.increment)
        .collect();
    assert!(discs.len() >= 5, "{discs:?}");
    let pitch = (discs[discs.len() - 1] - discs[0]) / (discs.len() - 1) as f64;
    assert!((pitch - truth::VERTEBRA_PITCH).abs() < 0.35, "{pitch}: {discs:?}");
}

#[test]
fn noise_is_as_strong_as_asked_and_padding_lies_outside_the_circle() {
    let frame = SCAN.slice(140);
    let values = stored(&frame);
    assert_eq!((values[0], values[511], values[512 * 511]), (PADDING, PADDING, PADDING));
    let padded = values.iter().filter(|v| **v == PADDING).count() as f64 / values.len() as f64;
    let expected = 1.0 - std::f64::consts::PI / 4.0 * f64::from(CIRCLE);
    assert!((padded - expected).abs() < 0.003, "{padded}");
    assert!(values.iter().all(|v| *v == PADDING || *v >= 0));
    let aorta = around(&SCAN, 104, [26.0, 34.0, SCAN.plane(104).origin.z], 8.0);
    let centre = mean(&aorta);
    let deviation = (aorta.iter().map(|v| (v.0 - centre) * (v.0 - centre)).sum::<f64>() / aorta.len() as f64).sqrt();
    assert!((12.0..18.0).contains(&deviation), "{deviation}");
}

#[test]
fn a_slice_is_always_the_same() {
    assert_eq!(SCAN.slice(56), SCAN.slice(56));
    assert_ne!(SCAN.slice(56), Scan { seed: 2, ..SCAN }.slice(56));
    // Two slices by their sum: rounding in any step of the generator would change it.
    let sum = |index| stored(&SCAN.slice(index)).iter().map(|v| i64::from(*v)).sum::<i64>();
    assert_eq!((sum(56), sum(190)), (-19_041_788, -7_651_926));
}
