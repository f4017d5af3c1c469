//! Images in documents: which are taken, how many, and what their descriptions are worth.

/// Most images of one document.
pub const MOST: usize = 300;

/// Most bytes of one image.
pub const BYTES: u64 = 50 * 1024 * 1024;

/// Most characters of a description.
const DESCRIPTION: usize = 2_000;

/// Is it of a kind that Kring keeps: JPEG, PNG, GIF, WebP?
pub fn taken(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xD8\xFF")
        || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || bytes.starts_with(b"GIF8")
        || bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
}

/// A description in one line; nothing where it is empty or the name of a file.
pub fn description(text: &str) -> Option<String> {
    let text = crate::write::clean(text);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = line.to_lowercase();
    let endings = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".emf", ".wmf", ".svg", ".heic"];
    let file = !lower.contains(' ') && endings.iter().any(|ending| lower.ends_with(ending));
    if line.is_empty() || file {
        return None;
    }
    // Word guesses, and says that it did.
    let automatic = [
        "automatically generated",
        "automatisch gegenereerd",
        "ai-generated content",
        "ai-gegenereerde inhoud",
    ];
    let guess = automatic.iter().filter_map(|mark| lower.find(mark)).min();
    if guess.is_some() {
        return None;
    }
    Some(line.chars().take(DESCRIPTION).collect())
}

/// Files that lie beside a document.
pub trait Files {
    /// The file that a document calls so; `None` where there is none.
    fn get(&self, url: &str) -> Option<Vec<u8>>;
}

/// No files at all.
pub struct NoFiles;

impl Files for NoFiles {
    fn get(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
}

/// The bytes of an image that is written into its address (RFC 2397).
pub fn embedded(url: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let rest = url.get(..5).filter(|begin| begin.eq_ignore_ascii_case("data:")).map(|_| &url[5..])?;
    let (kind, data) = rest.split_once(',')?;
    if kind.trim_end().to_ascii_lowercase().ends_with(";base64") {
        let bare: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let bare: Vec<u8> = percent_encoding::percent_decode_str(&bare).collect();
        let bare: Vec<u8> = bare.into_iter().filter(|byte| *byte != b'=').collect();
        base64::engine::general_purpose::STANDARD_NO_PAD.decode(bare).ok()
    } else {
        Some(percent_encoding::percent_decode_str(data).collect())
    }
}

/// What to call an image: by its address, or by its number where that says nothing.
pub fn file_name(url: &str, bytes: &[u8], place: usize) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let last = percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned();
    if !url.to_ascii_lowercase().starts_with("data:") && last.contains('.') {
        return last;
    }
    let ending = match bytes.first() {
        Some(0xFF) => "jpg",
        Some(0x89) => "png",
        Some(b'G') => "gif",
        _ => "webp",
    };
    format!("afbeelding-{}.{ending}", place + 1)
}
