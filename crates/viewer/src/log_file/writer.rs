//! The thread that writes: a file a day, seven days, a bound on each.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;

use chrono::{Days, NaiveDate, Utc};

use super::entry::Entry;
use crate::platform;

const KEPT_DAYS: u64 = 7;
const MOST_BYTES_A_DAY: u64 = 4 << 20;

pub(super) struct Writer {
    folder: PathBuf,
    day: Option<(NaiveDate, File, u64)>,
    /// Lines that the day's bound or the disk kept out.
    lost: u64,
}

impl Writer {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            day: None,
            lost: 0,
        }
    }

    /// Writes lines until every sender has gone. What the disk refuses is lost: a log must never be why reading stops.
    pub(super) fn run(mut self, lines: &Receiver<String>) {
        while let Ok(line) = lines.recv() {
            self.write(Utc::now().date_naive(), &line);
        }
    }

    fn write(&mut self, today: NaiveDate, line: &str) {
        if self.day.as_ref().is_none_or(|(day, ..)| *day != today) {
            self.day = self.begin(today);
        }
        let Some((_, file, written)) = self.day.as_mut().filter(|(.., written)| *written < MOST_BYTES_A_DAY) else {
            self.lost += 1;
            return;
        };
        if self.lost > 0 {
            let line = Entry::Dropped { entries: self.lost }.line(&Utc::now());
            *written += line.len() as u64;
            if file.write_all(line.as_bytes()).is_ok() {
                self.lost = 0;
            }
        }
        *written += line.len() as u64;
        self.lost += u64::from(file.write_all(line.as_bytes()).is_err());
    }

    fn begin(&self, today: NaiveDate) -> Option<(NaiveDate, File, u64)> {
        std::fs::create_dir_all(&self.folder).ok()?;
        remove_old(&self.folder, today);
        let file = platform::private_file(&self.folder.join(name(today)), true).ok()?;
        let written = file.metadata().map_or(0, |m| m.len());
        Some((today, file, written))
    }
}

fn name(day: NaiveDate) -> String {
    format!("farsight-{}.log", day.format("%Y-%m-%d"))
}

fn remove_old(folder: &Path, today: NaiveDate) {
    let oldest = today.checked_sub_days(Days::new(KEPT_DAYS - 1)).unwrap_or(today);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let file = entry.file_name();
        let day = file
            .to_str()
            .and_then(|n| n.strip_prefix("farsight-")?.strip_suffix(".log"));
        let day = day.and_then(|d| NaiveDate::parse_from_str(d, "%Y-%m-%d").ok());
        if day.is_some_and(|day| day < oldest) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_days_are_kept_and_strangers_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
        for file in [
            "farsight-2026-03-03.log",
            "farsight-2026-03-04.log",
            "farsight-2026-03-09.log",
            "notes.txt",
        ] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        let mut writer = Writer::new(folder.path().to_owned());
        writer.write(today, "line\n");
        writer.write(today, "line\n");
        let mut left: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [
                "farsight-2026-03-04.log",
                "farsight-2026-03-09.log",
                "farsight-2026-03-10.log",
                "notes.txt"
            ]
        );
        assert_eq!(
            std::fs::read_to_string(folder.path().join("farsight-2026-03-10.log")).unwrap(),
            "line\nline\n"
        );
    }

    #[test]
    fn a_day_has_a_bound() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = Writer::new(folder.path().to_owned());
        let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
        let line = "x".repeat(1 << 20);
        for _ in 0..9 {
            writer.write(today, &line);
        }
        assert!(std::fs::metadata(folder.path().join(name(today))).unwrap().len() <= MOST_BYTES_A_DAY);
        let tomorrow = today.succ_opt().unwrap();
        writer.write(tomorrow, "line\n");
        let text = std::fs::read_to_string(folder.path().join(name(tomorrow))).unwrap();
        assert!(
            text.contains("dropped entries=5\n") && text.ends_with("line\n"),
            "{text}"
        );
    }
}
