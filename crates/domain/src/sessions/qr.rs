//! Draws a QR code as an SVG path, so that a page needs no script and no style for it.

use fast_qr::QRBuilder;
use std::fmt::Write as _;

/// The dark modules as a path (`M x y h…v1h-…z`, one run per row), and the side of the square.
/// A text that is too long for any QR code draws nothing.
pub(super) fn draw(text: &str) -> (String, u32) {
    let Ok(code) = QRBuilder::new(text).build() else {
        return (String::new(), 0);
    };
    let mut path = String::new();
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            let run = (x..code.size).take_while(|x| row[*x].value()).count();
            if run > 0 {
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    (path, code.size as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corner_mark_is_drawn_as_runs() {
        let (path, size) = draw("SWITCHBOARD:SANDBOX:0123456789ABCDEF0123456789ABCDEF");
        assert!((21..=40).contains(&size), "a small code: {size}");
        assert!(path.starts_with("M0 0h7v1h-7z"), "{path}");
        assert!(path.contains("M0 1h1v1h-1zM6 1h1v1h-1z"));
    }
}
