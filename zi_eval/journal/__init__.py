"""Every change to a unit's file: records, the store, steps and undo, history."""
