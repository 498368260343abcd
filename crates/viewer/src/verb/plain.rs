//! Text of files and servers, made safe for a terminal.

/// A text without what would steer a terminal or turn the order of its letters: each such sign becomes a dot.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if steers(c) { '·' } else { c }).collect()
}

fn steers(c: char) -> bool {
    let turns = matches!(
        c,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_server_cannot_steer_a_terminal() {
        assert_eq!(plain("A\u{1b}[2JB\r\nC\u{9b}1m"), "A·[2JB··C·1m");
        assert_eq!(plain("fdp\u{202e}mcd.exe"), "fdp·mcd.exe");
        assert_eq!(plain("山田 太郎 – Müller"), "山田 太郎 – Müller");
    }
}
