//! Files that belong to what a page shows.

use crate::attachments::AttachmentView;

/// A file, as a page shows it.
pub struct File {
    pub name: String,
    /// What it is and how large, for who decides whether to open it.
    pub kind: String,
    /// Where it is; none where only signed-in members may fetch it.
    pub link: Option<String>,
    /// An image that is shown: its alternative text, empty where it is decoration.
    pub image: Option<String>,
    pub width: Option<i64>,
    pub height: Option<i64>,
    /// Nobody described it yet.
    pub undescribed: bool,
    /// What can be seen or heard in a file that is not shown.
    pub about: Option<String>,
}

/// Files of one thing. `public`: may everyone fetch them?
pub fn files(attachments: &[AttachmentView], public: bool) -> Vec<File> {
    attachments.iter().map(|attachment| file(attachment, public)).collect()
}

fn file(attachment: &AttachmentView, public: bool) -> File {
    let media_type = attachment.media_type.to_string();
    let shown = public && attachment.inline && media_type.starts_with("image/");
    let described = attachment.decorative || attachment.alt.is_some();
    File {
        name: attachment.file_name.clone(),
        kind: format!("{}, {}", ending(&attachment.file_name, &media_type), size(attachment.size)),
        link: public.then(|| attachment.content.clone()),
        image: (shown && described).then(|| attachment.alt.clone().unwrap_or_default()),
        width: attachment.width,
        height: attachment.height,
        undescribed: media_type.starts_with("image/") && !described,
        about: attachment.alt.clone().filter(|_| !shown),
    }
}

/// `PDF`: how people call the kind of a file.
fn ending(name: &str, media_type: &str) -> String {
    let ending = name.rsplit_once('.').map_or(media_type, |(_, ending)| ending);
    ending.to_uppercase()
}

/// `48 kB`, `2.1 MB`.
fn size(bytes: i64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", (bytes + 999) / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_told_shortly() {
        assert_eq!(size(1), "1 kB");
        assert_eq!(size(48_213), "49 kB");
        assert_eq!(size(2_150_000), "2.1 MB");
    }
}
