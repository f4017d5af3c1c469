//! How much an archive may hold before it is refused unread.

/// Most of everything. [`Limits::default`] is far above what people write, and far below what hurts.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Entries of the ZIP.
    pub entries: u64,
    /// Bytes of one name.
    pub name: usize,
    /// Bytes that one thread or one list unpacks to. It is read piece by piece.
    pub json: u64,
    /// Bytes of one piece: a reply, a person, the head of a thread.
    pub piece: u64,
    /// Bytes of the Markdown of one revision.
    pub text: u64,
    /// Bytes of one attached file.
    pub file: u64,
    /// Bytes that everything together unpacks to, for each byte of the ZIP. What people write packs to a tenth.
    pub ratio: u64,
    pub persons: usize,
    /// Threads, replies and earlier versions together.
    pub posts: usize,
    pub revisions: usize,
    pub files: usize,
    /// How deep replies nest.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1024 * 1024;
        Self {
            entries: 1_000_000,
            name: 300,
            json: 1024 * MIB,
            piece: 2 * MIB,
            text: MIB,
            file: 4096 * MIB,
            ratio: 200,
            persons: 200_000,
            posts: 5_000_000,
            revisions: 1_000_000,
            files: 500_000,
            depth: 50,
        }
    }
}
