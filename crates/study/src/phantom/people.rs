//! Invented people: names in many scripts, one with ideographs, one very long.

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

pub(crate) static PEOPLE: [Person; 14] = [
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
