-- What a device is sent: the entries of its documents after its cursor, in order, without reading anybody else's.
CREATE INDEX op_document ON op (document, seq) WHERE seq IS NOT NULL;
