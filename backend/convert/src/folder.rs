//! A folder of documents in a ZIP, with the images that they show beside them.

use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

use crate::images::{self, Files};
use crate::kinds;
use crate::losses::{Loss, LossKind};
use crate::package::{Entry, Package};
use crate::refusal::{Refusal, Result};

/// Most documents in one ZIP.
const DOCUMENTS: usize = 500;

/// Most images that no document shows and that are named; all are counted.
const NAMED: usize = 100;

/// What lies in a folder, in the order of names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    pub files: Vec<Inside>,
    /// Images lie there to be shown by documents.
    pub images: Vec<String>,
}

/// A file in a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    /// Its name, with the folders that it lies in.
    pub name: String,
    /// It becomes a document, or is passed over.
    pub document: bool,
}

impl Folder {
    /// The images that none of the documents showed, given those that one did.
    pub fn unused<'s>(&self, shown: impl Iterator<Item = &'s str>) -> Option<Loss> {
        let shown: HashSet<&str> = shown.collect();
        let unused: Vec<&String> = self.images.iter().filter(|name| !shown.contains(name.as_str())).collect();
        (!unused.is_empty()).then(|| Loss {
            places: unused.iter().take(NAMED).map(|name| (*name).clone()).collect(),
            ..Loss::new(LossKind::UnusedImages, unused.len())
        })
    }
}

/// Looks into a folder. Refuses one without any document.
pub fn list<R: Read + Seek>(package: &Package<R>) -> Result<Folder> {
    let mut names: Vec<String> = package
        .entries()?
        .into_iter()
        .map(|Entry { name, .. }| name)
        .filter(|name| !is_debris(name))
        .collect();
    names.sort_by_key(|name| name.to_lowercase());
    names.dedup();
    let (images, others): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| is_image(name));
    let inside = |name: String| Inside { document: kinds::by_name(&name), name };
    let files: Vec<Inside> = others.into_iter().map(inside).collect();
    match files.iter().filter(|file| file.document).count() {
        0 => Err(Refusal::NoDocuments),
        count if count > DOCUMENTS => Err(Refusal::TooManyFiles),
        _ => Ok(Folder { files, images }),
    }
}

/// What systems leave in folders.
fn is_debris(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    name.split('/').any(|part| part == "__MACOSX" || part.starts_with('.') && part.len() > 1)
        || file.starts_with("~$")
        || ["thumbs.db", "desktop.ini"].contains(&file.to_ascii_lowercase().as_str())
}

fn is_image(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".tif", ".tiff"]
        .iter()
        .any(|end| lower.ends_with(end))
}

/// The files beside one of the files in a folder.
pub struct Beside<'p, R> {
    package: &'p Package<R>,
    /// Where that file lies.
    folder: String,
    given: RefCell<HashSet<String>>,
}

/// Most images that one document takes from its folder, before they are looked at.
const TAKEN: usize = images::MOST + 1;

impl<'p, R: Read + Seek> Beside<'p, R> {
    pub fn of(package: &'p Package<R>, name: &str) -> Self {
        let folder = name.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
        Self {
            package,
            folder: folder.to_owned(),
            given: RefCell::new(HashSet::new()),
        }
    }

    /// Those that were asked for and are there.
    pub fn given(self) -> Vec<String> {
        let mut given: Vec<String> = self.given.into_inner().into_iter().collect();
        given.sort_unstable();
        given
    }
}

impl<R: Read + Seek> Files for Beside<'_, R> {
    fn get(&self, url: &str) -> Option<Vec<u8>> {
        let name = placed(&self.folder, url)?;
        let mut given = self.given.borrow_mut();
        if given.len() >= TAKEN && !given.contains(&name) {
            return None;
        }
        let bytes = self.package.read(&name, images::BYTES).ok().flatten()?;
        given.insert(name);
        Some(bytes)
    }
}

/// Where a path from within `folder` leads; nowhere where it leads out.
fn placed(folder: &str, url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?;
    if path.contains(':') || path.starts_with('/') {
        return None;
    }
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?.replace('\\', "/");
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()?),
            name => names.push(name),
        }
    }
    Some(names.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_followed_within_the_folder_alone() {
        for (folder, url, place) in [
            ("", "foto.png", Some("foto.png")),
            ("plannen", "img/foto%20een.png", Some("plannen/img/foto een.png")),
            ("plannen/nl", "../img/a.png?x=1", Some("plannen/img/a.png")),
            ("", "../a.png", None),
            ("a", "../../etc/passwd", None),
            ("a", "/etc/passwd", None),
            ("a", "file:///etc/passwd", None),
            ("a", "%2e%2e/%2e%2e/x", None),
        ] {
            assert_eq!(placed(folder, url).as_deref(), place, "{folder} {url}");
        }
    }
}
