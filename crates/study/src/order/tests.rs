//! Stacks of made-up instances, and of the shared series.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use pixels::display::Modality;
use space::{FrameOfReference, PatientFromImage, PatientPoint, PatientVector};

use super::*;
use crate::{
    FrameOrder, InstanceUid, Layout, LossyState, Object, PatientIdentity, Photometric, Reader, SampleKind, SeriesText,
    SeriesUid, Spacing, StudyUid, TransferSyntax, Unit,
};

/// An axial slice.
fn slice(number: i64, z: f64) -> Instance {
    Instance {
        study: StudyUid::new("1.2.3").unwrap(),
        series: SeriesUid::new("1.2.3.4").unwrap(),
        uid: InstanceUid::new(&format!("1.2.3.4.{number}")).unwrap(),
        sop_class: String::new(),
        transfer_syntax: TransferSyntax("1.2.840.10008.1.2.1".into()),
        patient: PatientIdentity::default(),
        text: SeriesText::default(),
        instance_number: Some(number),
        image_type: Vec::new(),
        acquired: String::new(),
        layout: Some(Arc::new(Layout {
            rows: 4,
            columns: 4,
            samples_per_pixel: 1,
            planar: false,
            bits_allocated: 16,
            bits_stored: 12,
            high_bit: 11,
            signed: false,
            photometric: Photometric::Monochrome2,
            kind: SampleKind::Integer,
        })),
        frames: 1,
        geometry: vec![FrameGeometry {
            plane: Some(PatientFromImage {
                frame_of_reference: Some(FrameOfReference::new("1.2.9")),
                origin: PatientPoint::new(0.0, 0.0, z),
                along_row: PatientVector::new(1.0, 0.0, 0.0),
                along_column: PatientVector::new(0.0, 1.0, 0.0),
                column_spacing: 1.0,
                row_spacing: 1.0,
            }),
            spacing: Spacing::Patient { row: 1.0, column: 1.0 },
            modality: Modality::Identity,
            voi: Vec::new(),
            thickness: None,
            order: FrameOrder::default(),
            orientation_refused: false,
            patient_orientation: None,
        }],
        padding: None,
        inverse: false,
        palette: None,
        suv: None,
        colours: pixels::colour::ColourState::default(),
        wishes: crate::DisplayWishes::default(),
        unit: Unit::StoredValue,
        lossy: LossyState::default(),
        cine: None,
        presentation: None,
        oddities: Vec::new(),
        corrections: Vec::new(),
    }
}

fn sorted(instances: Vec<Instance>) -> Vec<Stack> {
    let instances: Vec<Arc<Instance>> = instances.into_iter().map(Arc::new).collect();
    stacks(&instances)
}

fn numbers(stack: &Stack) -> Vec<i64> {
    stack
        .frames
        .iter()
        .map(|(instance, _)| instance.instance_number.unwrap())
        .collect()
}

#[test]
fn slices_are_sorted_along_the_normal_whatever_their_numbers() {
    let stacks = sorted(vec![slice(1, 20.0), slice(2, 0.0), slice(3, 10.0), slice(4, 30.0)]);
    assert_eq!(stacks.len(), 1);
    assert_eq!(numbers(&stacks[0]), [2, 3, 1, 4]);
    assert_eq!(
        (stacks[0].arrangement, stacks[0].spacing),
        (Arrangement::Position, Some(10.0))
    );
    assert!(stacks[0].oddities.is_empty());
}

#[test]
fn gaps_unevenness_and_tilt_are_told() {
    let gap = &sorted(vec![slice(1, 0.0), slice(2, 5.0), slice(3, 10.0), slice(4, 25.0)])[0];
    assert!(gap.oddities[0].0.contains("2 of the places"), "{:?}", gap.oddities);
    let uneven = &sorted(vec![slice(1, 0.0), slice(2, 5.0), slice(3, 10.0), slice(4, 12.2)])[0];
    assert!(
        uneven.oddities[0].0.contains("2.20 to 5.00 mm"),
        "{:?}",
        uneven.oddities
    );
    // Clinical example: 15° of tilt, 5 mm of table: 4.8296 mm apart and 1.2941 mm sideways.
    let tilted = (0..4u8)
        .map(|k| {
            let mut one = slice(i64::from(k), 0.0);
            let origin = PatientPoint::new(0.0, f64::from(k) * 1.2941, f64::from(k) * 4.8296);
            one.geometry[0].plane.as_mut().unwrap().origin = origin;
            one
        })
        .collect();
    let tilted = &sorted(tilted)[0];
    assert!(tilted.oddities[0].0.contains("15.0°"), "{:?}", tilted.oddities);
    assert!((tilted.spacing.unwrap() - 4.8296).abs() < 1e-9);
}

#[test]
fn orientations_sizes_localizers_and_persons_are_kept_apart() {
    let mut sagittal = slice(1, 0.0);
    sagittal.geometry[0].plane.as_mut().unwrap().along_row = PatientVector::new(0.0, 1.0, 0.0);
    sagittal.geometry[0].plane.as_mut().unwrap().along_column = PatientVector::new(0.0, 0.0, -1.0);
    let mut scout = slice(2, 0.0);
    scout.image_type = ["ORIGINAL", "PRIMARY", "LOCALIZER"].map(str::to_owned).to_vec();
    let mut larger = slice(3, 0.0);
    let layout = Layout {
        rows: 8,
        ..Layout::clone(larger.layout.as_ref().unwrap())
    };
    larger.layout = Some(Arc::new(layout));
    let mut other = slice(4, 0.0);
    other.patient.id = Reader::new("SOMEBODY ELSE");
    let stacks = sorted(vec![slice(7, 5.0), sagittal, scout, larger, other, slice(6, 0.0)]);
    let found: Vec<Vec<i64>> = stacks.iter().map(numbers).collect();
    assert_eq!(
        found,
        [vec![1], vec![3], vec![4], vec![6, 7], vec![2]],
        "localizers last"
    );
}

#[test]
fn several_images_at_a_position_are_sorted_by_what_they_differ_in() {
    // Two echoes, interleaved by number.
    let echo = |number: i64, z: f64, ms: f64| {
        let mut one = slice(number, z);
        one.geometry[0].order.echo_ms = Some(ms);
        one
    };
    let stacks = sorted(vec![
        echo(1, 5.0, 80.0),
        echo(2, 5.0, 20.0),
        echo(3, 0.0, 80.0),
        echo(4, 0.0, 20.0),
    ]);
    assert_eq!(numbers(&stacks[0]), [4, 2, 3, 1]);
    assert_eq!((stacks[0].spacing, stacks[0].oddities.len()), (Some(5.0), 0));
    // Trigger times that differ from slice to slice: the rank counts.
    let trigger = |number: i64, z: f64, ms: f64| {
        let mut one = slice(number, z);
        one.geometry[0].order.trigger_ms = Some(ms);
        one
    };
    let stacks = sorted(vec![
        trigger(1, 0.0, 33.0),
        trigger(2, 0.0, 0.5),
        trigger(3, 5.0, 0.7),
        trigger(4, 5.0, 34.0),
    ]);
    assert_eq!(numbers(&stacks[0]), [2, 3, 1, 4]);
    // One image twice, unexplained: side by side, and told.
    let stacks = sorted(vec![slice(1, 0.0), slice(2, 5.0), slice(3, 5.0), slice(4, 10.0)]);
    assert_eq!(numbers(&stacks[0]), [1, 2, 3, 4]);
    assert!(
        stacks[0].oddities[0].0.starts_with("1 images lie"),
        "{:?}",
        stacks[0].oddities
    );
    // An incomplete time: still by time, and told.
    let time = |number: i64, z: f64, at: i64| {
        let mut one = slice(number, z);
        one.geometry[0].order.temporal_position = Some(at);
        one
    };
    let stacks = sorted(vec![time(1, 0.0, 1), time(2, 5.0, 1), time(3, 0.0, 2)]);
    assert_eq!(numbers(&stacks[0]), [1, 2, 3]);
    assert_eq!(stacks[0].oddities.len(), 1);
}

#[test]
fn without_planes_numbers_decide_and_a_multi_frame_object_stays_whole() {
    let flat = |number: i64| {
        let mut one = slice(number, 0.0);
        one.geometry[0].plane = None;
        one
    };
    let mut cine = flat(2);
    cine.frames = 3;
    let stacks = sorted(vec![flat(3), cine, flat(1)]);
    let found: Vec<Vec<(i64, u32)>> = stacks
        .iter()
        .map(|s| s.frames.iter().map(|(i, f)| (i.instance_number.unwrap(), *f)).collect())
        .collect();
    assert_eq!(found, [vec![(1, 0), (3, 0)], vec![(2, 0), (2, 1), (2, 2)]]);
    assert_eq!(
        [stacks[0].arrangement, stacks[1].arrangement],
        [Arrangement::InstanceNumber, Arrangement::FrameNumber]
    );
    assert!(sorted(vec![]).is_empty());
}

#[test]
fn a_radial_series_is_one_stack_by_number() {
    let radial = (1..=6)
        .map(|number| {
            let mut one = slice(number, 0.0);
            let angle = number as f64 * 0.5;
            one.geometry[0].plane.as_mut().unwrap().along_row = PatientVector::new(angle.cos(), angle.sin(), 0.0);
            one.geometry[0].plane.as_mut().unwrap().along_column = PatientVector::new(0.0, 0.0, -1.0);
            one
        })
        .collect();
    let stacks = sorted(radial);
    assert_eq!(stacks.len(), 1);
    assert_eq!(numbers(&stacks[0]), [1, 2, 3, 4, 5, 6]);
    assert_eq!(stacks[0].arrangement, Arrangement::InstanceNumber);
}

#[test]
fn the_shared_series_stack_as_the_reference_says() {
    let Some(folder) = testkit::shared_data("order of the shared series") else {
        return;
    };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let volumes: Vec<serde_json::Value> = read("volumes.jsonl")
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let wanted: Vec<(&str, &str)> = volumes
        .iter()
        .map(|v| (v["group"].as_str().unwrap(), v["series"].as_str().unwrap()))
        .collect();
    /// Each file's path and instance, by group and series.
    type Series = BTreeMap<(String, String), Vec<(String, Arc<Instance>)>>;
    let mut series = Series::new();
    for line in read("manifest.csv").lines() {
        // The path is the first field and holds no comma.
        let path = line.split(',').next().unwrap();
        let Some(&(group, _)) = wanted.iter().find(|(group, _)| path.starts_with(&format!("{group}/"))) else {
            continue;
        };
        let object = Object::parse(Bytes::from(std::fs::read(folder.join(path)).unwrap())).unwrap();
        let Ok(instance) = object.instance() else {
            continue;
        };
        let uid = instance.series.as_str().to_owned();
        series
            .entry((group.to_owned(), uid))
            .or_default()
            .push((path.to_owned(), Arc::new(instance)));
    }
    for volume in &volumes {
        let key = (
            volume["group"].as_str().unwrap().to_owned(),
            volume["series"].as_str().unwrap().to_owned(),
        );
        let files = &series[&key];
        let instances: Vec<Arc<Instance>> = files.iter().map(|(_, instance)| Arc::clone(instance)).collect();
        let path_of = |instance: &Instance| files.iter().find(|(_, i)| i.uid == instance.uid).unwrap().0.as_str();
        let stacks = stacks(&instances);
        let stack = stacks.iter().max_by_key(|stack| stack.frames.len()).unwrap();
        assert_eq!(stack.frames.len() as u64, volume["n"].as_u64().unwrap(), "{key:?}");
        assert_eq!(stack.arrangement, Arrangement::Position, "{key:?}");
        assert_eq!(
            path_of(&stack.frames[0].0),
            volume["first"].as_str().unwrap(),
            "{key:?}"
        );
        assert_eq!(
            path_of(&stack.frames.last().unwrap().0),
            volume["last"].as_str().unwrap(),
            "{key:?}"
        );
        let told = |word: &str| stack.oddities.iter().any(|oddity| oddity.0.contains(word));
        if volume["duplicates"] == 0 {
            let median = volume["gap_median"].as_f64().unwrap();
            assert!(
                (stack.spacing.unwrap() - median).abs() < 1e-3,
                "{key:?}: {:?}",
                stack.spacing
            );
            let regular = volume["regular"].as_bool().unwrap();
            assert_eq!(
                !regular,
                told("uneven") || told("missing"),
                "{key:?}: {:?}",
                stack.oddities
            );
        }
        let shear = volume["shear_mm_per_slice"].as_f64().unwrap();
        assert_eq!(shear > 0.1, told("tilted"), "{key:?}: {:?}", stack.oddities);
    }
}
