//! Browser rows of the fault table.
