"""The window as a manager has it: a screen, a window manager, a mouse and a keyboard, in a process of its own."""
