//! JSON that is one object with a head and, behind it, long lists: read piece by piece.
//!
//! Invariant: never more than one piece is in memory, and no piece is larger than [`Limits::piece`](crate::Limits).

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, BufReader, Read};

use serde::de::{DeserializeOwned, DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::fault::{Fault, FaultKind};

/// What is done with what is read: the head first, then the items of each list in its order.
pub trait Pieces {
    /// What stands before the lists.
    fn head(&mut self, head: Value) -> Result<(), Fault>;
    /// An item of the list with this number.
    fn item(&mut self, list: usize, item: Value) -> Result<(), Fault>;
}

/// Reads an object from `from` whose last members are `lists`, all of them, in this order.
pub fn read<R: Read>(
    entry: &str,
    from: R,
    piece: u64,
    lists: &[&str],
    pieces: &mut dyn Pieces,
) -> Result<(), Fault> {
    let left = Cell::new(piece);
    let fault = RefCell::new(None);
    let metered = Metered { from, left: &left, entry };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(metered));
    let seed = Whole { lists, pieces, left: &left, piece, fault: &fault };
    let outcome = seed.deserialize(&mut json).and_then(|()| json.end());
    match (fault.into_inner(), outcome) {
        (Some(fault), _) => Err(fault),
        (None, Ok(())) => Ok(()),
        (None, Err(cause)) => Err(of_json(entry, cause)),
    }
}

/// Reads a whole small object.
pub fn read_whole<T: DeserializeOwned>(entry: &str, from: impl Read, most: u64) -> Result<T, Fault> {
    let left = Cell::new(most);
    let metered = Metered { from, left: &left, entry };
    serde_json::from_reader(BufReader::new(metered)).map_err(|cause| of_json(entry, cause))
}

/// Makes a `T` of a piece.
pub fn shaped<T: DeserializeOwned>(entry: &str, piece: Value) -> Result<T, Fault> {
    serde_json::from_value(piece).map_err(|cause| Fault::new(FaultKind::BadJson, entry, cause))
}

fn of_json(entry: &str, cause: serde_json::Error) -> Fault {
    if cause.is_io() {
        Fault::io(entry, cause.into())
    } else {
        Fault::new(FaultKind::BadJson, entry, cause)
    }
}

/// Lets through as many bytes as are left for this piece.
struct Metered<'a, R> {
    from: R,
    left: &'a Cell<u64>,
    entry: &'a str,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(to)?;
        match self.left.get().checked_sub(count as u64) {
            Some(left) => self.left.set(left),
            None => return Err(Fault::new(FaultKind::TooLarge, self.entry, "one piece of it").into()),
        }
        Ok(count)
    }
}

struct Whole<'a> {
    lists: &'a [&'a str],
    pieces: &'a mut dyn Pieces,
    left: &'a Cell<u64>,
    piece: u64,
    fault: &'a RefCell<Option<Fault>>,
}

/// A fault of the reader's own ends the reading; it is kept aside, for serde knows only texts.
fn stop<E: serde::de::Error>(kept: &RefCell<Option<Fault>>, fault: Fault) -> E {
    let told = E::custom(&fault);
    kept.borrow_mut().get_or_insert(fault);
    told
}

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object that ends with {}", self.lists.join(", "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        use serde::de::Error as _;
        let (mut head, mut next) = (Some(Map::new()), 0);
        while let Some(key) = map.next_key::<String>()? {
            if self.lists.get(next) == Some(&key.as_str()) {
                if let Some(head) = head.take() {
                    self.pieces.head(Value::Object(head)).map_err(|fault| stop(self.fault, fault))?;
                }
                let items = Items {
                    list: next,
                    pieces: &mut *self.pieces,
                    left: self.left,
                    piece: self.piece,
                    fault: self.fault,
                };
                map.next_value_seed(items)?;
                next += 1;
            } else if let Some(head) = &mut head {
                if head.insert(key, map.next_value()?).is_some() {
                    return Err(A::Error::custom("a member stands there twice"));
                }
            } else {
                map.next_value::<IgnoredAny>()?;
                return Err(A::Error::custom(format_args!("`{key}` stands behind the lists")));
            }
        }
        if next == self.lists.len() {
            Ok(())
        } else {
            Err(A::Error::custom(format_args!("`{}` is missing", self.lists[next])))
        }
    }
}

struct Items<'a> {
    list: usize,
    pieces: &'a mut dyn Pieces,
    left: &'a Cell<u64>,
    piece: u64,
    fault: &'a RefCell<Option<Fault>>,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.left.set(self.piece);
        while let Some(item) = list.next_element::<Value>()? {
            self.pieces.item(self.list, item).map_err(|fault| stop(self.fault, fault))?;
            self.left.set(self.piece);
        }
        Ok(())
    }
}
