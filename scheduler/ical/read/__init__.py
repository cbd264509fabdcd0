"""Read iCalendar and CSV calendars into busy and unknown time."""
