//! What a length says, by what is known of the spacing.

use space::ImagePoint;
use study::{Spacing, UltrasoundRegion};

use crate::fake::{FakeStudy, patient};
use crate::measure::length_words;

fn said(spacing: Spacing, from: (f64, f64), to: (f64, f64)) -> String {
    let study = FakeStudy::ct(1, patient("Miller^Ann", "4711"), "20261101", 1);
    let mut instance = study.instance(0, 0);
    instance.geometry[0].spacing = spacing;
    let ends = [ImagePoint::new(from.0, from.1), ImagePoint::new(to.0, to.1)];
    length_words(&instance, 0, ends).replace('\u{a0}', " ")
}

#[test]
fn rows_and_columns_have_their_own_distances() {
    let spacing = || Spacing::Patient { row: 0.8, column: 0.5 };
    assert_eq!(said(spacing(), (0.0, 0.0), (10.0, 0.0)), "5.0 mm");
    assert_eq!(said(spacing(), (0.0, 0.0), (0.0, 10.0)), "8.0 mm");
    // 3 mm across, 4 mm down.
    assert_eq!(said(spacing(), (1.0, 1.0), (7.0, 6.0)), "5.0 mm");
}

#[test]
fn what_a_number_is_worth_stands_beside_it() {
    let imager = |magnification| Spacing::Imager {
        row: 0.16,
        column: 0.16,
        magnification,
    };
    let calibrated = |how: &str| Spacing::Calibrated {
        row: 0.2,
        column: 0.2,
        how: how.into(),
    };
    for (spacing, words) in [
        (imager(None), "≈ 16.0 mm at detector"),
        (imager(Some(1.25)), "≈ 16.0 mm (est. ×1.25)"),
        (calibrated("fiducial"), "20.0 mm (fiducial)"),
        (calibrated("calibration unknown"), "≈ 20.0 mm (calibration unknown)"),
        (calibrated("on film"), "≈ 20.0 mm (on film)"),
        (Spacing::Unknown { aspect: 1.0 }, "100.0 px"),
    ] {
        assert_eq!(said(spacing, (0.0, 0.0), (100.0, 0.0)), words);
    }
    assert_eq!(
        said(Spacing::Unknown { aspect: 2.0 }, (0.0, 0.0), (0.0, 10.0)),
        "20.0 px"
    );
    let senseless = Spacing::Patient {
        row: 0.0,
        column: f64::NAN,
    };
    assert_eq!(said(senseless, (0.0, 0.0), (3.0, 4.0)), "5.0 px");
}

fn region(left: u32, right: u32, units: (u16, u16), high_priority: bool) -> UltrasoundRegion {
    UltrasoundRegion {
        left,
        top: 50,
        right,
        bottom: 400,
        units,
        delta: (0.02, -0.02),
        high_priority,
    }
}

#[test]
fn an_ultrasound_length_belongs_to_one_region() {
    // PS3.3 C.8.5.5: 100 columns and 75 rows at 0.02 cm are 2.0 × 1.5 cm.
    let one = || Spacing::Regions(vec![region(100, 300, (3, 3), true), region(301, 500, (3, 3), true)]);
    assert_eq!(said(one(), (120.0, 100.0), (220.0, 175.0)), "25.0 mm");
    assert_eq!(said(one(), (290.0, 100.0), (320.0, 100.0)), "30.0 px (across regions)");
    assert_eq!(
        said(one(), (10.0, 10.0), (20.0, 10.0)),
        "10.0 px (outside calibrated regions)"
    );
    let doppler = Spacing::Regions(vec![region(100, 300, (4, 7), true)]);
    assert_eq!(
        said(doppler, (120.0, 100.0), (130.0, 100.0)),
        "10.0 px (this region has no lengths)"
    );
}

#[test]
fn where_regions_overlap_the_higher_priority_counts() {
    let mut low = region(100, 300, (3, 3), false);
    low.delta = (0.1, 0.1);
    let overlapping = Spacing::Regions(vec![low, region(150, 250, (3, 3), true)]);
    assert_eq!(said(overlapping, (160.0, 100.0), (170.0, 100.0)), "2.0 mm");
}
