//! What the reading asks of the world, done.

use std::path::{Path, PathBuf};

use egui::{Context, ViewportCommand};
use reading::worklist::{Filter, SourceKind};
use reading::{Effect, Heard};
use retrieval::StudyFilter;

use crate::app::App;
use crate::aside::Done;
use crate::log_file::Entry;
use crate::on_cpu::OnCpu;

/// Rows of a worklist that are asked for at a time.
const ROWS: u32 = 200;

impl App {
    /// Does one thing; what the reading is to hear about it comes back.
    pub(crate) fn perform(&mut self, ctx: &Context, effect: Effect) -> Vec<Heard> {
        match effect {
            Effect::Search {
                source,
                filter,
                offset,
                request,
            } => {
                if let Some(theirs) = self.sources.theirs(source) {
                    self.retrieval.search(theirs, question(filter, offset), request);
                }
            }
            Effect::OpenStudy { source, study } => {
                self.log.note(&Entry::StudyOpened {
                    study: self.log.hashed(study.as_str()),
                });
                if let Some(theirs) = self.sources.theirs(source) {
                    self.retrieval.open(theirs, study);
                }
            }
            Effect::CloseStudy(study) => {
                self.retrieval.close(&study);
                self.glass.forget();
                self.pictures.forget();
                self.on_cpu = OnCpu::default();
                self.thumbnails.forget();
                self.sources.forget_refusals();
                self.log.note(&Entry::StudyClosed {
                    study: self.log.hashed(study.as_str()),
                });
            }
            Effect::Want(wants) => self.retrieval.want(wants),
            Effect::Retry(study) => {
                self.sources.forget_refusals();
                self.retrieval.retry(&study);
            }
            Effect::AddFiles(paths) => {
                let name = files_name(&paths);
                let source = self.sources.add(self.retrieval.add_files(paths));
                return vec![Heard::SourceAdded {
                    source,
                    name,
                    kind: SourceKind::Files,
                }];
            }
            Effect::SaveSettings(settings) => self.saver.save(*settings, &self.aside),
            Effect::IntendedUseRead => self.log.note(&Entry::IntendedUseRead {
                version: reading::intended_use::VERSION,
            }),
            Effect::CopyText(text) => ctx.copy_text(text),
            Effect::CopyLogPath => ctx.copy_text(self.log.folder().display().to_string()),
            Effect::ToggleFullScreen => {
                let full = ctx.input(|i| i.viewport().fullscreen.unwrap_or(false));
                ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            Effect::ChooseFiles => {
                let choice = rfd::AsyncFileDialog::new().set_title("Open files").pick_files();
                self.aside.wait(async move {
                    let files = choice.await?;
                    Some(Done::Chosen(files.iter().map(|f| f.path().to_owned()).collect()))
                });
            }
            Effect::ChooseFolder => {
                let choice = rfd::AsyncFileDialog::new().set_title("Open a folder").pick_folder();
                self.aside
                    .wait(async move { Some(Done::Chosen(vec![choice.await?.path().to_owned()])) });
            }
            Effect::FocusSearch => self.focus_search = true,
            Effect::Show(page) => self.pages.open(page, self.reading.settings()),
            Effect::FrameRefused { frame, mut trouble } => {
                let about = self.log.hashed(frame.instance.as_str());
                trouble.reference = self.log.failure("wrong-identity", Some(about)).to_string();
                return vec![Heard::FrameRefused { frame, trouble }];
            }
            Effect::StudyTrouble { study, mut trouble } => {
                let about = self.log.hashed(study.as_str());
                trouble.reference = self.log.failure("no-images", Some(about)).to_string();
                return vec![Heard::StudyTrouble { study, trouble }];
            }
            Effect::Quit => {
                self.leaving = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
        Vec::new()
    }
}

fn question(filter: Filter, offset: u32) -> StudyFilter {
    StudyFilter {
        patient_name: filter.patient_name,
        patient_id: filter.patient_id,
        accession: filter.accession,
        study_date_from: filter.date_from,
        study_date_to: filter.date_to,
        modality: filter.modality,
        description: filter.description,
        text: filter.text,
        limit: Some(ROWS),
        offset,
    }
}

/// What the reader calls a set of files: the last part of the path when there is one, else how many.
fn files_name(paths: &[PathBuf]) -> String {
    match paths {
        [only] => only.file_name().map_or_else(
            || Path::new("Files").display().to_string(),
            |n| n.to_string_lossy().into_owned(),
        ),
        many => format!("{} files", many.len()),
    }
}
