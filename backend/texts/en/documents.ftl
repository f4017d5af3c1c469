# Documents: licences, and where they come from.

licence-all-rights-reserved = All rights reserved
