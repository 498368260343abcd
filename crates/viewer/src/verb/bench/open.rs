//! From the click on a study to its first image and to its whole series.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

use clap::Args;
use pixels::display::DisplayTable;
use pixels::picture::Interpolation;
use render::{Adapter, FrameKey, Picture, Renderer};
use retrieval::{Event, FailureKind, Inbox, Options, Retrieval, StudyFilter};
use serde_json::{Value, json};
use space::ViewportFromImage;
use study::{DecodedFrame, FrameRef, FrameWants, Instance, InstanceUid, SeriesUid, StudyUid};
use tokio::runtime::Handle;

use super::super::{Reach, VerbError, decode_worker, server};
use super::{cores, machine};

/// Which study is opened, and how often.
#[derive(Args)]
pub(in crate::verb) struct Open {
    /// Study Instance UID
    #[arg(long, value_name = "UID")]
    study: String,
    /// Series Instance UID; without it the series whose image comes first
    #[arg(long, value_name = "UID")]
    series: Option<String>,
    /// How often; each time with an empty cache and new connections
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    runs: u32,
}

/// Frames that are wanted after the one on the screen, as a reader who begins to scroll wants them.
const NEXT: usize = 20;

/// The tile that is drawn to, physical pixels.
const TILE: (u32, u32) = (1024, 1024);

/// After so long without any event a run is given up.
const SILENCE: Duration = Duration::from_secs(180);

/// Measures.
pub(super) fn run(reach: &Reach, open: Open, runtime: Handle) -> Result<(), VerbError> {
    let study = StudyUid::new(&open.study)
        .ok_or_else(|| VerbError::WrongCall("--study takes a UID: digits and dots. This is none.".to_owned()))?;
    let series =
        match &open.series {
            Some(text) => Some(SeriesUid::new(text).ok_or_else(|| {
                VerbError::WrongCall("--series takes a UID: digits and dots. This is none.".to_owned())
            })?),
            None => None,
        };
    let mut glass = Glass::open()?;
    let adapter = json!({"adapter": glass.adapter.name.name, "backend": glass.adapter.name.backend});
    let mut runs = Vec::new();
    for _ in 0..open.runs {
        runs.push(Run::start(reach, &runtime, &study, series.clone(), &mut glass)?.finish()?);
    }
    let median = |key: &str| median(runs.iter().filter_map(|run| run.get(key)?.as_f64()).collect());
    println!(
        "{}",
        json!({
            "server": reach.server, "study": open.study,
            "median_first_image_ms": median("first_image_ms"), "median_all_frames_ms": median("all_frames_ms"),
            "machine": machine(), "adapter": adapter,
            "runs": runs,
        })
    );
    Ok(())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle.wrapping_sub(1)), values.get(middle)) {
        (Some(low), Some(high)) if values.len().is_multiple_of(2) => (low + high) / 2.0,
        (_, Some(high)) => *high,
        _ => f64::NAN,
    }
}

/// What is drawn to: open before the click, as a window is.
struct Glass {
    adapter: Adapter,
    renderer: Renderer,
}

impl Glass {
    fn open() -> Result<Self, VerbError> {
        let adapter = Adapter::open().map_err(VerbError::failed)?;
        let renderer = adapter.renderer(1 << 30).map_err(VerbError::failed)?;
        Ok(Self { adapter, renderer })
    }

    /// Draws a frame as a viewport would, and reads the picture back.
    fn draw(&mut self, frame: &DecodedFrame) -> Result<(), VerbError> {
        let (device, queue, key) = (&self.adapter.device, &self.adapter.queue, FrameKey(1));
        let stored = &frame.decoded.frame;
        let image = (stored.columns, stored.rows);
        let instance = &frame.instance;
        let table = if let Some(rgb) = instance.rgb8(&frame.decoded) {
            let rgb = rgb.map_err(VerbError::failed)?;
            self.renderer
                .upload_colour(device, queue, key, &rgb, image)
                .map_err(VerbError::failed)?;
            None
        } else {
            let parameters = reading::viewport::parameters(instance, frame.index, stored, None);
            let table = DisplayTable::build(&parameters).map_err(VerbError::failed)?;
            self.renderer
                .upload_grey(device, queue, key, stored, &parameters.modality, parameters.padding)
                .map_err(VerbError::failed)?;
            Some(Arc::new(table))
        };
        let aspect = instance
            .frame_geometry(frame.index)
            .map_or(1.0, |geometry| geometry.spacing.aspect());
        let picture = Picture {
            frame: key,
            map: ViewportFromImage::fit(image, TILE, aspect),
            origin: (0, 0),
            size: TILE,
            interpolation: Interpolation::Linear,
            table,
            colours: None,
            cover: None,
        };
        self.adapter
            .draw(&mut self.renderer, &picture)
            .map(|_| ())
            .map_err(VerbError::failed)
    }
}

/// One opening, from the click on.
struct Run<'a> {
    retrieval: Retrieval,
    inbox: Inbox,
    woken: Receiver<()>,
    study: StudyUid,
    series: Option<SeriesUid>,
    glass: &'a mut Glass,
    clicked: Instant,
    bytes_before: u64,
    instances: BTreeMap<InstanceUid, Arc<Instance>>,
    complete: bool,
    stack: Vec<FrameRef>,
    wants: FrameWants,
    arrived: BTreeSet<FrameRef>,
    refused: BTreeSet<FrameRef>,
    steps: BTreeMap<&'static str, f64>,
    _folder: Folder,
}

/// The run's own cache folder, beneath the system's folder for temporary files.
struct Folder(std::path::PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl<'a> Run<'a> {
    /// Does what precedes a click in the program: the worklist has been searched, so the server's name and the connections are
    /// known; then clicks.
    fn start(
        reach: &Reach,
        runtime: &Handle,
        study: &StudyUid,
        series: Option<SeriesUid>,
        glass: &'a mut Glass,
    ) -> Result<Self, VerbError> {
        let folder = Folder(std::env::temp_dir().join(format!("farsight-bench-{}", std::process::id())));
        let (wake, woken) = sync_channel(1);
        let options = Options {
            memory_bytes: 2 << 30,
            cache_folder: folder.0.clone(),
            cache_bytes: 8 << 30,
            workers: cores().saturating_sub(1).max(1),
            worker_program: decode_worker::program(),
        };
        // A full channel means that the run is to look anyway.
        let wake = Arc::new(move || {
            let _ = wake.try_send(());
        });
        let (retrieval, inbox) = Retrieval::start(runtime, options, wake).map_err(VerbError::failed)?;
        let source = retrieval.add_pacs(server::client(reach)?);
        let mut run = Self {
            retrieval,
            inbox,
            woken,
            study: study.clone(),
            series,
            glass,
            clicked: Instant::now(),
            bytes_before: 0,
            instances: BTreeMap::new(),
            complete: false,
            stack: Vec::new(),
            wants: FrameWants::default(),
            arrived: BTreeSet::new(),
            refused: BTreeSet::new(),
            steps: BTreeMap::new(),
            _folder: folder,
        };
        let filter = StudyFilter {
            limit: Some(100),
            ..StudyFilter::default()
        };
        run.retrieval.search(source, filter, 1);
        loop {
            if let Event::StudiesFound { outcome, .. } = run.next()? {
                outcome.map_err(VerbError::failed)?;
                break;
            }
        }
        run.bytes_before = run.retrieval.link().bytes;
        run.clicked = Instant::now();
        run.retrieval.open(source, study.clone());
        Ok(run)
    }

    fn finish(mut self) -> Result<Value, VerbError> {
        while !self.all_here() {
            match self.next()? {
                Event::InstancesFound {
                    instances, complete, ..
                } => self.found(instances, complete),
                Event::FrameArrived(frame) => {
                    self.step("first_frame_decoded");
                    self.arrived.insert(frame);
                }
                Event::FrameRefused { frame, .. } => {
                    self.refused.insert(frame);
                }
                // A full disk slows nothing down that is measured here.
                Event::StudyTrouble { failure, .. } if failure.kind != FailureKind::Disk => {
                    return Err(VerbError::failed(failure));
                }
                _ => {}
            }
            self.draw_first()?;
        }
        self.step("all_frames");
        let ms = |key: &str| self.steps.get(key).copied();
        Ok(json!({
            "first_image_ms": ms("first_image_drawn"), "all_frames_ms": ms("all_frames"),
            "bytes": self.retrieval.link().bytes - self.bytes_before,
            "images": self.arrived.len(), "refused": self.refused.len(),
            "round_trip_ms": self.retrieval.link().round_trip_ms,
            "steps_ms": {
                "first_instance_known": ms("first_instance_known"), "first_frame_decoded": ms("first_frame_decoded"),
                "first_image_drawn": ms("first_image_drawn"), "series_listed": ms("series_listed"),
            },
        }))
    }

    /// The next event.
    fn next(&mut self) -> Result<Event, VerbError> {
        loop {
            if let Some(event) = self.inbox.try_next() {
                return Ok(event);
            }
            self.woken.recv_timeout(SILENCE).map_err(|_| {
                VerbError::Failed("Nothing came for three minutes; the measurement was given up.".to_owned())
            })?;
        }
    }

    /// Notes when something happened first, milliseconds after the click.
    fn step(&mut self, name: &'static str) {
        let ms = self.clicked.elapsed().as_secs_f64() * 1e3;
        self.steps.entry(name).or_insert(ms);
    }

    fn found(&mut self, instances: Vec<Arc<Instance>>, complete: bool) {
        let changed = !instances.is_empty();
        for instance in instances {
            if instance.frames > 0 {
                self.step("first_instance_known");
                self.series.get_or_insert_with(|| instance.series.clone());
            }
            self.instances.insert(instance.uid.clone(), instance);
        }
        if complete {
            self.step("series_listed");
            self.complete = true;
        }
        if !changed {
            return;
        }
        self.stack = self.stacked();
        let Some(first) = self.stack.first() else { return };
        // What is on the screen stays there while its neighbours become known.
        let visible = self.wants.visible.first().unwrap_or(first).clone();
        let next = self.stack.iter().filter(|frame| **frame != visible).take(NEXT);
        self.wants = FrameWants {
            revision: self.wants.revision + 1,
            next: next.cloned().collect(),
            visible: vec![visible],
        };
        self.retrieval.want(self.wants.clone());
    }

    /// The frames of the measured series in the order in which they are scrolled through.
    fn stacked(&self) -> Vec<FrameRef> {
        let of_series: Vec<_> = self
            .instances
            .values()
            .filter(|instance| self.series.as_ref() == Some(&instance.series))
            .cloned()
            .collect();
        study::order::stacks(&of_series)
            .into_iter()
            .flat_map(|stack| stack.frames)
            .map(|(instance, frame)| FrameRef {
                study: instance.study.clone(),
                series: instance.series.clone(),
                instance: instance.uid.clone(),
                frame,
            })
            .collect()
    }

    /// Draws the frame that is on the screen, once, when it is there.
    fn draw_first(&mut self) -> Result<(), VerbError> {
        if self.steps.contains_key("first_image_drawn") {
            return Ok(());
        }
        let shown = self
            .wants
            .visible
            .first()
            .and_then(|frame| self.retrieval.memory().get(frame));
        if let Some(frame) = shown {
            self.glass.draw(&frame)?;
            self.step("first_image_drawn");
        }
        Ok(())
    }

    fn all_here(&self) -> bool {
        self.complete
            && self.steps.contains_key("first_image_drawn")
            && self
                .stack
                .iter()
                .all(|frame| self.arrived.contains(frame) || self.refused.contains(frame))
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        self.retrieval.close(&self.study);
    }
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn a_median_is_the_middle_or_the_mean_of_the_two_in_the_middle() {
        assert_eq!(median(vec![5.0, 1.0, 3.0]), 3.0);
        assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert!(median(Vec::new()).is_nan());
    }
}
