//! XML of office files: no document types, no depth without end, and a look at elements by their bare names. The
//! strict and the transitional form of the standard differ in namespaces alone.

use roxmltree::{Document, Node, NodeId, ParsingOptions};

use crate::refusal::{Refusal, Result};

/// Most elements, texts and comments in one part.
const NODES: u32 = 4_000_000;

/// How deep elements may stand in each other. Word writes some 25.
const DEPTH: usize = 300;

/// The text of a part, in UTF-8 or UTF-16.
pub fn text(mut bytes: Vec<u8>) -> Result<String> {
    let (encoding, mark) = encoding_rs::Encoding::for_bom(&bytes).unwrap_or((encoding_rs::UTF_8, 0));
    bytes.drain(..mark);
    if encoding == encoding_rs::UTF_8 {
        return String::from_utf8(bytes).map_err(|_| Refusal::Damaged);
    }
    encoding
        .decode_without_bom_handling_and_without_replacement(&bytes)
        .map(|text| text.into_owned())
        .ok_or(Refusal::Damaged)
}

/// Reads a part.
pub fn parse(text: &str) -> Result<Document<'_>> {
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options).map_err(|cause| match cause {
        roxmltree::Error::DtdDetected => Refusal::Entities,
        roxmltree::Error::NodesLimitReached => Refusal::TooDemanding,
        _ => Refusal::Damaged,
    })?;
    // The elements that are open, in document order.
    let mut open: Vec<NodeId> = Vec::new();
    for node in document.descendants().filter(Node::is_element) {
        let parent = node.parent().map(|parent| parent.id());
        while open.last().is_some_and(|last| Some(*last) != parent) {
            open.pop();
        }
        open.push(node.id());
        if open.len() > DEPTH {
            return Err(Refusal::TooDeep);
        }
    }
    Ok(document)
}

/// The bare name of an element; nothing for text.
pub fn name<'a>(node: Node<'a, '_>) -> &'a str {
    if node.is_element() { node.tag_name().name() } else { "" }
}

/// Its child of that name.
pub fn child<'a, 'i>(node: Node<'a, 'i>, wanted: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| name(*child) == wanted)
}

/// Its first element of that name, however deep.
pub fn within<'a, 'i>(node: Node<'a, 'i>, wanted: &str) -> Option<Node<'a, 'i>> {
    node.descendants().find(|inside| name(*inside) == wanted)
}

/// An attribute by its bare name.
pub fn attribute<'a>(node: Node<'a, '_>, wanted: &str) -> Option<&'a str> {
    node.attributes()
        .find(|attribute| attribute.name() == wanted)
        .map(|attribute| attribute.value())
}

/// The `val` of its child of that name.
pub fn value<'a>(node: Node<'a, '_>, wanted: &str) -> Option<&'a str> {
    attribute(child(node, wanted)?, "val")
}

/// What a property that is on or off says, where it is there.
pub fn toggle(node: Node<'_, '_>, wanted: &str) -> Option<bool> {
    let found = child(node, wanted)?;
    Some(!matches!(attribute(found, "val"), Some("0" | "false" | "off" | "none")))
}
