//! Words: what stands between spaces and has a letter or a digit in it. "Inclusie-agenda" is one.

/// The words of a sentence, without what stands around them.
pub fn of(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
}

/// Pieces in capitals from end to end, and where each begins: three words or more, or fewer that are long. A screen reader
/// may spell them, and eyes that know words by their shape do not know them. Abbreviations alone are none.
pub fn shouted(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut run: Option<Run> = None;
    let mut place = 0;
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim();
        let start = place + (piece.len() - piece.trim_start().len());
        place += piece.len();
        if word.is_empty() {
            continue;
        }
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let loud =
            letters > 0 && !word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase);
        match &mut run {
            Some(run) if loud => run.take(start + word.len(), letters),
            None if loud => {
                run = Some(Run {
                    start,
                    end: start + word.len(),
                    words: 1,
                    letters,
                    longest: letters,
                })
            }
            // Digits and signs belong to what stands around them.
            Some(_) if letters == 0 => {}
            _ => found.extend(run.take().and_then(|run| run.told(text))),
        }
    }
    found.extend(run.and_then(|run| run.told(text)));
    found
}

struct Run {
    start: usize,
    end: usize,
    words: usize,
    letters: usize,
    longest: usize,
}

impl Run {
    fn take(&mut self, end: usize, letters: usize) {
        self.end = end;
        self.words += 1;
        self.letters += letters;
        self.longest = self.longest.max(letters);
    }

    /// "WMO", "VN CRPD" and "GGD GHOR" are names; "LET OP HET PERRON" and "BELANGRIJK" are not.
    fn told(self, text: &str) -> Option<(usize, &str)> {
        let loud = match self.words {
            1 => self.letters >= 9,
            2 => self.longest >= 6,
            _ => self.letters >= 8 && self.longest >= 4,
        };
        loud.then(|| (self.start, &text[self.start..self.end]))
    }
}
