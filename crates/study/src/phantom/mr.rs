//! Magnetic resonance (PS3.3 A.4).

use dicom_core::{PrimitiveValue, VR};
use dicom_dictionary_std::{tags, uids};
use pixels::phantom::head::{HeadScan, Weighting};
use pixels::phantom::knee::KneeScan;

use super::elements::Elements;
use super::{Wanted, general};

/// The scan and the slice within it that an instance shows: scans lie one after the other.
pub(crate) fn head_slice(scans: &[HeadScan], index: u32) -> (HeadScan, u32) {
    let per_scan = scans[0].slices.max(1);
    let scan = (index / per_scan).min(scans.len() as u32 - 1);
    (scans[scan as usize], index - scan * per_scan)
}

/// How a sequence is described (PS3.3 C.8.3.1).
struct Sequence {
    scanning: &'static str,
    variant: &'static str,
    options: &'static str,
    repetition: f64,
    echo: f64,
    train: i64,
    inversion: Option<f64>,
    b_value: Option<u16>,
    window: (f64, f64),
}

fn sequence(weighting: Weighting) -> Sequence {
    let fast = Sequence {
        scanning: "SE",
        variant: "SK",
        options: "",
        repetition: 4500.0,
        echo: 96.0,
        train: 16,
        inversion: None,
        b_value: None,
        window: (900.0, 1900.0),
    };
    match weighting {
        Weighting::T1 => Sequence {
            variant: "NONE",
            repetition: 520.0,
            echo: 12.0,
            train: 1,
            window: (620.0, 1250.0),
            ..fast
        },
        Weighting::T2 => fast,
        Weighting::Flair => Sequence {
            scanning: "SE\\IR",
            repetition: 9000.0,
            echo: 110.0,
            inversion: Some(2500.0),
            window: (520.0, 1100.0),
            ..fast
        },
        Weighting::Diffusion(b) => Sequence {
            scanning: "EP\\SE",
            variant: "SK",
            options: "FS",
            repetition: 4200.0,
            echo: 84.0,
            train: 1,
            b_value: Some(b),
            window: if b == 0 { (800.0, 1700.0) } else { (380.0, 800.0) },
            ..fast
        },
    }
}

impl Wanted<'_> {
    pub(crate) fn head(&self, e: &mut Elements, scans: &[HeadScan]) {
        let (scan, slice) = head_slice(scans, self.index);
        self.mr(e, "Head", sequence(scan.weighting));
        self.plane(e, &scan.plane(slice), scan.increment - 0.5, scan.increment);
        general::grey(e, (scan.matrix, scan.matrix), "MONOCHROME2", (16, 12), false);
    }

    pub(crate) fn knee(&self, e: &mut Elements, scan: &KneeScan) {
        let sequence = Sequence {
            options: if scan.fat_suppressed { "FS" } else { "" },
            repetition: 3000.0,
            echo: 33.0,
            train: 8,
            window: if scan.fat_suppressed {
                (560.0, 1150.0)
            } else {
                (760.0, 1550.0)
            },
            ..sequence(Weighting::T2)
        };
        self.mr(e, "Knee", sequence);
        e.text(tags::LATERALITY, VR::CS, "L");
        self.plane(e, &scan.plane(self.index), scan.increment - 0.5, scan.increment);
        general::grey(e, (scan.matrix, scan.matrix), "MONOCHROME2", (16, 12), false);
    }

    fn mr(&self, e: &mut Elements, model: &str, sequence: Sequence) {
        e.text(tags::SOP_CLASS_UID, VR::UI, uids::MR_IMAGE_STORAGE)
            .text(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\OTHER")
            .text(tags::MANUFACTURER_MODEL_NAME, VR::LO, model)
            .text(tags::SCANNING_SEQUENCE, VR::CS, sequence.scanning)
            .text(tags::SEQUENCE_VARIANT, VR::CS, sequence.variant)
            .text(tags::SCAN_OPTIONS, VR::CS, sequence.options)
            .text(tags::MR_ACQUISITION_TYPE, VR::CS, "2D")
            .decimals(tags::REPETITION_TIME, &[sequence.repetition])
            .decimals(tags::ECHO_TIME, &[sequence.echo])
            .decimals(tags::NUMBER_OF_AVERAGES, &[1.0])
            .decimals(tags::MAGNETIC_FIELD_STRENGTH, &[1.5])
            .integer(tags::ECHO_TRAIN_LENGTH, sequence.train)
            .decimals(tags::WINDOW_CENTER, &[sequence.window.0])
            .decimals(tags::WINDOW_WIDTH, &[sequence.window.1]);
        if let Some(inversion) = sequence.inversion {
            e.decimals(tags::INVERSION_TIME, &[inversion]);
        }
        if let Some(b) = sequence.b_value {
            e.value(tags::DIFFUSION_B_VALUE, VR::FD, PrimitiveValue::from(f64::from(b)))
                .integer(tags::ACQUISITION_NUMBER, if b == 0 { 1 } else { 2 });
        }
    }
}
