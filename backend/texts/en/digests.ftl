# The digest that comes by mail, and the pages that belong to it.

digest-heading = New in your networks
digest-greeting = Hello { $name },
digest-intro = This is new for you: { $amount }.
digest-waiting-heading = This waits for you
digest-waiting-mention = { $who } mentions you
digest-waiting-answer = { $who } answers you
digest-waiting-invitation = You are invited to this network
digest-waiting-requests = { $count ->
    [one] 1 person asks to join
   *[other] { $count } people ask to join
}
digest-home-silent = The server of this network, { $host }, has not answered since { $day }. Everything can still be read here. What is newly written here is kept, and sent when the server is back.
digest-home-may-continue = You are a coordinator: you can now continue the network here.
digest-waiting-more = { $count ->
    [one] And there is 1 more.
   *[other] And there are { $count } more.
}
digest-help-heading = Help with networks
digest-help-offered = { $who } offers help that fits your network
digest-help-sought = This network seeks help, and your offer fits
digest-help-sought-with = This network seeks help with { $themes }, and your offer fits
digest-documents-heading = Plans and documents
digest-threads-heading = Conversations

digest-documents = { $count ->
    [one] 1 document
   *[other] { $count } documents
}
digest-threads = { $count ->
    [one] 1 conversation
   *[other] { $count } conversations
}
digest-two = { $one } and { $two }
digest-people = { $one }, { $two } and others
digest-somebody = somebody

digest-in-one = New in { $network }
digest-in-many = New in { $network } and { $others ->
    [one] 1 other network
   *[other] { $others } other networks
}
digest-until = New in your networks, until { $day }
digest-and-more = { $lead }, and { $more }

digest-new-plan = New plan, by { $who }
digest-new-guide = New guide, by { $who }
digest-new-minutes = New minutes, by { $who }
digest-new-note = New note, by { $who }
digest-changed-plan = Plan, changed { $count ->
    [one] once
   *[other] { $count } times
} by { $who }
digest-changed-guide = Guide, changed { $count ->
    [one] once
   *[other] { $count } times
} by { $who }
digest-changed-minutes = Minutes, changed { $count ->
    [one] once
   *[other] { $count } times
} by { $who }
digest-changed-note = Note, changed { $count ->
    [one] once
   *[other] { $count } times
} by { $who }
digest-changed-since = { $new }, then changed { $count ->
    [one] once
   *[other] { $count } times
}

digest-adopted = Adopted by { $network }, for { $place }
digest-source_moved = What it was adopted from changed { $count ->
    [one] once
   *[other] { $count } times
}, in { $network }

digest-new-thread = New conversation by { $who }
digest-new-thread-answered = New conversation by { $who }, with { $count ->
    [one] 1 reply
   *[other] { $count } replies
}
digest-replies = { $count ->
    [one] 1 new reply
   *[other] { $count } new replies
}
digest-replies-by = { $count ->
    [one] 1 new reply, by { $who }
   *[other] { $count } new replies, the last by { $who }
}

digest-without-coordinator = This network has no coordinator. You can choose one.
digest-without-coordinator-by-mail = This network has no coordinator. Full members can choose one. You can become a full member with the link in your mail.
digest-without-coordinator-others = This network has no coordinator. Full members can choose one.
digest-more = And { $more } more.
digest-only-more = Something is new here too: { $more }.
digest-all-of = Read everything in { $network }

digest-online = Read this digest in your browser
digest-links = The links in this mail let you read without signing in, for 60 days. Do not pass them on.
digest-links-frontend = This link lets you read the digest without signing in, for 60 days. Do not pass it on.
digest-why = You get this mail because you are a member of a network at { $instance }. When there is something new, the digest comes { $often }.
digest-often-weekly = every week
digest-often-daily = every day
digest-often-fortnightly = every two weeks
digest-often-off = no more
digest-change = Choose how often and when it comes
digest-stop = Do not send me this digest any more

digest-page-nothing = There is nothing left to read here: it was removed, or you are no longer a member of the network.

digest-page-stop = Stop the digest
digest-page-stop-text = Do you want no more digests from { $instance }? Then press the button. You stay a member of your networks.
digest-page-stop-button = Do not send me this digest any more
digest-page-stopped = You get no more digests
digest-page-stopped-text = You stay a member of your networks at { $instance }. You can turn the digest on again at any time.
digest-page-again = Want the digest after all? Choose how often
digest-page-wish = When do you want the digest?
digest-page-wish-text = The digest tells by mail what is new in your networks at { $instance }. When nothing is new, no mail comes.
digest-page-frequency = How often
digest-page-daily = Every day
digest-page-weekly = Every week
digest-page-fortnightly = Every two weeks
digest-page-off = Not at all
digest-page-weekday = On which day
digest-page-hour = At what time
digest-page-zone = In which time zone
digest-page-save = Save
digest-page-saved = Saved
digest-page-saved-text = You get the digest of { $instance } as you chose.
digest-page-daily-day = The day does not matter when the digest comes every day.
digest-monday = Monday
digest-tuesday = Tuesday
digest-wednesday = Wednesday
digest-thursday = Thursday
digest-friday = Friday
digest-saturday = Saturday
digest-sunday = Sunday
