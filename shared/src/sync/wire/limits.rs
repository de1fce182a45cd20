//! The numbers both ends of the line keep to: version, address, and how much may cross at once.
//!
//! Does not know what the bodies hold.

/// Version of this protocol.
pub const PROTOCOL: u16 = 1;
/// Address of the one call.
pub const PATH: &str = "/sync";
/// Media type of both bodies: nobody else's, and short, since it goes both ways each time.
pub const MEDIA_TYPE: &str = "application/vnd.relais";
/// Largest request body as sent, in bytes.
pub const REQUEST_BYTES_MAX: usize = 1 << 20;
/// Largest request body once decompressed, in bytes.
pub const REQUEST_DECODED_BYTES_MAX: usize = 4 << 20;
/// Largest payload that fits into a request beside everything else in it, in bytes.
pub const OP_BYTES_MAX: usize = REQUEST_BYTES_MAX - 4 * 1024;
/// Most operations in one push.
pub const PUSH_OPS_MAX: usize = 1_000;
/// Request bodies above so many bytes are compressed; below it the gain is eaten up by the wrapping
/// and the header that tells of it.
pub const REQUEST_PACKED_ABOVE_BYTES: usize = 600;
/// Bytes, as they cross the line, of operations in a device's first push; doubled on success, halved
/// on failure.
pub const PUSH_BYTES_START: usize = 8 * 1024;
/// Least bytes, as they cross, of operations in one push; one operation is always sent, whatever its
/// size.
pub const PUSH_BYTES_MIN: usize = 2 * 1024;
/// Most bytes, as they cross, of operations in one push.
pub const PUSH_BYTES_MAX: usize = 256 * 1024;
/// Most bytes of operations in one push before they are compressed: should they not pack at all, they
/// still fit into [`REQUEST_BYTES_MAX`].
pub const PUSH_UNPACKED_BYTES_MAX: usize = 512 * 1024;
/// Bytes, as they cross the line, that a device asks for in its first pull: 32 KB take five seconds at
/// 50 kbit/s, and a few tens of documents fit.
pub const PULL_BYTES_START: u32 = 32 * 1024;
/// Least bytes a device asks for, as they cross: three minutes, the longest it waits for an answer, at
/// 200 bit/s.
pub const PULL_BYTES_MIN: u32 = 4 * 1024;
/// Most bytes, as they cross, that the server puts in one reply, one snapshot larger than that excepted.
pub const PULL_BYTES_MAX: u32 = 128 * 1024;
/// Most bytes the server puts in one reply before they are compressed, with the same exception.
pub const PULL_UNPACKED_BYTES_MAX: usize = 512 * 1024;
/// Most documents a device may ask for by name in one request.
pub const FETCH_MAX: usize = 64;
/// Replies of so many bytes go by columns: shorter ones have too little alike in them.
pub const COLUMNS_FROM_BYTES: usize = 1_024;
/// Deepest nesting read in any body.
pub const DEPTH_MAX: usize = 16;
