"""The style sheet: what a palette cannot say. Roles are set with `theme.set_role`."""

import re

from ozon_desktop.paths import resource
from ozon_desktop.ui.look.tokens import Tokens


def style_sheet(tokens: Tokens, scale: float = 1.0, row: int = 30) -> str:
    """The whole style sheet of a theme. row: the least height of rows in px.

    Sizes in pt and in sp (pixels that grow with the text) are for 10 pt text, times `scale`.
    """
    text = "\n".join(
        (_frame(tokens), _text(tokens), _buttons(tokens), _tool_buttons(tokens), _choices(tokens), _editors(tokens), _views(tokens, row))
    )
    text = re.sub(r"\b(\d+)sp\b", lambda found: f"{round(int(found[1]) * scale)}px", text)
    return re.sub(r"font-size: (\d+)pt", lambda found: f"font-size: {int(found[1]) * scale:g}pt", text)


def _icon(name: str, tokens: Tokens) -> str:
    return f'url("{resource("icons", f"{name}-{tokens.name}.svg").as_posix()}")'


def _frame(t: Tokens) -> str:
    return f"""
QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; padding: 4px 6px; }}
QMenuBar {{ background: {t.sidebar}; color: {t.text}; border-bottom: 1px solid {t.line}; }}
QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
QMenuBar::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QMenu {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 6px 28px 6px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QMenu::item:disabled {{ color: {t.secondary}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QFrame[role="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[role="tile"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 8px; }}
QFrame[role="line"] {{ background: {t.line}; border: none; }}
QFrame[role="skeleton"] {{ background: {t.hover}; border: none; border-radius: 4px; }}
QFrame[role="sidebar"] {{ background: {t.sidebar}; border: none; border-right: 1px solid {t.line}; }}
QFrame[role="message-info"] {{ background: {t.accent_soft}; border: 1px solid {t.accent_soft}; border-radius: 6px; }}
QFrame[role="message-good"] {{ background: {t.good_soft}; border: 1px solid {t.good_soft}; border-radius: 6px; }}
QFrame[role="message-attention"] {{ background: {t.attention_soft}; border: 1px solid {t.attention_soft}; border-radius: 6px; }}
QFrame[role="message-error"] {{ background: {t.error_soft}; border: 1px solid {t.error_soft}; border-radius: 6px; }}
QFrame[role="demo"] {{ background: {t.attention_soft}; border: none; }}
QScrollArea, QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; border: none; }}
QSplitter::handle {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }}
QScrollBar::handle:hover {{ background: {t.secondary}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _text(t: Tokens) -> str:
    badges = "\n".join(
        f'QLabel[role="badge-{name}"] {{ color: {color}; background: {ground}; border-radius: 9sp; padding: 2px 10px; '
        "font-size: 9pt; font-weight: 600; }"
        for name, color, ground in (
            ("good", t.good, t.good_soft),
            ("attention", t.attention, t.attention_soft),
            ("error", t.error, t.error_soft),
            ("accent", t.accent, t.accent_soft),
            ("neutral", t.text, t.hover),
        )
    )
    return f"""
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: 15pt; font-weight: 600; }}
QLabel[role="status-line"] {{ color: {t.secondary}; }}
QLabel[role="heading"] {{ font-size: 11pt; font-weight: 600; }}
QLabel[role="label"] {{ font-size: 9pt; font-weight: 500; }}
QLabel[role="cabinet-name"] {{ font-weight: 600; }}
QLabel[role="hint"] {{ color: {t.secondary}; font-size: 9pt; }}
QLabel[role="secondary"] {{ color: {t.secondary}; }}
QLabel[role="error"] {{ color: {t.error}; font-size: 9pt; }}
QLabel[role="good"] {{ color: {t.good}; }}
QLabel[role="attention"] {{ color: {t.attention}; }}
QLabel[role="failed"] {{ color: {t.error}; }}
QLabel[role="figure"] {{ color: {t.accent}; font-size: 16pt; font-weight: 600; }}
QLabel[role="figure-attention"] {{ color: {t.attention}; font-size: 16pt; font-weight: 600; }}
QLabel[role="figure-error"] {{ color: {t.error}; font-size: 16pt; font-weight: 600; }}
QLabel[role="figure-good"] {{ color: {t.good}; font-size: 16pt; font-weight: 600; }}
QFrame[role="message-info"] QLabel {{ color: {t.text}; }}
QFrame[role="message-good"] QLabel {{ color: {t.good}; }}
QFrame[role="message-attention"] QLabel {{ color: {t.attention}; }}
QFrame[role="message-error"] QLabel {{ color: {t.error}; }}
QFrame[role="demo"] QLabel {{ color: {t.attention}; font-weight: 600; }}
QLabel[role="status-good"] {{ color: {t.good}; font-weight: 600; }}
QLabel[role="status-attention"] {{ color: {t.attention}; font-weight: 600; }}
QLabel[role="status-error"] {{ color: {t.error}; font-weight: 600; }}
QLabel[role="status-neutral"] {{ color: {t.text}; font-weight: 600; }}
QLabel[role="sidebar-secondary"] {{ color: {t.sidebar_secondary}; }}
{badges}
"""


def _choices(t: Tokens) -> str:
    """Radio buttons, options with a consequence, and words side by side."""
    return f"""
QRadioButton::indicator {{ width: 12sp; height: 12sp; border: 1px solid {t.secondary}; border-radius: 7sp; background: {t.surface}; }}
QRadioButton::indicator:checked {{ width: 6sp; height: 6sp; border: 4sp solid {t.accent}; }}
QPushButton[role="option"] {{ text-align: left; padding: 0; }}
QPushButton[role="option"]:checked {{ background: {t.accent_soft}; border: 1px solid {t.accent}; }}
QPushButton[role="option"]:focus {{ border: 2px solid {t.accent}; padding: 0; }}
QPushButton[role="segment"] {{ border-radius: 0; padding: 3px 12px; }}
QPushButton[role="segment"]:checked {{ color: {t.accent}; border: 1px solid {t.accent}; }}
QPushButton[role="segment"]:focus {{ border: 2px solid {t.accent}; padding: 2px 11px; }}
"""


def _buttons(t: Tokens) -> str:
    return f"""
QPushButton {{
    background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px; padding: 5px 14px; min-height: 18sp;
}}
QPushButton, QToolButton {{ outline: none; }}
QPushButton:hover {{ background: {t.hover}; }}
QPushButton:pressed, QPushButton:checked {{ background: {t.accent_soft}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: 4px 13px; }}
QPushButton:disabled {{ background: {t.background}; color: {t.secondary}; }}
QPushButton[role="primary"], QPushButton[role="run"] {{
    background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent}; font-weight: 600;
}}
QPushButton[role="primary"]:hover, QPushButton[role="run"]:hover {{ background: {t.accent_hover}; }}
QPushButton[role="primary"]:focus, QPushButton[role="run"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[role="primary"]:disabled, QPushButton[role="run"]:disabled {{
    background: {t.background}; color: {t.secondary}; border: 1px solid {t.line};
}}
QPushButton[narrow="true"] {{ padding: 5px 2px; }}
QPushButton[narrow="true"]:focus {{ padding: 4px 1px; }}
QPushButton[role="danger"] {{ color: {t.error}; }}
QPushButton[role="danger"]:disabled {{ color: {t.secondary}; }}
QPushButton[role="link"] {{
    background: transparent; border: 1px solid transparent; color: {t.accent}; padding: 1px 4px; font-size: 9pt; min-height: 14sp;
}}
QPushButton[role="link"]:hover {{ text-decoration: underline; }}
QPushButton[role="link"]:focus {{ border: 1px solid {t.accent}; border-radius: 4px; }}
QPushButton[role="link"]:disabled {{ color: {t.secondary}; }}
QPushButton[role="step"] {{ background: transparent; border: 1px solid transparent; text-align: left; padding: 2px 4px; }}
QPushButton[role="step"]:hover {{ background: {t.hover}; }}
QPushButton[role="step"]:focus {{ border: 1px solid {t.accent}; }}
QPushButton[role="step-waiting"] {{
    background: transparent; border: 1px solid transparent; text-align: left; padding: 2px 4px; color: {t.secondary};
}}
QPushButton[role="step-waiting"]:hover {{ background: {t.hover}; }}
QPushButton[role="step-waiting"]:focus {{ border: 1px solid {t.accent}; }}
QAbstractButton[role="nav"] {{
    background: transparent; border: 2px solid transparent; border-radius: 6px; text-align: left; padding: 6px 10px; color: {t.text};
}}
QAbstractButton[role="nav"]:hover {{ background: {t.hover}; }}
QAbstractButton[role="nav"]:checked {{ background: {t.accent_soft}; color: {t.accent}; font-weight: 600; }}
QAbstractButton[role="nav"]:focus {{ border: 2px solid {t.accent}; }}
"""


def _tool_buttons(t: Tokens) -> str:
    return f"""
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 3px; color: {t.text}; }}
QToolButton:hover {{ background: {t.hover}; }}
QToolButton:focus {{ border: 1px solid {t.accent}; }}
QToolButton:checked {{ background: {t.accent_soft}; }}
QToolButton[role="slim"] {{ padding: 0 3px; }}
QToolButton[role="cabinet"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 6px; }}
QToolButton[role="cabinet"]:focus {{ border: 2px solid {t.accent}; }}
QToolButton::menu-indicator {{ image: none; }}
"""


def _editors(t: Tokens) -> str:
    names = ("QLineEdit", "QComboBox", "QPlainTextEdit", "QTextEdit", "QSpinBox", "QDoubleSpinBox", "QDateEdit")
    fields = ", ".join(names)
    wrong = ", ".join(f'{name}[state="error"]' for name in names)
    focused = ", ".join(f"{name}:focus" for name in names)
    disabled = ", ".join(f"{name}:disabled" for name in names)
    return f"""
{fields} {{
    background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; border-radius: 6px; padding: 5px 8px; min-height: 18sp;
    selection-background-color: {t.accent}; selection-color: {t.on_accent};
}}
{focused} {{ border: 2px solid {t.accent}; padding: 4px 7px; }}
{disabled} {{ background: {t.background}; color: {t.secondary}; }}
{wrong} {{ border: 1px solid {t.error}; padding: 5px 8px; }}
QLineEdit[state="error"]:focus, QComboBox[state="error"]:focus {{ border: 2px solid {t.error}; padding: 4px 7px; }}
QLineEdit[role="cell"] {{ border-radius: 0; padding: 0 6px; }}
QComboBox::drop-down {{ border: none; width: 24sp; }}
QComboBox::down-arrow {{ image: {_icon("chevron-down", t)}; width: 12sp; height: 12sp; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox QAbstractItemView, QComboBox QAbstractItemView:focus {{
    background: {t.surface}; color: {t.text}; border: 1px solid {t.line}; border-radius: 0; padding: 0; outline: none;
    selection-background-color: {t.accent_soft}; selection-color: {t.text};
}}
QComboBox QAbstractItemView::item {{ min-height: 30sp; padding-left: 5px; }}
QCheckBox, QRadioButton {{ background: transparent; spacing: 8px; border: 1px solid transparent; border-radius: 4px; padding: 2px; }}
QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {t.accent}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {t.secondary}; }}
QCheckBox::indicator, QAbstractItemView::indicator {{
    width: 14sp; height: 14sp; border: 1px solid {t.secondary}; border-radius: 3px; background: {t.surface};
}}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{
    border: 1px solid {t.accent}; background: {t.accent}; image: {_icon("check", t)};
}}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {{
    border: 1px solid {t.accent}; background: {t.accent_soft};
}}
QCheckBox::indicator:disabled {{ border: 1px solid {t.line}; background: {t.background}; }}
QProgressBar {{ background: {t.line}; border: none; border-radius: 4px; text-align: center; max-height: 8sp; min-height: 8sp; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 4px; }}
"""


def _views(t: Tokens, row: int) -> str:
    return f"""
QTreeView, QTableView, QListView {{
    background: {t.surface}; alternate-background-color: {t.surface}; color: {t.text}; border: none; outline: none;
    gridline-color: {t.line};
    selection-background-color: {t.accent_soft}; selection-color: {t.text};
}}
QTreeView[role="boxed"], QTableView[role="boxed"], QListView[role="boxed"] {{ border: 1px solid {t.line}; border-radius: 6px; }}
QTreeView:focus, QTableView:focus, QListView:focus {{ border: 1px solid {t.accent}; border-radius: 4px; }}
QTreeView::item, QTableView::item, QListView::item {{ min-height: {row}px; border: none; }}
QTreeView::item:hover, QListView::item:hover {{ background: {t.background}; color: {t.text}; }}
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected {{ background: {t.accent_soft}; color: {t.text}; }}
QTreeView::item:selected:active:focus, QTableView::item:focus {{ border: 1px solid {t.accent}; }}
QTreeView::branch {{ background: transparent; }}
QTreeView::branch:has-children:closed {{ image: {_icon("branch-closed", t)}; }}
QTreeView::branch:has-children:open {{ image: {_icon("branch-open", t)}; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{ background: {t.surface}; color: {t.secondary}; border: none; border-bottom: 1px solid {t.line}; padding: 6px 6px; }}
QTableCornerButton::section {{ background: {t.surface}; border: none; }}
QTabBar::tab {{ background: transparent; color: {t.secondary}; padding: 6px 12px; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {t.accent}; border-bottom: 2px solid {t.accent}; }}
QTabBar {{ outline: none; }}
QTabBar::tab:focus {{ border: 1px solid {t.accent}; border-bottom: 2px solid {t.accent}; border-radius: 4px; padding: 5px 11px 6px 11px; }}
QTabWidget::pane {{ border: none; }}
"""
