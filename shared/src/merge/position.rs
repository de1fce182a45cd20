//! Places in a list as byte strings: between any two there is a third, so that moving one item
//! leaves the others where they are.
//!
//! Bytes are compared from the left; a place never ends in 0, so there is always room before it.

/// Longest place a device makes; beyond it lists still work, only bytes are wasted.
pub const POSITION_BYTES_MAX: usize = 64;

/// Returns a place strictly between `left` and `right`; `None` stands for the list's ends.
///
/// When the two are not in order (two devices moved at once) the result follows `left`.
#[must_use]
pub fn between(left: Option<&[u8]>, right: Option<&[u8]>) -> Vec<u8> {
    let left = left.unwrap_or(&[]);
    let right = right.filter(|right| *right > left);
    let mut place = Vec::new();
    let mut bounded = right.is_some();
    for index in 0.. {
        let low = left.get(index).copied().unwrap_or(0);
        let high = right.filter(|_| bounded).and_then(|right| right.get(index)).map_or(256, |byte| u16::from(*byte));
        if u16::from(low) + 1 < high {
            // Near the end of the list, leave most of the room for the items still to come.
            let step = if bounded { (high - u16::from(low)) / 2 } else { ((high - u16::from(low)) / 2).min(8) };
            place.push(low + u8::try_from(step.max(1)).unwrap_or(1));
            break;
        }
        place.push(low);
        bounded = bounded && u16::from(low) == high;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn there_is_always_room_between_two_places() {
        let mut places = vec![between(None, None)];
        let mut turn = 7_usize;
        for _ in 0..400 {
            turn = turn.wrapping_mul(31).wrapping_add(17);
            let index = turn % (places.len() + 1);
            let left = index.checked_sub(1).map(|index| places[index].clone());
            let right = places.get(index).cloned();
            let place = between(left.as_deref(), right.as_deref());
            assert!(left.is_none_or(|left| left < place), "{place:?}");
            assert!(right.is_none_or(|right| place < right), "{place:?}");
            assert_ne!(place.last(), Some(&0));
            places.insert(index, place);
        }
    }

    #[test]
    fn appending_a_hundred_items_keeps_places_short() {
        let mut last: Option<Vec<u8>> = None;
        for _ in 0..100 {
            last = Some(between(last.as_deref(), None));
        }
        assert!(last.is_some_and(|place| place.len() <= 8));
    }
}
