//! What of a document could not be taken over: told, never kept silent.

use serde::{Deserialize, Serialize};

/// Most places that are named for one kind of loss.
const PLACES: usize = 5;

/// Most characters of a heading that names a place.
const PLACE: usize = 80;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?) => {
        /// A kind of thing that Markdown, or Kring, has no place for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum LossKind { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl LossKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

kinds! {
    /// Cells that span others: their text stands in each of the rows, and in the first of the columns.
    MergedCells = "merged_cells",
    /// A table in a table: its text stands in the cell.
    NestedTable = "nested_table",
    /// No row says that it is the header: the first one is taken for it.
    TableWithoutHeader = "table_without_header",
    /// Text in a box stands behind the paragraph that the box hangs on.
    TextBox = "text_box",
    /// Tracked changes: the text is taken as if all were accepted.
    TrackedChanges = "tracked_changes",
    Comments = "comments",
    PageBreaks = "page_breaks",
    HeadersAndFooters = "headers_and_footers",
    TableOfContents = "table_of_contents",
    EmbeddedObjects = "embedded_objects",
    /// Charts and drawings made of shapes.
    Drawings = "drawings",
    /// Formulas stand there as plain text.
    Formulas = "formulas",
    /// Images of a kind that Kring does not take; their description stays in the text.
    ImageKinds = "image_kinds",
    /// Images that the file only points to.
    MissingImages = "missing_images",
    /// Links within the document, or to where no link may lead.
    Links = "links",
    /// Colours that mark text.
    Highlights = "highlights",
    Underlines = "underlines",
    /// Raised and lowered text stands on the line.
    RaisedText = "raised_text",
    /// Lists that count in letters or Roman numbers count in numbers.
    ListNumbers = "list_numbers",
    /// Headings that the program numbered by itself.
    HeadingNumbers = "heading_numbers",
    /// Form fields, buttons, sound and film.
    Controls = "controls",
    /// HTML within Markdown is shown as the text it is.
    RawHtml = "raw_html",
    /// Several paragraphs in a cell stand in one line.
    CellParagraphs = "cell_paragraphs",
    /// The first cells of rows are headers: they are cells like the others.
    RowHeaders = "row_headers",
    /// Passages that are marked as being in another language than the document.
    OtherLanguages = "other_languages",
    /// Text that nobody was to see: left out.
    HiddenText = "hidden_text",
    /// What was kept from screen readers (`aria-hidden`): taken over, so that they read it.
    HiddenFromScreenReaders = "hidden_from_screen_readers",
    /// Images in a folder that none of its documents shows; the places are their names.
    UnusedImages = "unused_images",
}

/// What was lost, how often, and under which headings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loss {
    pub kind: LossKind,
    pub count: usize,
    pub places: Vec<String>,
    /// Where it is about languages: which.
    #[serde(default)]
    pub languages: Vec<String>,
}

impl Loss {
    /// So many, wherever they were.
    pub fn new(kind: LossKind, count: usize) -> Self {
        Self { kind, count, places: Vec::new(), languages: Vec::new() }
    }
}

/// Names a place, unless it has no name, was named, or enough are.
pub fn place(places: &mut Vec<String>, heading: &str) {
    if !heading.is_empty() && places.len() < PLACES && !places.iter().any(|known| known == heading) {
        places.push(heading.to_owned());
    }
}

/// What was lost so far.
#[derive(Debug, Default)]
pub struct Losses {
    known: Vec<Loss>,
    heading: String,
}

impl Losses {
    /// The reader has come to this heading.
    pub fn under(&mut self, heading: &str) {
        self.heading = if heading.chars().count() > PLACE {
            let cut: String = heading.chars().take(PLACE).collect();
            format!("{}…", cut.trim_end())
        } else {
            heading.to_owned()
        };
    }

    /// The heading that the reader is under.
    pub fn heading(&self) -> &str {
        &self.heading
    }

    /// Something is lost here.
    pub fn note(&mut self, kind: LossKind) {
        let heading = std::mem::take(&mut self.heading);
        if let Some(loss) = self.note_many(kind, 1) {
            place(&mut loss.places, &heading);
        }
        self.heading = heading;
    }

    /// So many are lost, wherever they were.
    pub fn note_many(&mut self, kind: LossKind, count: usize) -> Option<&mut Loss> {
        if count == 0 {
            return None;
        }
        let at = self.known.iter().position(|loss| loss.kind == kind).unwrap_or_else(|| {
            self.known.push(Loss::new(kind, 0));
            self.known.len() - 1
        });
        let loss = &mut self.known[at];
        loss.count += count;
        Some(loss)
    }

    /// All of it, in the order of [`LossKind`].
    pub fn told(mut self) -> Vec<Loss> {
        self.known.sort_by_key(|loss| loss.kind);
        self.known
    }
}
