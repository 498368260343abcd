//! Who is on the worklist: invented people and what was done with them.

use pixels::phantom::echo::Echo;
use pixels::phantom::head::{HeadScan, Weighting};
use pixels::phantom::knee::KneeScan;
use pixels::phantom::radiograph::{Radiograph, View};
use pixels::phantom::torso::Scan;

use super::people::{PEOPLE, Person};
use super::recipe::{
    ABDOMEN, AXIAL, CHEST, CHEST_BEFORE, DIFFUSION, FOCI_BEFORE, FOCI_NOW, INFARCT, KNEE, Recipe, SAGITTAL, STANDARD,
    THICK,
};

/// One series as it is planned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SeriesPlan {
    pub(crate) number: u32,
    pub(crate) description: &'static str,
    pub(crate) body_part: &'static str,
    pub(crate) recipe: Recipe,
}

/// One study as it is planned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StudyPlan {
    pub(crate) person: &'static Person,
    pub(crate) date: &'static str,
    pub(crate) time: &'static str,
    pub(crate) description: &'static str,
    pub(crate) accession: &'static str,
    pub(crate) referring: &'static str,
    pub(crate) series: &'static [SeriesPlan],
}

macro_rules! head_series {
    ($seed:expr, $visit:expr, $foci:expr) => {
        &[
            series(
                101,
                "T1 SAG SE",
                "HEAD",
                Recipe::Head(&[HeadScan {
                    seed: $seed,
                    visit: $visit,
                    foci: $foci,
                    ..SAGITTAL
                }]),
            ),
            series(
                201,
                "T2 AX TSE",
                "HEAD",
                Recipe::Head(&[HeadScan {
                    seed: $seed,
                    visit: $visit,
                    foci: $foci,
                    ..AXIAL
                }]),
            ),
            series(
                301,
                "FLAIR AX",
                "HEAD",
                Recipe::Head(&[HeadScan {
                    seed: $seed,
                    visit: $visit,
                    foci: $foci,
                    weighting: Weighting::Flair,
                    matrix: 256,
                    spacing: 0.898_437_5,
                    ..AXIAL
                }]),
            ),
            series(
                401,
                "DWI AX b0/b1000",
                "HEAD",
                Recipe::Head(&[
                    HeadScan {
                        seed: $seed,
                        visit: $visit,
                        foci: $foci,
                        ..DIFFUSION
                    },
                    HeadScan {
                        seed: $seed,
                        visit: $visit,
                        foci: $foci,
                        weighting: Weighting::Diffusion(1000),
                        ..DIFFUSION
                    },
                ]),
            ),
        ]
    };
}

macro_rules! chest_series {
    ($seed:expr, $stretch:expr) => {
        &[
            series(
                1,
                "Thorax p.a.",
                "CHEST",
                Recipe::Chest(&[Radiograph {
                    view: View::Posteroanterior,
                    stretch: $stretch,
                    seed: $seed,
                }]),
            ),
            series(
                2,
                "Thorax lateral",
                "CHEST",
                Recipe::Chest(&[Radiograph {
                    view: View::LeftLateral,
                    stretch: $stretch,
                    seed: $seed,
                }]),
            ),
        ]
    };
}

macro_rules! frontal_series {
    ($seed:expr, $stretch:expr) => {
        &[series(
            1,
            "Thorax p.a.",
            "CHEST",
            Recipe::Chest(&[Radiograph {
                view: View::Posteroanterior,
                stretch: $stretch,
                seed: $seed,
            }]),
        )]
    };
}

const fn series(number: u32, description: &'static str, body_part: &'static str, recipe: Recipe) -> SeriesPlan {
    SeriesPlan {
        number,
        description,
        body_part,
        recipe,
    }
}

/// Every study, the one of the demonstration first and its prior second.
pub(crate) static STUDIES: [StudyPlan; 19] = [
    StudyPlan {
        person: &PEOPLE[0],
        date: "20261116",
        time: "091214",
        description: "CT Chest with contrast",
        accession: "D2600117",
        referring: "Überweiser^Karla^^Dr.",
        series: &[series(2, "Chest 1.25 mm axial", "CHEST", Recipe::Torso(CHEST))],
    },
    StudyPlan {
        person: &PEOPLE[0],
        date: "20260514",
        time: "140530",
        description: "CT Chest with contrast",
        accession: "D2600058",
        referring: "Überweiser^Karla^^Dr.",
        series: &[series(2, "Chest 1.25 mm axial", "CHEST", Recipe::Torso(CHEST_BEFORE))],
    },
    StudyPlan {
        person: &PEOPLE[0],
        date: "20260507",
        time: "104455",
        description: "Chest p.a. and lateral",
        accession: "D2600051",
        referring: "Hausarzt^Emil",
        series: chest_series!(71, STANDARD),
    },
    StudyPlan {
        person: &PEOPLE[1],
        date: "20261120",
        time: "161002",
        description: "頭部MRI 単純",
        accession: "D2600123",
        referring: "Suzuki^Ichiro=鈴木^一郎=すずき^いちろう",
        series: head_series!(2, 1, INFARCT),
    },
    StudyPlan {
        person: &PEOPLE[2],
        date: "20261123",
        time: "081733",
        description: "RTG klatki piersiowej PA + boczne",
        accession: "D2600131",
        referring: "Wzorowy^Łukasz",
        series: chest_series!(3, [0.93, 0.95, 0.98]),
    },
    StudyPlan {
        person: &PEOPLE[3],
        date: "20261119",
        time: "110900",
        description: "Эхокардиография",
        accession: "D2600121",
        referring: "Образцова^Анна",
        series: &[series(
            1,
            "Apical four-chamber",
            "HEART",
            Recipe::Heart(&[Echo { frames: 30, seed: 4 }, Echo { frames: 30, seed: 44 }]),
        )],
    },
    StudyPlan {
        person: &PEOPLE[4],
        date: "20261122",
        time: "193015",
        description: "CT חזה 5 מ״מ, 120 מ״ל ניגוד",
        accession: "D2600129",
        referring: "כהן^דוגמה",
        series: &[series(
            3,
            "CT חזה 5 מ״מ",
            "CHEST",
            Recipe::Torso(Scan {
                stretch: [1.03, 1.06, 1.0],
                seed: 5,
                ..THICK
            }),
        )],
    },
    StudyPlan {
        person: &PEOPLE[5],
        date: "20261118",
        time: "133740",
        description: "MRI γόνατος",
        accession: "D2600120",
        referring: "Παράδειγμα^Νίκος",
        series: &[
            series(2, "PD FS SAG", "KNEE", Recipe::Knee(KNEE)),
            series(
                3,
                "PD SAG",
                "KNEE",
                Recipe::Knee(KneeScan {
                    fat_suppressed: false,
                    ..KNEE
                }),
            ),
        ],
    },
    StudyPlan {
        person: &PEOPLE[6],
        date: "20261117",
        time: "101530",
        description: "복부 CT",
        accession: "D2600118",
        referring: "Kim^Mo=金^某=김^모",
        series: &[series(
            2,
            "Abdomen 2.5 mm portal venous",
            "ABDOMEN",
            Recipe::Torso(Scan {
                stretch: [0.97, 0.98, 1.0],
                seed: 7,
                ..ABDOMEN
            }),
        )],
    },
    StudyPlan {
        person: &PEOPLE[7],
        date: "20261112",
        time: "074501",
        description: "CT Thorax, Verlaufskontrolle nach Therapie, mit Voraufnahmen",
        accession: "D2600109",
        referring: "Langenscheidt-Vorbildlich^Friederike Charlotte^^Prof. Dr.",
        series: &[series(
            2,
            "Thorax 5 mm",
            "CHEST",
            Recipe::Torso(Scan {
                stretch: [0.92, 0.94, 0.96],
                seed: 8,
                ..THICK
            }),
        )],
    },
    StudyPlan {
        person: &PEOPLE[7],
        date: "20251128",
        time: "083012",
        description: "Röntgen Thorax in 2 Ebenen",
        accession: "D2500344",
        referring: "Langenscheidt-Vorbildlich^Friederike Charlotte^^Prof. Dr.",
        series: chest_series!(81, [0.92, 0.94, 0.96]),
    },
    StudyPlan {
        person: &PEOPLE[8],
        date: "20261124",
        time: "070311",
        description: "Radiografía de tórax",
        accession: "D2600133",
        referring: "Muñoz Prueba^Begoña",
        series: frontal_series!(9, [1.02, 1.05, 1.0]),
    },
    StudyPlan {
        person: &PEOPLE[9],
        date: "20261121",
        time: "150820",
        description: "Echocardiography",
        accession: "D2600126",
        referring: "Ìdánwò^Fẹ́mi",
        series: &[series(
            1,
            "A4C colour",
            "HEART",
            Recipe::Heart(&[Echo { frames: 30, seed: 10 }]),
        )],
    },
    StudyPlan {
        person: &PEOPLE[10],
        date: "20261115",
        time: "120000",
        description: "Beyin MR kontrol",
        accession: "D2600115",
        referring: "Deneme^Çağrı",
        series: head_series!(11, 2, FOCI_NOW),
    },
    StudyPlan {
        person: &PEOPLE[10],
        date: "20260302",
        time: "114210",
        description: "Beyin MR",
        accession: "D2600027",
        referring: "Deneme^Çağrı",
        series: head_series!(11, 1, FOCI_BEFORE),
    },
    StudyPlan {
        person: &PEOPLE[11],
        date: "20261110",
        time: "173355",
        description: "胸部CT平扫",
        accession: "D2600104",
        referring: "Li^Si=李^四",
        series: &[series(
            2,
            "Chest 5 mm",
            "CHEST",
            Recipe::Torso(Scan {
                stretch: [0.96, 0.97, 0.97],
                seed: 12,
                ..THICK
            }),
        )],
    },
    StudyPlan {
        person: &PEOPLE[12],
        date: "20261123",
        time: "213907",
        description: "Foto toraks PA",
        accession: "D2600132",
        referring: "Umpama^Budi",
        series: frontal_series!(13, [0.88, 0.9, 0.92]),
    },
    StudyPlan {
        person: &PEOPLE[13],
        date: "20261109",
        time: "094518",
        description: "Polven MRI, vasen",
        accession: "D2600101",
        referring: "Malli^Åke",
        series: &[series(
            2,
            "PD FS SAG",
            "KNEE",
            Recipe::Knee(KneeScan { seed: 14, ..KNEE }),
        )],
    },
    StudyPlan {
        person: &PEOPLE[13],
        date: "20261109",
        time: "103000",
        description: "Thorax PA",
        accession: "D2600102",
        referring: "Malli^Åke",
        series: frontal_series!(141, [0.9, 0.9, 0.94]),
    },
];
