//! Where links may lead.

/// The address, where a link may lead there: the web, a mail, a telephone.
pub fn allowed(url: &str) -> Option<String> {
    let url: String = url.trim().chars().filter(|c| !c.is_control()).collect();
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let known = ["http", "https", "mailto", "tel"].contains(&scheme.as_str());
    (known && url.len() > scheme.len() + 1 && url.len() <= 2_000).then_some(url)
}
