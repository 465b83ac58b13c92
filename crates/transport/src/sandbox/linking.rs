//! What is shown to a phone that should be linked: QR codes that follow each other, and a
//! pairing code. Pure: time and chance come in as values.

use crate::{Code, LineChange, PairError, Qr, Shown};
use types::Timestamp;

/// As WhatsApp does it: the first code stays a minute, the others 20 s; after six one must ask.
const FIRST_QR_MS: i64 = 60_000;
const NEXT_QR_MS: i64 = 20_000;
const QR_CODES: u32 = 6;
const CODE_MS: i64 = 160_000;
/// 32 characters that people do not take for each other.
const ALPHABET: &[u8; 32] = b"123456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// Fills with chance.
pub(super) type Chance<'a> = &'a dyn Fn(&mut [u8]);

#[derive(Debug)]
pub(super) struct Linking {
    shown: Shown,
    count: u32,
    /// Codes that were shown before: scanned too late, which is not the same as unknown.
    past: Vec<String>,
}

impl Linking {
    pub(super) fn start(now: Timestamp, chance: Chance<'_>) -> Self {
        let mut linking = Self {
            shown: Shown::default(),
            count: 0,
            past: Vec::new(),
        };
        linking.refresh(now, chance);
        linking
    }

    pub(super) fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Begins a new series of QR codes.
    pub(super) fn refresh(&mut self, now: Timestamp, chance: Chance<'_>) {
        self.count = 0;
        self.next_qr(now, now, chance);
    }

    fn next_qr(&mut self, from: Timestamp, now: Timestamp, chance: Chance<'_>) {
        if let Some(old) = self.shown.qr.take() {
            self.past.push(old.text);
        }
        self.count += 1;
        let length = if self.count == 1 { FIRST_QR_MS } else { NEXT_QR_MS };
        // A clock that jumped must not make the new code end before it is seen.
        let from = if from + length <= now { now } else { from };
        self.shown.qr = Some(Qr {
            text: qr_text(chance),
            expires_at: from + length,
            last: self.count >= QR_CODES,
        });
    }

    /// When something that is shown ends next.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        let qr = self.shown.qr.as_ref().map(|qr| qr.expires_at);
        let code = self.shown.code.as_ref().map(|code| code.expires_at);
        qr.into_iter().chain(code).min()
    }

    /// Lets end what has ended by now, and tells what that changed.
    pub(super) fn advance(&mut self, now: Timestamp, chance: Chance<'_>) -> Option<LineChange> {
        let mut change = None;
        if let Some(code) = self.shown.code.take_if(|code| code.expires_at <= now) {
            self.past.push(code.code);
            change = Some(LineChange::Shown);
        }
        match &self.shown.qr {
            Some(qr) if qr.expires_at <= now && qr.last => {
                self.past.extend(self.shown.qr.take().map(|qr| qr.text));
                change = Some(LineChange::QrExpired);
            }
            Some(qr) if qr.expires_at <= now => {
                self.next_qr(qr.expires_at, now, chance);
                change = Some(LineChange::Shown);
            }
            _ => {}
        }
        change
    }

    pub(super) fn request_code(&mut self, number: &str, now: Timestamp, chance: Chance<'_>) {
        self.past.extend(self.shown.code.take().map(|code| code.code));
        self.shown.code = Some(Code {
            code: code_text(chance),
            number: number.to_owned(),
            expires_at: now + CODE_MS,
        });
    }

    /// `None` scans what is shown now.
    pub(super) fn check_qr(&self, text: Option<&str>) -> Result<(), PairError> {
        match (text.map(str::trim), &self.shown.qr) {
            (None, None) => Err(PairError::QrExpired),
            (None, Some(_)) => Ok(()),
            (Some(text), Some(qr)) if text == qr.text => Ok(()),
            (Some(text), _) if self.past.iter().any(|past| past == text) => Err(PairError::QrExpired),
            (Some(_), _) => Err(PairError::QrUnknown),
        }
    }

    /// Takes the code as people type it: case, spaces and hyphens do not matter.
    pub(super) fn check_code(&self, typed: &str) -> Result<(), PairError> {
        let typed = bare(typed);
        match &self.shown.code {
            Some(code) if bare(&code.code) == typed => Ok(()),
            _ if self.past.iter().any(|past| bare(past) == typed) => Err(PairError::CodeExpired),
            None => Err(PairError::NoCode),
            Some(_) => Err(PairError::CodeWrong),
        }
    }
}

fn bare(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_uppercase)
        .collect()
}

/// Capitals and digits alone: such a text makes a smaller QR code.
fn qr_text(chance: Chance<'_>) -> String {
    let mut bytes = [0; 16];
    chance(&mut bytes);
    format!("SWITCHBOARD:SANDBOX:{:032X}", u128::from_be_bytes(bytes))
}

fn code_text(chance: Chance<'_>) -> String {
    let mut bytes = [0; 8];
    chance(&mut bytes);
    let mut text: String = bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    text.insert(4, '-');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    fn counting() -> impl Fn(&mut [u8]) {
        let next = Cell::new(0_u8);
        move |bytes: &mut [u8]| {
            for byte in bytes {
                *byte = next.get();
                next.set(next.get().wrapping_add(1));
            }
        }
    }

    #[test]
    fn six_codes_follow_each_other_and_then_one_must_ask() {
        let chance = counting();
        let mut linking = Linking::start(Timestamp(0), &chance);
        let mut ends = vec![linking.deadline().unwrap().0];
        let mut texts = vec![linking.shown().qr.clone().unwrap().text];
        for _ in 0..5 {
            let at = linking.deadline().unwrap();
            assert_eq!(linking.advance(at + -1, &chance), None);
            assert_eq!(linking.advance(at, &chance), Some(LineChange::Shown));
            ends.push(linking.deadline().unwrap().0);
            texts.push(linking.shown().qr.clone().unwrap().text);
        }
        assert_eq!(ends, [60_000, 80_000, 100_000, 120_000, 140_000, 160_000]);
        assert!(linking.shown().qr.as_ref().unwrap().last);
        assert_eq!(
            linking.advance(Timestamp(160_000), &chance),
            Some(LineChange::QrExpired)
        );
        assert!(matches!(linking.check_qr(None), Err(PairError::QrExpired)));
        assert!(matches!(
            linking.check_qr(Some(&texts[2])),
            Err(PairError::QrExpired)
        ));
        assert!(matches!(
            linking.check_qr(Some("elsewhere")),
            Err(PairError::QrUnknown)
        ));
        linking.refresh(Timestamp(500_000), &chance);
        assert_eq!(linking.deadline(), Some(Timestamp(560_000)));
        assert!(linking.check_qr(None).is_ok());
    }

    #[test]
    fn a_code_is_taken_as_people_type_it_and_for_160_seconds() {
        let chance = counting();
        let mut linking = Linking::start(Timestamp(0), &chance);
        assert!(matches!(linking.check_code("ABCD-EFGH"), Err(PairError::NoCode)));
        linking.request_code("628991", Timestamp(0), &chance);
        let code = linking.shown().code.clone().unwrap();
        assert_eq!((code.code.len(), code.expires_at), (9, Timestamp(160_000)));
        assert!(
            linking
                .check_code(&code.code.to_lowercase().replace('-', " "))
                .is_ok()
        );
        assert!(matches!(
            linking.check_code("1111-1111"),
            Err(PairError::CodeWrong)
        ));
        linking.advance(Timestamp(160_000), &chance);
        assert!(matches!(
            linking.check_code(&code.code),
            Err(PairError::CodeExpired)
        ));
    }

    #[test]
    fn the_alphabet_has_32_characters_and_none_that_looks_like_another() {
        assert!(!ALPHABET.iter().any(|c| b"0IOU".contains(c)));
    }
}
