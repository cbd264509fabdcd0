"""Lists of members in spreadsheets, and the first problem document that is made of one."""
