//! Who is on the worklist: invented people and what was done with them.

use pixels::phantom::echo::Echo;
use pixels::phantom::head::{Focus, HeadScan, Slicing, Weighting};
use pixels::phantom::knee::KneeScan;
use pixels::phantom::radiograph::{Radiograph, View};
use pixels::phantom::torso::{Lesion, Scan, truth};

/// How the pixels of a series are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Recipe {
    /// Computed tomography.
    Torso(Scan),
    /// Magnetic resonance of the head; several weightings lie at the same positions, one after the other.
    Head(&'static [HeadScan]),
    /// Magnetic resonance of the knee.
    Knee(KneeScan),
    /// Radiographs.
    Chest(&'static [Radiograph]),
    /// Ultrasound clips.
    Heart(&'static [Echo]),
}

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

/// One invented person.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) birth: &'static str,
    pub(crate) sex: &'static str,
    /// Metres.
    pub(crate) size: f64,
    /// Kilograms.
    pub(crate) weight: f64,
}

const fn person(
    id: &'static str,
    name: &'static str,
    birth: &'static str,
    sex: &'static str,
    size: f64,
    weight: f64,
) -> Person {
    Person {
        id,
        name,
        birth,
        sex,
        size,
        weight,
    }
}

static PEOPLE: [Person; 14] = [
    person("DEMO-0001", "Mustermann^Jörg-Étienne^^Dr.", "19590312", "M", 1.78, 82.0),
    person(
        "DEMO-0002",
        "Yamada^Hanako=山田^花子=やまだ^はなこ",
        "19840725",
        "F",
        1.61,
        54.0,
    ),
    person("DEMO-0003", "Przykładowa^Żaneta", "19910102", "F", 1.69, 63.5),
    person("DEMO-0004", "Примеров^Фёдор^Опытович", "19471119", "M", 1.74, 79.0),
    person("DEMO-0005", "פלוני^אלמוני", "19660430", "M", 1.80, 88.0),
    person("DEMO-0006", "Υπόδειγμα^Ευγενία", "20010914", "F", 1.66, 58.0),
    person("DEMO-0007", "Hong^Gildong=洪^吉洞=홍^길동", "19730208", "M", 1.71, 70.0),
    person(
        "DEMO-0008",
        "Probenhausen-Musterberg^Maximiliana Theodora^Philippine^Freiin",
        "19520621",
        "F",
        1.63,
        66.0,
    ),
    person("DEMO-0009", "Ejemplo Peña^Íñigo", "19780517", "M", 1.76, 84.0),
    person("DEMO-0010", "Àpẹẹrẹ^Adébáyọ̀", "19880303", "M", 1.83, 91.0),
    person("DEMO-0011", "Örnek^Gülşen", "19690810", "F", 1.58, 61.0),
    person("DEMO-0012", "Wang^XiaoDong=王^小东", "19621224", "M", 1.70, 68.0),
    person("DEMO-0013", "Contoh^Siti", "19950605", "F", 1.55, 49.0),
    person("DEMO-0014", "Näyte-Esimerkki^Äijö", "20100219", "M", 1.72, 60.0),
];

const STANDARD: [f64; 3] = [1.0, 1.0, 1.0];

const CHEST: Scan = Scan {
    matrix: 512,
    spacing: 0.742,
    slices: 240,
    increment: 1.25,
    top: 0.0,
    shift: [0.0, 0.0, -820.0],
    stretch: STANDARD,
    noise: 11.0,
    seed: 20_261_116,
    lesions: &[
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
    ],
};

const CHEST_BEFORE: Scan = Scan {
    shift: truth::PRIOR_SHIFT,
    seed: 20_260_514,
    noise: 12.0,
    lesions: &[
        Lesion {
            centre: truth::NODULE_BEFORE,
            diameter: truth::NODULE_BEFORE_MM,
            hounsfield: truth::NODULE_HU,
        },
        Lesion {
            centre: truth::CYST_BEFORE,
            diameter: truth::CYST_MM,
            hounsfield: truth::CYST_HU,
        },
    ],
    ..CHEST
};

const THICK: Scan = Scan {
    slices: 60,
    increment: 5.0,
    noise: 8.0,
    lesions: &[],
    ..CHEST
};

const ABDOMEN: Scan = Scan {
    slices: 64,
    increment: 2.5,
    top: -190.0,
    shift: [-2.0, 3.0, -640.0],
    noise: 10.0,
    lesions: &[],
    ..CHEST
};

const AXIAL: HeadScan = HeadScan {
    weighting: Weighting::T2,
    slicing: Slicing::Axial { tilt: 12.0 },
    matrix: 320,
    spacing: 0.71875,
    slices: 28,
    increment: 5.0,
    seed: 2,
    visit: 1,
    foci: &[],
};

const SAGITTAL: HeadScan = HeadScan {
    weighting: Weighting::T1,
    slicing: Slicing::Sagittal,
    matrix: 256,
    spacing: 0.9375,
    slices: 26,
    increment: 5.5,
    seed: 2,
    visit: 1,
    foci: &[],
};

const DIFFUSION: HeadScan = HeadScan {
    weighting: Weighting::Diffusion(0),
    matrix: 192,
    spacing: 1.197_916_667,
    ..AXIAL
};

const KNEE: KneeScan = KneeScan {
    matrix: 320,
    spacing: 0.5,
    slices: 24,
    increment: 3.5,
    fat_suppressed: true,
    seed: 6,
};

const fn focus(centre: [f64; 3], diameter: f64) -> Focus {
    Focus { centre, diameter }
}

/// White-matter spots of the woman whose head is followed up: one more, and one larger, than the first time.
const FOCI_BEFORE: &[Focus] = &[focus([26.0, 30.0, 36.0], 6.0), focus([-24.0, -18.0, 38.0], 5.0)];
const FOCI_NOW: &[Focus] = &[
    focus([26.0, 30.0, 36.0], 8.0),
    focus([-24.0, -18.0, 38.0], 5.0),
    focus([-30.0, 20.0, 32.0], 6.0),
];
/// A fresh infarct, bright where diffusion is hindered.
const INFARCT: &[Focus] = &[focus([32.0, -8.0, 30.0], 16.0)];

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
