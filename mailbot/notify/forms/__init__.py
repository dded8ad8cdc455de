"""The council's own forms: what they ask as a value, and that value as a Word file that ``parse`` reads back exactly."""
