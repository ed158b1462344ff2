"""How officers work on cases together: undo, templates, macros, checklists, drafts, views, links."""
