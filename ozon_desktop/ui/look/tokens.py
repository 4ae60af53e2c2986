"""Every colour of the window by name, for light and dark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tokens:
    """Named colours of one theme, as #RRGGBB. `*_soft` are grounds for the colour of the same name."""

    name: str
    background: str
    surface: str
    sidebar: str
    line: str
    text: str
    secondary: str
    sidebar_secondary: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    good: str
    good_soft: str
    attention: str
    attention_soft: str
    error: str
    error_soft: str
    hover: str


# The design names 1B7F4B for good, 667085 for secondary text and E4E8EF for hover: on soft grounds, selected rows and the sidebar they
# miss 4.5 : 1.
LIGHT = Tokens(
    name="light",
    background="#F6F7F9",
    surface="#FFFFFF",
    sidebar="#EEF0F4",
    line="#DDE1E8",
    text="#1B2330",
    secondary="#5D6779",
    sidebar_secondary="#596377",
    accent="#2457D6",
    accent_hover="#1C48B8",
    accent_soft="#E6EDFD",
    on_accent="#FFFFFF",
    good="#1A7947",
    good_soft="#E3F4EA",
    attention="#9A5B00",
    attention_soft="#FDF1DC",
    error="#B42318",
    error_soft="#FDE8E6",
    hover="#E7EBF1",
)

DARK = Tokens(
    name="dark",
    background="#14171C",
    surface="#1C2027",
    sidebar="#181B21",
    line="#2C323C",
    text="#E7EAF0",
    secondary="#98A2B3",
    sidebar_secondary="#98A2B3",
    accent="#7BA2FF",
    accent_hover="#97B6FF",
    accent_soft="#22304F",
    on_accent="#14171C",
    good="#63C28F",
    good_soft="#173325",
    attention="#E5AE57",
    attention_soft="#3A2C14",
    error="#FF8A80",
    error_soft="#43201D",
    hover="#262C36",
)
