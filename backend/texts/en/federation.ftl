# Networks that live on another server, move or are continued.

page-home-elsewhere = This network lives on { $host }. What you write here goes there, and from there to all members.
page-home-silent = The server of this network, { $host }, has not answered since { $since }. You can read everything and go on writing. What you write is kept, and sent when the server is back or when a coordinator continues the network somewhere else.
page-home-continued = This network is also continued as { $address }. What is here stays. Ask the coordinators where to go on writing.
page-home-waiting = waits for the server of the network

mail-home-subject-hidden = Something changed with a network of yours
mail-home-network = See the network
mail-home-why = You get this mail because you are a member of this network. Such a thing is rare.
mail-home-stop = Send me no more mails like this, and no digests
mail-home-may-continue-subject = { $network }: its server does not answer any more
mail-home-may-continue-text = The server where { $network } lives, { $place }, has not answered for { $days } days.

    You are a coordinator. You can continue the network here: everything that was written stays, with who wrote it, and members on other servers come along.

    Talk it over with the other coordinators if you can. Where two of you continue it, it goes on with the one who has been coordinator for longest.
mail-home-moved-subject = { $network } has moved
mail-home-moved-text = { $network } now lives on { $place }. You are still a member and need not do anything. Everything that was written is still there.
mail-home-continued-subject = { $network } is continued somewhere else
mail-home-continued-text = This server could not be reached for a long time. A coordinator has therefore continued { $network } as { $place }.

    What is here stays. You are a coordinator and can choose: to go on as it is, or to move the network there. Its members then come along.
# Other instances.

# Where members of a network are.

members-there-dormant = { $count ->
    [one] 1 member at { $host } gets nothing since { $day }. What is written waits for them.
   *[other] { $count } members at { $host } get nothing since { $day }. What is written waits for them.
}
members-there-dead = { $count ->
    [one] 1 member at { $host } gets nothing since { $day }. That is so long that what is written is not kept for them any more, until { $host } is heard of again.
   *[other] { $count } members at { $host } get nothing since { $day }. That is so long that what is written is not kept for them any more, until { $host } is heard of again.
}
members-there-blocked = { $count ->
    [one] 1 member at { $host } gets nothing: the network or the administrator chose to exchange nothing with { $host }.
   *[other] { $count } members at { $host } get nothing: the network or the administrator chose to exchange nothing with { $host }.
}
mail-home-returned-subject = Your text is back among your drafts: { $title }
mail-home-returned-refused = You wrote ‘{ $title }’ in { $network }. The server of this network, { $place }, did not take that text. Perhaps somebody else was first, or you may not write there any more.
mail-home-returned-overtaken = You changed ‘{ $title }’ in { $network }. But somebody else was first: on the server of this network, { $place }, there is a newer text now.
mail-home-returned-removed = You changed ‘{ $title }’ in { $network }. But the document has been taken away since.
mail-home-returned-unanswered = You changed ‘{ $title }’ in { $network }. The server of this network, { $place }, has not answered. So we do not wait for it any longer.
mail-home-returned-home-gone = You changed ‘{ $title }’ in { $network }. The server of this network, { $place }, has not answered for a long time. So we do not wait for it any longer.
mail-home-returned-moved = You changed ‘{ $title }’ in { $network }. The network has moved since, and we do not know whether your text still got there.
mail-home-returned-kept = Your text is not lost: it is among your drafts. Read what stands there now first, and then send your text again if it is still needed.
mail-home-returned-look = See what stands there now
