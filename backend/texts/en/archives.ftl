# Archives and documents that can be read without Kring.

archive-what = This is an archive: everything that was written in this network, with who wrote it and when. You can read it without the internet. Another Kring can take it in whole.
archive-up = Back
archive-kind = Kind
archive-authors = Written by
archive-created = Begun on
archive-changed = Last changed on
archive-licence = Licence
archive-all-rights-reserved = All rights reserved. Ask before you use it.
archive-address = Address
archive-pinned = This conversation is pinned.
archive-locked = This conversation is locked.
archive-replies = Replies
archive-answers = Answer to an earlier reply
archive-edited = Changed later.
archive-deleted-thread = Deleted conversation
archive-deleted-reply = Deleted reply
archive-reply-count = { $count ->
    [one] one reply
   *[other] { $count } replies
}
archive-documents = Documents ({ $count })
archive-threads = Conversations ({ $count })
archive-more = For computers
archive-more-network = the network itself
archive-more-persons = who wrote something
archive-more-members = who belonged to it
archive-more-manifest = where and when this archive was made, and how much is in it
archive-more-checksums = checksums of all files
archive-more-schemas = Beside each conversation and each document stands a JSON file with the same. The folder schemas says how they are built.

# Archives of networks.
fault-archive_not_zip = This is no ZIP file, or it did not arrive whole. Send the archive again.
fault-archive_unsupported = This archive cannot be read: { $entry } ({ $detail }). Send it as Kring made it.
fault-archive_damaged = This archive is damaged: { $entry } ({ $detail }). Fetch it again.
fault-archive_bad_name = This archive has a name in it that cannot be: { $entry }. Send it as Kring made it.
fault-archive_duplicate_name = This archive has something in it twice: { $entry }. Send it as Kring made it.
fault-archive_too_many = There is too much in this archive: { $detail }.
fault-archive_too_large = This archive becomes too large when it is unpacked: { $entry } ({ $detail }).
fault-archive_missing = Something is missing in this archive: { $entry } ({ $detail }). Fetch it again.
fault-archive_unlisted = Something was added to this archive that does not belong to it: { $entry }. Send it as Kring made it.
fault-archive_checksum = Something was changed in this archive: { $entry }. Send it as Kring made it.
fault-archive_not_kring = This is a ZIP file, but no archive of a network of Kring.
fault-archive_newer = This archive was made by a newer Kring. Bring this server up to date first.
fault-archive_json = In this archive { $entry } cannot be read ({ $detail }).
fault-archive_unknown_person = { $entry } names an author who is not in persons.json: { $detail }.
fault-archive_duplicate_id = In { $entry } something has the same id as something else: { $detail }.
fault-archive_bad_parent = In { $entry } a reply answers what does not stand before it: { $detail }.
fault-archive_too_deep = In { $entry } replies stand too deep: { $detail }.
fault-archive_bad_numbers = In { $entry } the numbers do not rise one by one: { $detail }.
fault-archive_unreadable = This archive could not be read. Try again.
fault-archive_value = A value in this archive is not right: { $member } of { $entry } ({ $what }).
fault-archive_other_people = These people registered here after the archive says that others, or they themselves, wrote under the same handles: { $handles }. If they are the same people, send it again with samePeople=true, or with kring import --same-people. If not, bring it in on a server where nobody has these handles yet, before people can register.
fault-archive_from_the_future = This is in the future.
fault-archive_no_time = This is no moment.
fault-archive_state = This does not fit the rest.

# Everything of one person.
archive-own-title = Everything of @{ $handle }
archive-own-what = This is everything that this Kring has of you. Of others there are only titles, where your own words need them.
archive-own-index = Everything of you
archive-own-written = What you wrote
archive-own-reply = A reply
archive-own-lists = Lists
archive-own-account = Your account
archive-own-memberships = Your networks
archive-own-threads = Conversations that you began
archive-own-replies = Your replies
archive-own-earlier-versions = How your posts read before
archive-own-revisions = What you wrote of documents
archive-own-files = Your files
archive-own-reactions = What you reacted to
archive-own-read-conversations = Which conversations you read
archive-own-read-documents = Which documents you read
archive-own-drafts = Your drafts
archive-own-help-offers = Your offers to help
archive-own-digests = Digests that you got
archive-own-mails = Mails that you got
archive-own-sessions = Where you were signed in
archive-own-jobs = Work that you asked for
