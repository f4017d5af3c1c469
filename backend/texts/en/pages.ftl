# Kring's own pages.

page-skip = Skip to the content
page-languages = Language
page-language-name = English
page-footer = Theme networks of experts by experience, organisations and municipalities. This server runs on Kring.
page-all-networks = All networks
page-api = API documentation
page-to-home = To the networks
page-trail = Where you are
page-title-wrong = Error: { $title }
page-summary = Something was not filled in right

page-problem-not-found = This page does not exist
page-problem-not-found-text = Maybe the address is wrong, or what was here was removed. It may also be for members only, or a link from a mail may not work any more.
page-problem-too-many = One moment please
page-problem-not-like-this = This cannot be done like this
page-problem-not-like-this-text = There is something in the address or the form that we do not know. Go back and try again.
page-problem-ours = Something went wrong on our side

page-email-label = E-mail address
page-email-hint = The address you gave for your account, such as name@example.org.
page-email-send = Send the mail
page-sent = Look in your mailbox
page-word-over = This link does not work any more

page-verify = Confirm your e-mail address
page-verify-text = Press the button. Then this address belongs to the account @{ $handle }. You do not know that name? Then do nothing.
page-verify-button = Confirm e-mail address
page-verified = Your e-mail address is confirmed
page-verified-text = You can sign in now.
page-verified-waiting = An administrator looks at your account now. You get a mail as soon as you can sign in.
page-verified-before = It was confirmed before. You need to do nothing more.
page-verify-over = A link to confirm an address works for seven days, and only the newest works. Fill in your address and we send a new one.
page-verify-again = Get the mail once more
page-verify-again-text = Fill in your e-mail address. Then we send a link to confirm it again.
page-verify-sent-text = Does this address have an account that is not confirmed yet? Then a mail with a new link comes within a few minutes. If nothing comes, look in your junk mail too.

page-reset = Choose a new password
page-reset-text = Your old password will stop working, and you will have to sign in again on all your devices.
page-reset-label = New password
page-reset-hint = At least 10 characters. A sentence is fine, and easier to remember than loose characters.
page-reset-save = Save password
page-reset-done = Your new password works
page-reset-done-text = You can sign in with it now. Your other devices were signed out.
page-reset-over = A link for a new password works for 24 hours, and once. Fill in your address and we send a new one.
page-reset-again = Ask for a new password
page-reset-again-text = Fill in your e-mail address. Then we send a link with which you choose a new password.
page-reset-sent-text = Does this address have an account? Then a mail with a link comes within a few minutes. If nothing comes, look in your junk mail too.

page-home = Networks
page-home-lead = In a theme network, experts by experience, organisations and municipalities work on one subject together. What they learn stays here, so that others can build on it.
page-home-none = There are no networks yet.
page-more-networks = More networks
page-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
page-documents-count = { $count ->
    [one] { $count } document
   *[other] { $count } documents
}
page-threads-count = { $count ->
    [one] { $count } conversation
   *[other] { $count } conversations
}

page-state-archived = Closed
page-state-members = For members only
page-state-proposed = Proposed

page-network-facts = About this network
page-network-archived = This network is closed. You can read everything; nothing new is added.
page-network-proposed = This network is a proposal. It works already for those who take part, and officially begins once three people and a coordinator do.
page-network-without-coordinator = This network has no coordinator now. Members can choose one.
page-led = Led by
page-led-by-experts = Experts by experience, says who started it
page-municipalities = Municipalities
page-themes = Subjects
page-crpd = UN Convention (CRPD)
page-articles = Article { $articles }
page-people = Taking part
page-join-open = Anyone may join.
page-join-request = Who wants to join asks a coordinator.
page-join-invitation = Members are invited.
page-join-archived = Nobody can join any more.
page-seeking = The network is looking for people.
page-seeking-help = The network seeks help.
page-members-only = What is in this network is for its members.

page-elsewhere-thread = This conversation is of a network on { $host }. What members write here goes there.
page-elsewhere-document = This document is of a network on { $host }. Here is a copy.
page-elsewhere-person = This person belongs to { $host }.
page-elsewhere-person-read = Go to the page on { $host }.
page-elsewhere-read = Read on at { $host }.
page-on-host = on { $host }
page-members-known = { $count ->
    [one] { $count } member known here
   *[other] { $count } members known here
}

page-threads = Conversations
page-threads-none = There are no conversations yet.
page-more-threads = Older conversations
page-pinned = Pinned
page-thread-locked = This conversation is closed. You can read it; no replies are added.
page-thread-deleted = Deleted conversation
page-thread-deleted-text = What began this conversation was deleted. The replies to it are still here.
page-edited = changed later
page-replies = { $count ->
    [0] No replies yet
    [one] { $count } reply
   *[other] { $count } replies
}
page-replies-none = Nobody has replied to this conversation yet.
page-replies-earlier = Earlier replies
page-replies-later = Next replies
page-reply-deleted = This reply was deleted.
page-answers = answers { $name }
page-reply-to-deleted = somebody, in a deleted reply
page-reply-to-earlier = somebody, on another page
page-reaction-thanks = { $count ->
    [one] { $count } thank you
   *[other] { $count } thank yous
}
page-reaction-recognise = { $count ->
    [one] { $count } person recognises this
   *[other] { $count } people recognise this
}
page-reaction-more = { $count ->
    [one] { $count } person wants to know more
   *[other] { $count } people want to know more
}
page-role-coordinator = coordinator
page-role-facilitator = facilitator
page-expert = expert by experience
page-capacity-official = official
page-capacity-organisation = for an organisation
page-capacity-relative = relative
page-capacity-professional = professional
page-capacity-volunteer = volunteer
page-file-for-members = Members who are signed in can open it.
page-file-undescribed = Nobody has described yet what can be seen in this image.

page-table = Table
page-documents = Documents
page-more-documents = More documents
page-changed = changed on
page-kind-plan = Plan
page-kind-guide = Guide
page-kind-minutes = Minutes
page-kind-note = Note
page-files = Files
page-outline = In this document
page-revision = Version { $number }
page-revisions = { $count ->
    [one] { $count } version
   *[other] { $count } versions
}
page-all-revisions = All versions
page-revisions-of = Versions of { $title }
page-revisions-lead = Each time somebody saved this document, the text from before was kept.
page-more-revisions = Earlier versions
page-revision-earlier = This is an earlier version. The newest is version { $newest }.
page-revision-newest = To the newest version
page-revision-restored = brought back from version { $number }

page-card = People in a circle
page-of-network = { $kind } of the network
page-written-by = Written by
page-first-written = First version
page-last-changed = Last changed
page-revision-small = version { $number }
page-about-document = About this document
page-proof = Who wrote this
page-address = Address
page-source = Source
page-source-title = The text as Markdown

page-feed = What is new as an Atom feed
page-feed-title = New: { $title }
page-municipalities-title = Municipalities
page-municipalities-lead = These municipalities have a network, a plan or another document that everyone may read.
page-municipalities-none = Nothing has been written about any municipality yet.
page-municipality-title = Municipality of { $name }
page-municipality-lead = Networks, plans and other documents about { $name }.
page-municipality-empty = There is nothing here about this municipality yet.
page-municipality-merged = This municipality became part of:
page-municipality-choice = Which municipality do you mean?
page-plans = Plans
page-more-plans = More plans
page-other-documents = Other documents
page-networks-count = { $count ->
    [one] { $count } network
   *[other] { $count } networks
}

page-licence = Licence
page-adopted-by = Adopted by
page-adopted-count = In all, this document was adopted { $count } times.
page-by-network = by the network
page-adoptions = Adopted from others
page-more-adoptions = Adopted earlier
page-adopted-from = Adopted from
page-adopted-source = The source as it is now:

page-person-closed = This account was closed. What this person wrote is still in the networks.
page-municipality = Municipality
page-languages-spoken = Languages
page-language-dutch = Dutch
page-language-english = English
page-person-since = Takes part since

page-mailbox = Mailbox of this server
page-mailbox-lead = This is what Kring would have mailed. The mailbox is there for trying out and developing only, and on this computer only.
page-mailbox-empty = Nothing was mailed yet.
page-mail-to = To { $to }
page-mail-ways = Ways to see this mail
page-mail-html = Formatted
page-mail-text = Text only
page-mail-source = As sent
page-mail-content = Content of the mail
page-plain = In short
