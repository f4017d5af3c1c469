# Whether what stands here is what its author signed.

proof-proves = { $author } wrote this at { $home }. The words here are the ones that { $author } signed.
proof-proves-by-telling = The words here are the ones that { $author } signed, with a key that we got from { $teller }. The server of { $author } cannot confirm that any more.
proof-not-signed = { $author } wrote this at { $home }. No signature of it was kept, so that cannot be proved here.
proof-key-unknown = { $home } says that { $author } wrote this. It is signed with a key that was never seen here, so it is not proved.
proof-altered = { $home } says that { $author } wrote this. But the signature does not fit: this was changed after { $author } signed it, or somebody else wrote it.
proof-differs = What stands here is not what { $author } signed. Somebody changed the words here later. What { $author } signed is kept.
