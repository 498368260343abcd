//! Objects written by hand, element by element (PS3.5 7.1.2, PS3.10 7.1), where the phantoms have nothing small enough.

/// One element in Explicit VR Little Endian.
fn element(group: u16, element: u16, vr: &str, value: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend(group.to_le_bytes());
    bytes.extend(element.to_le_bytes());
    bytes.extend(vr.as_bytes());
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if vr == "UI" { 0 } else { b' ' });
    }
    if vr == "SQ" || vr == "OB" {
        bytes.extend([0, 0]);
        bytes.extend((value.len() as u32).to_le_bytes());
    } else {
        bytes.extend((value.len() as u16).to_le_bytes());
    }
    bytes.extend(value);
    bytes
}

/// A file: head and data set.
fn file(class: &str, instance: &str, dataset: &[u8]) -> Vec<u8> {
    let mut meta = element(0x0002, 0x0001, "OB", &[0, 1]);
    meta.extend(element(0x0002, 0x0002, "UI", class.as_bytes()));
    meta.extend(element(0x0002, 0x0003, "UI", instance.as_bytes()));
    meta.extend(element(0x0002, 0x0010, "UI", b"1.2.840.10008.1.2.1"));
    let mut bytes = vec![0; 128];
    bytes.extend(b"DICM");
    bytes.extend(element(0x0002, 0x0000, "UL", &(meta.len() as u32).to_le_bytes()));
    bytes.extend(meta);
    bytes.extend(dataset);
    bytes
}

/// A DICOMDIR (PS3.10 8) with one IMAGE record for each file.
pub(crate) fn dicomdir(files: &[Vec<String>]) -> Vec<u8> {
    let mut records = Vec::new();
    for file in files {
        let mut record = element(0x0004, 0x1400, "UL", &0_u32.to_le_bytes());
        record.extend(element(0x0004, 0x1410, "US", &0xFFFF_u16.to_le_bytes()));
        record.extend(element(0x0004, 0x1420, "UL", &0_u32.to_le_bytes()));
        record.extend(element(0x0004, 0x1430, "CS", b"IMAGE"));
        record.extend(element(0x0004, 0x1500, "CS", file.join("\\").as_bytes()));
        records.extend([0xFE, 0xFF, 0x00, 0xE0]);
        records.extend((record.len() as u32).to_le_bytes());
        records.extend(record);
    }
    let mut dataset = element(0x0004, 0x1130, "CS", b"DISC");
    dataset.extend(element(0x0004, 0x1212, "US", &0_u16.to_le_bytes()));
    dataset.extend(element(0x0004, 0x1220, "SQ", &records));
    file("1.2.840.10008.1.3.10", "2.25.77", &dataset)
}

/// The identifiers of the clip: study, series, instance.
pub(crate) const CLIP: [&str; 3] = ["2.25.700", "2.25.701", "2.25.702"];

/// A multi-frame object of 16×16 8-bit pixels, each frame of its own grey.
pub(crate) fn clip(frames: u8) -> Vec<u8> {
    let class = "1.2.840.10008.5.1.4.1.1.3.1";
    let short = |e: u16, value: u16| element(0x0028, e, "US", &value.to_le_bytes());
    let dataset = [
        element(0x0008, 0x0016, "UI", class.as_bytes()),
        element(0x0008, 0x0018, "UI", CLIP[2].as_bytes()),
        element(0x0008, 0x0060, "CS", b"US"),
        element(0x0010, 0x0010, "PN", b"Invented^Clip"),
        element(0x0010, 0x0020, "LO", b"CLIP-1"),
        element(0x0020, 0x000D, "UI", CLIP[0].as_bytes()),
        element(0x0020, 0x000E, "UI", CLIP[1].as_bytes()),
        element(0x0020, 0x0013, "IS", b"1"),
        short(0x0002, 1),
        element(0x0028, 0x0004, "CS", b"MONOCHROME2"),
        element(0x0028, 0x0008, "IS", frames.to_string().as_bytes()),
        short(0x0010, 16),
        short(0x0011, 16),
        short(0x0100, 8),
        short(0x0101, 8),
        short(0x0102, 7),
        short(0x0103, 0),
        element(
            0x7FE0,
            0x0010,
            "OB",
            &(0..frames).flat_map(|frame| [frame * 3; 256]).collect::<Vec<_>>(),
        ),
    ];
    file(class, CLIP[2], &dataset.concat())
}
