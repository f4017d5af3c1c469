# Documents: licences, and where they come from.

licence-all-rights-reserved = All rights reserved

attribution-plan = This plan was adopted from “{ $title }” (revision { $revision }), written in the network { $network } by { $authors }.
attribution-guide = This guide was adopted from “{ $title }” (revision { $revision }), written in the network { $network } by { $authors }.
attribution-minutes = These minutes were adopted from “{ $title }” (revision { $revision }), written in the network { $network } by { $authors }.
attribution-note = This note was adopted from “{ $title }” (revision { $revision }), written in the network { $network } by { $authors }.
attribution-origin = That began as “{ $title }”, written in the network { $network } by { $authors }.
attribution-licence = Licence: { $licence }, { $url }.
attribution-changed = It was changed here since.
attribution-place = { $network } at { $host }
attribution-and = { $some } and { $last }
attribution-more = { $count } others
attribution-somebody = its members
variant-easyRead = Easy to read
variant-translation = Translation
upstream-current = Nothing in the source is new since revision { $revision }.
upstream-behind = The source has changed { $count ->
    [one] once
   *[other] { $count } times
} since this document was last brought up to date with it.
upstream-unavailable = The source cannot be read here: it may be hidden now, or gone. This document stays, and so does the credit.

page-variants = The same in other words
page-variant-of-easyRead = This is easy to read. It tells what stands in:
page-variant-of-translation = This is a translation of:
page-variant-stale = That was changed { $count ->
    [one] once
   *[other] { $count } times
} since. What you read here may be out of date.
