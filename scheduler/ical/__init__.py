"""Read busy time from iCalendar, and write invitations and calendar feeds."""
