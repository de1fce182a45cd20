//! A cell merges as a short field does; its row and its column come back when somebody wrote in it unseen.

use proptest::prelude::*;

use super::{CELL, COLUMNS, ITEMS, What, World, added, days, fold, set};
use crate::document::Document;
use crate::ids::OpId;
use crate::merge::position::between;
use crate::op::{AddItem, Body, RemoveItem};
use crate::value::{Target, Value};

/// Three people who have two rows and two columns.
fn with_table() -> (World, [OpId; 2], [OpId; 2]) {
    let mut world = World::new();
    let rows = [0, 1].map(|at| world.write(2, added(&world.view(2), at)));
    let column =
        |last: Option<&[u8]>| Body::AddItem(AddItem { field: COLUMNS, position: between(last, None), parent: None });
    let first = world.write(2, column(None));
    let after = world.view(2).list(COLUMNS).unwrap().item(first).unwrap().position.clone();
    let second = world.write(2, column(Some(&after)));
    world.all_sync();
    (world, rows, [first, second])
}

fn mark(world: &World, who: usize, cell: Target, code: &str) -> Body {
    set(&world.view(who), cell, Value::Code(code.to_owned()))
}

fn marks(document: &Document, cell: Target) -> Vec<String> {
    let register = document.register(cell);
    let mut marks: Vec<String> =
        register.iter().flat_map(|register| register.answers()).map(|one| one.value.to_text()).collect();
    marks.sort();
    marks
}

#[test]
fn marks_in_different_cells_unite_and_contradictions_stand_side_by_side() {
    let (mut world, rows, columns) = with_table();
    let cell = |row: usize, column: usize| Target::in_cell(rows[row], columns[column], CELL);
    world.write(0, mark(&world, 0, cell(0, 0), "present"));
    world.write(1, mark(&world, 1, cell(1, 0), "present"));
    world.write(0, mark(&world, 0, cell(0, 1), "present"));
    world.write(1, mark(&world, 1, cell(0, 1), "absent"));
    world.all_sync();
    let view = world.view(2);
    assert_eq!(marks(&view, cell(0, 0)), ["present"]);
    assert_eq!(marks(&view, cell(1, 0)), ["present"]);
    assert_eq!(marks(&view, cell(0, 1)), ["absent", "present"], "never one of the two in silence");
    assert!(view.answers().unsettled.contains(&cell(0, 1)));
    world.write(2, mark(&world, 2, cell(0, 1), "absent"));
    world.all_sync();
    assert!(world.view(0).answers().unsettled.is_empty(), "a third person settles it");
}

#[test]
fn a_mark_its_remover_had_not_seen_brings_row_and_column_back() {
    let (mut world, rows, columns) = with_table();
    let cell = Target::in_cell(rows[0], columns[0], CELL);
    world.write(0, Body::RemoveItem(RemoveItem { item: rows[0] }));
    world.write(1, Body::RemoveItem(RemoveItem { item: columns[0] }));
    world.write(2, mark(&world, 2, cell, "present"));
    world.all_sync();
    let view = world.view(0);
    assert_eq!(view.list(ITEMS).unwrap().order(), rows);
    assert_eq!(view.list(COLUMNS).unwrap().order(), columns);
    for (list, item) in [(ITEMS, rows[0]), (COLUMNS, columns[0])] {
        assert!(view.list(list).unwrap().item(item).unwrap().revived.is_some(), "and it is said");
    }
    assert_eq!(marks(&view, cell), ["present"]);
}

#[test]
fn cells_of_a_removed_row_or_column_are_no_answers_any_more() {
    let (mut world, rows, columns) = with_table();
    let cell = Target::in_cell(rows[0], columns[1], CELL);
    world.write(0, mark(&world, 0, cell, "present"));
    world.all_sync();
    assert!(world.view(1).answers().value(cell).is_some());
    world.write(1, Body::RemoveItem(RemoveItem { item: columns[1] }));
    world.all_sync();
    assert!(world.view(0).answers().value(cell).is_none());
    assert_eq!(world.view(0).answers().by_target.len(), 2, "the two lists");
}

const DOES: &[What] = &[
    What::Sync,
    What::Push,
    What::Add,
    What::AddColumn,
    What::SetCell,
    What::SetCell,
    What::Remove,
    What::RemoveColumn,
];

proptest! {
    #[test]
    fn a_mark_nobody_replaced_is_there_as_long_as_its_row_and_column_are(steps in days(DOES, 50)) {
        let world = World::played(&steps);
        let document = fold(&world.log);
        let answers = document.answers();
        let present = |list| document.list(list).map(|list| list.order()).unwrap_or_default();
        let (rows, columns) = (present(ITEMS), present(COLUMNS));
        let sets = world.log.iter().filter_map(|entry| match entry.op.body() {
            Ok(Body::Set(set)) => Some((entry.op.id, set)),
            _ => None,
        });
        let sets: Vec<_> = sets.collect();
        for (id, set) in &sets {
            let replaced = sets.iter().any(|(_, other)| other.over.contains(id));
            let there = set.target.item.is_some_and(|row| rows.contains(&row))
                && set.target.column.is_some_and(|column| columns.contains(&column));
            let kept = document.register(set.target).is_some_and(|register| register.heads().contains(id));
            prop_assert_eq!(kept, !replaced);
            prop_assert!(replaced || answers.get(set.target).is_some() == there);
        }
    }
}
