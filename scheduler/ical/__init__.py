"""What goes in and out as iCalendar lives here: invitations, feeds and the reading of busy time."""
