//! What a case is: a file that is made when its turn comes, and what must come of it.

/// What must come of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The first frame is shown, and nothing is said.
    Shown,
    /// The first frame is shown, and an oddity holds these words.
    ShownOdd(&'static str),
    /// The first frame is shown or refused, but not in silence.
    Told,
    /// It is refused with a sentence that holds these words.
    Refused(&'static str),
    /// There is no frame to show, and nothing is refused.
    NoPixels,
    /// Anything that holds for every file: values or a sentence.
    Ends,
}

/// One file.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    make: Box<dyn Fn() -> Vec<u8>>,
    size: u64,
    /// Bytes of the decoded frame, where that is what takes the memory.
    frame: u64,
    /// What the program says must hold of the values: least and greatest.
    pub(crate) range: Option<(f64, f64)>,
}

impl Case {
    /// A case by the identifier that the project's list of faults gives it ("A2"), in words.
    pub(crate) fn new(name: impl Into<String>, outcome: Outcome, make: impl Fn() -> Vec<u8> + 'static) -> Self {
        let size = make().len() as u64;
        Self::large(name, outcome, size, make)
    }

    /// A case whose size is said, so that it is not made before its turn: a child's memory counts from its parent's.
    pub(crate) fn large(
        name: impl Into<String>,
        outcome: Outcome,
        size: u64,
        make: impl Fn() -> Vec<u8> + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            outcome,
            make: Box::new(make),
            size,
            frame: 0,
            range: None,
        }
    }

    /// Says how many bytes a decoded frame takes, which is not the file's doing.
    pub(crate) fn of_frame(mut self, bytes: u64) -> Self {
        self.frame = bytes;
        self
    }

    /// Says between which stored values the frame lies.
    pub(crate) fn with_range(mut self, least: f64, greatest: f64) -> Self {
        self.range = Some((least, greatest));
        self
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        (self.make)()
    }

    /// The most memory that it may take: 64 MiB, four times the file, and what drawing a frame takes that is really there.
    pub(crate) fn memory_most(&self) -> u64 {
        // A large file of a million elements may take more than four times its size, but no more than this.
        let of_file = if self.size <= 2 << 20 { 4 * self.size } else { 448 << 20 };
        (64 << 20) + of_file + 4 * self.frame
    }
}
