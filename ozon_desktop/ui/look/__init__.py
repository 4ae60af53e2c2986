"""How the window looks: tokens of colour, the theme, the style sheet."""
