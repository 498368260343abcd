//! Header lines of one part.

/// Names in lower case with their values, in order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// Reads header lines leniently: a space after the colon may lack, folded lines are joined, lines without a colon are left out.
    pub fn parse(block: &[u8]) -> Self {
        let text = String::from_utf8_lossy(block);
        let mut list: Vec<(String, String)> = Vec::new();
        for line in text.lines() {
            if line.starts_with([' ', '\t']) {
                if let Some((_, value)) = list.last_mut() {
                    if !value.is_empty() {
                        value.push(' ');
                    }
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                list.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(list)
    }

    /// The first value of a header, by its lower-case name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Headers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values name instances.
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
