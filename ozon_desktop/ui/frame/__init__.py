"""The frame of the window: sidebar, menus, messages, tray, and the windows that belong to no page."""
