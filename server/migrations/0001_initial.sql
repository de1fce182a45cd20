-- The first schema. A merged migration is never edited; later ones expand, move, then contract.
-- Times are milliseconds since 1970 by the server's clock and order nothing: order is `seq`.
-- Unsigned 64-bit numbers (replica, epoch) are kept as the signed number with the same bits.

-- One row each: epoch (which incarnation of the database this is; drawn at first start), head (the
-- last seq given out; raised last in the transaction that gives it out).
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('head', 0);

CREATE TABLE authority (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    name    TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL,
    kind    TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: a person's number stands in the log for ever, so it is never given out twice.
CREATE TABLE person (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    login         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL,
    authority     INTEGER NULL REFERENCES authority (id),
    language      TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    disabled      INTEGER NOT NULL DEFAULT 0,
    created_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX person_authority ON person (authority);
-- The server itself, author of what it writes into the log; nobody can sign in as it.
INSERT INTO person (id, login, name, role, language, password_hash, disabled, created_ms)
VALUES (0, '(server)', '', 'admin', 'en', '', 1, 0);

-- Only the SHA-256 of a token is kept: a stolen copy of the database opens no session.
CREATE TABLE session (
    token_hash   BLOB PRIMARY KEY NOT NULL,
    person       INTEGER NOT NULL REFERENCES person (id),
    created_ms   INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    expires_ms   INTEGER NOT NULL,
    device_label TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person, last_seen_ms);

-- One writer: a browser profile of a person, a headless device, or the server (0). `acked` is the
-- highest counter up to which everything has its outcome in `op`.
CREATE TABLE replica (
    replica INTEGER PRIMARY KEY,
    person  INTEGER NOT NULL REFERENCES person (id),
    acked   INTEGER NOT NULL
) STRICT;
INSERT INTO replica (replica, person, acked) VALUES (0, 0, 0);

-- The log: every operation that was ever taken in, with its outcome. The only truth; document and
-- snapshot can be made again from it. `document` names no row of the table of that name, because
-- parked operations may be about documents that do not exist.
CREATE TABLE op (
    replica     INTEGER NOT NULL,
    counter     INTEGER NOT NULL,
    hash        BLOB NOT NULL,
    document    BLOB NOT NULL,
    side        INTEGER NOT NULL,           -- 0 shared, 1 internal, 2 note
    note_person INTEGER NOT NULL DEFAULT 0, -- whose note, for side 2
    author      INTEGER NOT NULL REFERENCES person (id),
    received_ms INTEGER NOT NULL,
    seq         INTEGER NULL UNIQUE,        -- place in the order; accepted operations only
    state       INTEGER NOT NULL CHECK (state IN (1, 2)), -- 1 accepted, 2 parked
    reason      INTEGER NULL,               -- why parked
    body        BLOB NOT NULL,
    PRIMARY KEY (replica, counter)
) STRICT, WITHOUT ROWID;
CREATE INDEX op_scope ON op (document, side, note_person, seq);
-- What a device is sent: the entries of its documents after its cursor, in order, without reading anybody else's.
CREATE INDEX op_document ON op (document, seq) WHERE seq IS NOT NULL;
CREATE INDEX op_parked ON op (document, author) WHERE state = 2;

-- The envelope of each document, for lists and permissions; the answers are in the log. `bytes` and
-- `ops` say how much of it was accepted, so that one document cannot fill everybody's disk.
CREATE TABLE document (
    id           BLOB PRIMARY KEY NOT NULL,
    form         INTEGER NOT NULL,
    authority    INTEGER NULL REFERENCES authority (id),
    created_by   INTEGER NOT NULL REFERENCES person (id),
    received_seq INTEGER NULL,              -- seq at which the facility received it, or opened it
    reference    TEXT NULL UNIQUE,          -- YYYY-NN, once it has one
    summary      BLOB NOT NULL,             -- document::Summary, as lists and the inbox read it
    named        BLOB NOT NULL,             -- who is named on it, to which part, since which seq
    updated_ms   INTEGER NOT NULL,
    head_seq     INTEGER NOT NULL,
    created_seq  INTEGER NOT NULL,
    bytes        INTEGER NOT NULL DEFAULT 0,
    ops          INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX document_authority ON document (authority, head_seq);

-- A scope folded up to `seq`: where reading the log starts.
CREATE TABLE snapshot (
    document    BLOB NOT NULL,
    side        INTEGER NOT NULL,
    note_person INTEGER NOT NULL DEFAULT 0,
    seq         INTEGER NOT NULL,
    body        BLOB NOT NULL,
    PRIMARY KEY (document, side, note_person)
) STRICT, WITHOUT ROWID;

-- The last number given out in each year's references.
CREATE TABLE reference_counter (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;
