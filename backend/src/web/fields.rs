//! Reading what was sent, field by field, so that one answer names every fault at once.
//!
//! A request struct has [`Field`]s, which never fail to deserialise; its `parse` runs each through the model's
//! own `parse` with [`Fields`] and gets either the whole value or all the faults.

use serde::{Deserialize, Deserializer};

use crate::error::{Error, Fault, FieldError, Result};

/// One member of a JSON object: absent, null, of the wrong kind, or there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    #[default]
    Absent,
    Null,
    Wrong,
    Value(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        // Held as a JSON value first: a failed read must not end the reading of the whole body.
        let value = serde_json::Value::deserialize(from)?;
        Ok(match value {
            serde_json::Value::Null => Self::Null,
            // `2.0` is an integer in JSON Schema, as in JavaScript.
            serde_json::Value::Number(number) => {
                let whole = number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 9_007_199_254_740_992.0);
                let number = whole.map_or(number, |whole| (whole as i64).into());
                T::deserialize(Held(serde_json::Value::Number(number))).map_or(Self::Wrong, Self::Value)
            }
            value => T::deserialize(Held(value)).map_or(Self::Wrong, Self::Value),
        })
    }
}

/// Lets `T: Deserialize<'de>` read an owned JSON value whatever `'de` is.
struct Held(serde_json::Value);

impl<'de> Deserializer<'de> for Held {
    type Error = serde_json::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(
        self,
        visitor: V,
    ) -> std::result::Result<V::Value, Self::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_option<V: serde::de::Visitor<'de>>(
        self,
        visitor: V,
    ) -> std::result::Result<V::Value, Self::Error> {
        self.0.deserialize_option(visitor)
    }

    fn deserialize_enum<V: serde::de::Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> std::result::Result<V::Value, Self::Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// A query parameter, which is text where it is there at all.
impl<T> From<Option<T>> for Field<T> {
    fn from(given: Option<T>) -> Self {
        given.map_or(Self::Absent, Self::Value)
    }
}

/// Collects faults while fields are read.
#[derive(Debug, Default)]
pub struct Fields {
    prefix: &'static str,
    faults: Vec<FieldError>,
}

impl Fields {
    /// For the members of a JSON body: pointers like `/title`.
    pub fn of_body() -> Self {
        Self { prefix: "/", faults: Vec::new() }
    }

    /// For query parameters: pointers like `?limit`.
    pub fn of_query() -> Self {
        Self { prefix: "?", faults: Vec::new() }
    }

    /// A field that must be there.
    pub fn need<T, V>(
        &mut self,
        name: &str,
        field: Field<T>,
        parse: impl FnOnce(T) -> Result<V, Fault>,
    ) -> Option<V> {
        match field {
            Field::Absent | Field::Null => self.fault(name, Fault::new("required")),
            present => self.may(name, present, parse),
        }
    }

    /// A field that may be left out; null is the same as leaving it out.
    pub fn may<T, V>(
        &mut self,
        name: &str,
        field: Field<T>,
        parse: impl FnOnce(T) -> Result<V, Fault>,
    ) -> Option<V> {
        match field {
            Field::Absent | Field::Null => None,
            Field::Wrong => self.fault(name, Fault::new("wrong_type")),
            Field::Value(value) => match parse(value) {
                Ok(value) => Some(value),
                Err(fault) => self.fault(name, fault),
            },
        }
    }

    /// A field of a merge patch (RFC 7396) that null clears: `None` leaves as it is, `Some(None)` clears.
    pub fn patch<T, V>(
        &mut self,
        name: &str,
        field: Field<T>,
        parse: impl FnOnce(T) -> Result<V, Fault>,
    ) -> Option<Option<V>> {
        match field {
            Field::Null => Some(None),
            other => self.may(name, other, parse).map(Some),
        }
    }

    /// A field of a merge patch that cannot be cleared: null is a fault.
    pub fn keep<T, V>(
        &mut self,
        name: &str,
        field: Field<T>,
        parse: impl FnOnce(T) -> Result<V, Fault>,
    ) -> Option<V> {
        match field {
            Field::Null => self.fault(name, Fault::new("not_null")),
            other => self.may(name, other, parse),
        }
    }

    /// Notes a fault that no single parse finds.
    pub fn fault<V>(&mut self, name: &str, fault: Fault) -> Option<V> {
        let item = fault.item.map(|item| format!("/{item}")).unwrap_or_default();
        self.faults.push(FieldError { pointer: format!("{}{name}{item}", self.prefix), fault });
        None
    }

    /// The whole value, or every fault. `build` gives `None` only where a needed field had a fault.
    pub fn finish<V>(self, build: impl FnOnce() -> Option<V>) -> Result<V> {
        if !self.faults.is_empty() {
            return Err(Error::Invalid(self.faults));
        }
        build().ok_or_else(|| Error::internal("a request had neither a value nor a fault"))
    }
}

/// Each element of a list; the fault of the first faulty one says which it is.
pub fn each<T, V>(list: Vec<T>, most: usize, parse: impl Fn(T) -> Result<V, Fault>) -> Result<Vec<V>, Fault> {
    if list.len() > most {
        return Err(Fault::new("too_many_items").with("max", most));
    }
    let parsed = list.into_iter().enumerate();
    parsed
        .map(|(item, value)| parse(value).map_err(|fault| Fault { item: Some(item), ..fault }))
        .collect()
}

/// One line of text: trimmed, without control characters, of `least` to `most` characters.
pub fn line(text: &str, least: usize, most: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Fault::new("control_characters"));
    }
    measured(text, least, most)
}

/// Text of several lines: line ends made `\n`, no other control characters than tabs.
pub fn lines(text: &str, least: usize, most: usize) -> Result<String, Fault> {
    let text = text.replace("\r\n", "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Fault::new("control_characters"));
    }
    if least > 0 && text.trim().is_empty() {
        return Err(Fault::new("empty"));
    }
    measured(&text, least, most)
}

fn measured(text: &str, least: usize, most: usize) -> Result<String, Fault> {
    let length = text.chars().count();
    if length == 0 && least > 0 {
        Err(Fault::new("empty"))
    } else if length < least {
        Err(Fault::new("too_short").with("min", least))
    } else if length > most {
        Err(Fault::new("too_long").with("max", most).with("length", length))
    } else {
        Ok(text.to_owned())
    }
}

/// Words with commas between them, each of `known` (`include=replies,viewer`).
pub fn includes(text: &str, known: &[&'static str]) -> Result<Vec<&'static str>, Fault> {
    let find = |word: &str| known.iter().find(|k| **k == word).copied();
    text.split(',')
        .map(|word| find(word).ok_or_else(|| Fault::new("not_allowed").with("allowed", known.join(", "))))
        .collect()
}

/// A word of a fixed set.
pub fn word<W: std::str::FromStr<Err = String>>(text: String) -> Result<W, Fault> {
    text.parse().map_err(|allowed: String| Fault::new("not_allowed").with("allowed", allowed))
}

/// A truth value in a query or a form, where everything is text.
pub fn yes(text: String) -> Result<bool, Fault> {
    text.parse().map_err(|_| Fault::new("not_allowed").with("allowed", "true, false"))
}

/// Anything goes: the type said enough.
pub fn any<T>(value: T) -> Result<T, Fault> {
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Sent {
        title: Field<String>,
        count: Field<u32>,
        pinned: Field<bool>,
    }

    #[test]
    fn every_fault_comes_at_once() {
        let sent: Sent = serde_json::from_str(r#"{"title": 5, "count": "many", "pinned": null}"#)
            .expect("fields never fail");
        let mut f = Fields::of_body();
        f.need("title", sent.title, any);
        f.need("count", sent.count, any);
        f.need("pinned", sent.pinned, any);
        let Err(Error::Invalid(faults)) = f.finish(|| Some(())) else { panic!("faults") };
        let told: Vec<(&str, &str)> = faults.iter().map(|e| (e.pointer.as_str(), e.fault.code)).collect();
        assert_eq!(told, [("/title", "wrong_type"), ("/count", "wrong_type"), ("/pinned", "required")]);
    }

    #[test]
    fn an_integer_may_be_written_with_a_point() {
        let sent: Sent = serde_json::from_str(r#"{"count": 2.0}"#).expect("fields never fail");
        assert_eq!(sent.count, Field::Value(2));
        let sent: Sent = serde_json::from_str(r#"{"count": 2.5}"#).expect("fields never fail");
        assert_eq!(sent.count, Field::Wrong);
    }

    #[test]
    fn a_patch_tells_clearing_from_leaving() {
        let sent: Sent = serde_json::from_str(r#"{"title": null}"#).expect("fields never fail");
        let mut f = Fields::of_body();
        assert_eq!(f.patch("title", sent.title, any), Some(None));
        assert_eq!(f.patch("count", sent.count, any), None);
        assert_eq!(f.keep("title", Field::<String>::Null, any), None);
        assert!(f.finish(|| Some(())).is_err());
    }

    #[test]
    fn text_is_measured_in_characters_and_refuses_what_cannot_be_seen() {
        assert_eq!(line(" één ", 3, 3), Ok("één".into()));
        assert_eq!(line("a\u{0}b", 1, 9).map_err(|f| f.code), Err("control_characters"));
        assert_eq!(lines("a\r\nb", 1, 9), Ok("a\nb".into()));
        assert_eq!(lines(" \n ", 1, 9).map_err(|f| f.code), Err("empty"));
        assert_eq!(line("abcd", 0, 3).map_err(|f| f.code), Err("too_long"));
    }
}
