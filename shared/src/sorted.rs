//! Maps and sets as sorted vectors, and insertion in order: for the few entries a document has.
//!
//! A search tree or a sort is compiled anew, whole, for every type it holds, and weighs on the first
//! load; here only a binary search and `Vec::insert` are. Entries that come in order are appended.
//! Out of order, each moves those behind it: tens of thousands of entries that come or go in any
//! order belong in the standard library's trees.

use core::borrow::Borrow;
use core::cmp::Ordering;
use core::slice;
use std::vec;

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};

/// Puts `item` behind those of `items` whose key is not greater.
pub fn insert<T, K: Ord>(items: &mut Vec<T>, item: T, key: impl Fn(&T) -> K) {
    let at = items.partition_point(|other| key(other) <= key(&item));
    items.insert(at, item);
}

/// Entries by key, in the order of the keys. On the wire a CBOR map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Map<K, V>(Vec<(K, V)>);

impl<K, V> Map<K, V> {
    /// Returns a map of nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns how many entries there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the entries.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(self.0.iter())
    }

    /// Returns the keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.0.iter().map(|(key, _)| key)
    }

    /// Returns the values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.0.iter().map(|(_, value)| value)
    }

    /// Returns the values to change, in the order of their keys.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Keeps the entries for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| keep(key, value));
    }

    /// Returns the entries whose keys `place` calls equal; those it calls less come before them.
    #[must_use]
    pub fn range(&self, place: impl Fn(&K) -> Ordering) -> Iter<'_, K, V> {
        let start = self.0.partition_point(|(key, _)| place(key).is_lt());
        let behind = self.0.get(start..).unwrap_or_default();
        let length = behind.iter().take_while(|(key, _)| place(key).is_eq()).count();
        Iter(behind.get(..length).unwrap_or_default().iter())
    }
}

impl<K: Ord, V> Map<K, V> {
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(other, _)| other.borrow().cmp(key))
    }

    /// Returns the value at `key`.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// Returns the value at `key`, to change.
    #[must_use]
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// Returns whether there is an entry at `key`.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Puts `value` at `key` and returns the one it replaces.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(at) => Some(core::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes the entry at `key` away and returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Returns the place of `key`, to fill when it is empty.
    #[must_use]
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        Entry { map: self, key }
    }
}

/// The place of one key in a [`Map`].
#[derive(Debug)]
pub struct Entry<'a, K, V> {
    map: &'a mut Map<K, V>,
    key: K,
}

impl<'a, K: Ord, V> Entry<'a, K, V> {
    /// Returns the value there, which is what `make` returns if there was none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        let at = match self.map.place(&self.key) {
            Ok(at) => at,
            Err(at) => {
                self.map.0.insert(at, (self.key, make()));
                at
            }
        };
        &mut self.map.0[at].1
    }

    /// Returns the value there, which is `value` if there was none.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// Returns the value there, which is the default one if there was none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The entries of a [`Map`].
#[derive(Debug)]
pub struct Iter<'a, K, V>(slice::Iter<'a, (K, V)>);

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl<C, K: Encode<C>, V: Encode<C>> Encode<C> for Map<K, V> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.map(self.0.len() as u64)?;
        self.0.iter().try_for_each(|(key, value)| {
            key.encode(e, ctx)?;
            value.encode(e, ctx)
        })
    }
}

impl<'b, C, K: Decode<'b, C> + Ord, V: Decode<'b, C>> Decode<'b, C> for Map<K, V> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let Some(length) = d.map()? else { return Err(DecodeError::message("a map of open length")) };
        let mut entries = Vec::<(K, V)>::new();
        for _ in 0..length {
            let key = K::decode(d, ctx)?;
            // Written in order, and read in no other: nothing has to be looked for.
            if entries.last().is_some_and(|(last, _)| *last >= key) {
                return Err(DecodeError::message("a map out of order"));
            }
            entries.push((key, V::decode(d, ctx)?));
        }
        Ok(Self(entries))
    }
}

/// Items, each once, in their order. On the wire a CBOR array.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Set<T>(Vec<T>);

impl<T> Set<T> {
    /// Returns a set of nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Returns how many items there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the items.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T: Ord> Set<T> {
    /// Returns whether `item` is there.
    #[must_use]
    pub fn contains(&self, item: &T) -> bool {
        self.0.binary_search(item).is_ok()
    }

    /// Puts `item` in, and returns whether it was not there.
    pub fn insert(&mut self, item: T) -> bool {
        match self.0.binary_search(&item) {
            Ok(_) => false,
            Err(at) => {
                self.0.insert(at, item);
                true
            }
        }
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut set = Self::new();
        set.extend(items);
        set
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<C, T: Encode<C>> Encode<C> for Set<T> {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), EncodeError<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl<'b, C, T: Decode<'b, C> + Ord> Decode<'b, C> for Set<T> {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        Vec::decode(d, ctx).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{Map, Set, insert};
    use crate::op::{from_bytes, to_bytes};

    proptest! {
        #[test]
        fn a_map_does_what_a_tree_does(steps in vec((0_u8..4, 0_u8..12, any::<u8>()), 0..60)) {
            let (mut map, mut tree) = (Map::new(), BTreeMap::new());
            for (step, key, value) in steps {
                match step {
                    0 => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                    1 => *map.entry(key).or_default() ^= value,
                    2 => map.retain(|_, kept| *kept > value),
                    _ => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                }
                match step {
                    1 => *tree.entry(key).or_default() ^= value,
                    2 => tree.retain(|_, kept| *kept > value),
                    _ => {}
                }
                prop_assert_eq!(map.get(&key), tree.get(&key));
                prop_assert!(map.iter().eq(&tree));
                prop_assert!(map.iter().rev().eq(tree.iter().rev()));
                prop_assert!(map.range(|other| (other / 4).cmp(&(key / 4))).eq(tree.range(key / 4 * 4..key / 4 * 4 + 4)));
            }
            prop_assert_eq!(from_bytes(&to_bytes(&map)), Ok(map));
        }

        #[test]
        fn a_set_does_what_a_tree_does(items in vec(0_u8..30, 0..40), other in 0_u8..30) {
            let (set, tree): (Set<u8>, BTreeSet<u8>) = (items.iter().copied().collect(), items.into_iter().collect());
            prop_assert!(set.iter().eq(&tree));
            prop_assert_eq!(set.contains(&other), tree.contains(&other));
            prop_assert_eq!(from_bytes(&to_bytes(&set)), Ok(set));
        }

        #[test]
        fn insertion_in_order_keeps_the_order_of_equals(keys in vec(0_u8..9, 0..40)) {
            let all: Vec<(u8, usize)> = keys.into_iter().zip(0..).collect();
            let (mut sorted, mut expected) = (Vec::new(), all.clone());
            all.into_iter().for_each(|item| insert(&mut sorted, item, |(key, _)| *key));
            expected.sort_by_key(|(key, _)| *key);
            prop_assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn maps_and_sets_have_the_bytes_they_always_had() {
        let map: Map<u8, bool> = [(30, true), (1, false)].into_iter().collect();
        assert_eq!(to_bytes(&map), [0xa2, 0x01, 0xf4, 0x18, 0x1e, 0xf5]);
        let set: Set<u8> = [30, 1, 30].into_iter().collect();
        assert_eq!(to_bytes(&set), [0x82, 0x01, 0x18, 0x1e]);
    }
}
