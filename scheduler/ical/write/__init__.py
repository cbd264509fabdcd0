"""Write invitations and plan calendars as iCalendar."""
