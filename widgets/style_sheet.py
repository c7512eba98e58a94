"""The style sheet, a template filled with the colours of a theme. It holds shapes and measures, no colour of its own."""

from collections.abc import Mapping
from string import Template

from resources import path


def style_sheet(roles: Mapping[str, str]) -> str:
    """Qt style sheet from the colours by role. Arrows and ticks are files, one a theme, as style sheets cannot tint."""
    folder = path("icons/control").as_posix()
    return Template(_SHEET).substitute(roles, arrows=f"{folder}/{roles['name']}")


_SHEET = """
QMainWindow { background: $window; }
QDialog, QMessageBox { background: $panel; }
QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; }
QMainWindow::separator { background: $hairline; width: 1px; height: 1px; }
QSplitter::handle { background: $hairline; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QToolTip { background: $raised_more; color: $text; border: 1px solid $hairline; padding: 5px 8px; }
QAbstractScrollArea { background: $panel; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget#scroll { background: transparent; }

QLabel[role="dim"], QLabel[role="heading"] { color: $dim; }
QLabel[role="faint"] { color: $faint; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="accent"] { color: $accent; }
QLabel[role="train"] { color: $train; }
QLabel[role="val"] { color: $val; }
QLabel[role="test"] { color: $test; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="title"] { font-size: 18px; font-weight: 600; }
QLabel[role="big"] { font-size: 28px; font-weight: 600; }
QLabel[role="key"] { background: $raised_more; color: $dim; border: 1px solid $hairline; border-radius: 3px;
  padding: 0 5px; font-size: 11px; }
QLabel[role="note"] { background: $raised_more; color: $text; border: 1px solid $hairline; border-radius: 5px; padding: 5px 9px; }
QLabel:disabled { color: $faint; }

QFrame[role="panel"] { background: $panel; border: none; }
QFrame[role="sheet"] { background: $panel; border: 1px solid $hairline; }
QFrame[role="card"] { background: $raised; border: none; border-radius: 5px; }
QFrame[role="window"] { background: $window; border: none; }
QFrame[role="ground"] { background: $window; border: none; }
QFrame[role="ground"] QLineEdit, QFrame[role="ground"] QPushButton[role=""], QFrame[role="ground"] QPushButton[role="chip"] { background: $raised_more; }
QFrame[role="ground"] QPushButton[role="chip"]:checked { background: $accent_ground; }
QFrame[role="scan"] { background: $scan; border: none; }
QFrame[role="hairline"] { background: $hairline; border: none; }
QFrame[role="strip"] { background: $raised; border: none; border-left: 3px solid $accent; }
QFrame[role="strip"][kind="good"] { border-left-color: $good; }
QFrame[role="strip"][kind="warn"] { border-left-color: $warn; }
QFrame[role="strip"][kind="bad"] { border-left-color: $bad; }
QFrame[role="veil"] { background: $window; border: 2px dashed $accent; border-radius: 8px; }
QFrame[role="drop"] { background: transparent; border: 1px dashed $faint; border-radius: 5px; }

QPushButton { background: $raised; color: $text; border: 2px solid transparent; border-radius: 5px;
  padding: 0 12px; min-height: 24px; font-weight: 500; }
QPushButton:hover { background: $raised_more; }
QPushButton:pressed, QPushButton:checked { background: $accent_ground; }
QPushButton:checked { color: $accent; }
QPushButton:focus { border-color: $accent; outline: none; }
QPushButton:disabled { color: $faint; background: $raised; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; min-height: 32px; font-size: 14px; }
QPushButton[role="primary"]:hover { background: $train; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $raised; color: $faint; }
QPushButton[keyed="true"] { padding: 0 26px 0 8px; }
QPushButton[role="large"] { min-height: 32px; }
QPushButton[role="raised"] { background: $raised_more; text-align: left; }
QPushButton[role="quiet"], QPushButton[role="link"], QPushButton[role="line"] { background: transparent; }
QPushButton[role="quiet"]:hover { background: $raised; }
QPushButton[role="link"], QPushButton[role="line"] { color: $accent; padding: 0 4px; }
QPushButton[role="line"] { min-height: 18px; }
QPushButton[role="choice"] { background: $raised_more; min-height: 32px; }
QPushButton[role="choice"]:focus { border-color: $accent; }
QPushButton[role="danger"] { color: $bad; }
QPushButton::menu-indicator { image: url("$arrows-down.svg"); width: 12px; right: 6px; subcontrol-position: right center; }

QFrame[role="top"] { background: $window; border: none; border-bottom: 1px solid $hairline; }
QFrame[role="status"] { background: $window; border: none; border-top: 1px solid $hairline; }
QPushButton[role="tab"] { background: transparent; color: $dim; border: 2px solid transparent; border-radius: 0;
  padding: 0 12px; font-weight: 400; }
QPushButton[role="tab"]:hover { background: $raised; }
QPushButton[role="tab"]:checked { color: $text; border-bottom-color: $accent; font-weight: 500; }
QPushButton[role="tab"]:focus { border-color: $accent; border-radius: 5px; }
QPushButton[role="title"] { background: transparent; padding: 0 20px 0 2px; font-weight: 600; }
QPushButton[role="title"]:hover { background: $raised; }

QFrame[role="segments"] { background: $raised; border: none; border-radius: 5px; }
QPushButton[role="segment"] { background: transparent; color: $dim; min-height: 20px; margin: 2px; padding: 0 9px; border-radius: 4px; font-weight: 400; }
QPushButton[role="segment"]:hover { color: $text; }
QPushButton[role="segment"]:checked { background: $accent_ground; color: $accent; font-weight: 500; }
QPushButton[role="segment"]:focus { border-color: $accent; }
QPushButton[role="segment"]:disabled { color: $faint; }
QPushButton[role="chip"] { background: $raised; color: $dim; min-height: 18px; padding: 0 4px; border-radius: 11px; font-size: 12px; font-weight: 400; }
QPushButton[role="chip"]:hover { color: $text; }
QPushButton[role="chip"]:checked { background: $accent_ground; color: $accent; }
QPushButton[role="chip"]:focus { border-color: $accent; }

QToolButton { background: transparent; color: $text; border: 2px solid transparent; border-radius: 5px; padding: 1px; }
QToolButton:hover { background: $raised; }
QToolButton:pressed, QToolButton:checked { background: $accent_ground; }
QToolButton:checked { color: $accent; }
QToolButton:focus { border-color: $accent; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; }
QToolBar { background: $panel; border: none; spacing: 4px; padding: 4px; }
QToolBar::separator { background: $hairline; width: 1px; height: 1px; margin: 6px; }

QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit, QKeySequenceEdit {
  background: $raised; color: $text; border: 2px solid transparent; border-radius: 5px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 24px; padding: 0 8px; }
QTextEdit, QPlainTextEdit { padding: 4px 6px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"] { border-color: $bad; }
QAbstractSpinBox { padding-right: 20px; qproperty-alignment: 'AlignRight | AlignVCenter'; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none; padding: 0; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { background: transparent; border: none; width: 18px; subcontrol-origin: border; right: 3px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; top: 3px; height: 11px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; bottom: 3px; height: 11px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $raised_more; border-radius: 2px; }
QAbstractSpinBox::up-arrow { image: url("$arrows-up.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$arrows-down.svg"); width: 10px; height: 10px; }
QLineEdit[role="bare"] { background: transparent; padding: 0 2px; min-height: 20px; color: $dim; }
QLineEdit[role="bare"]:hover, QLineEdit[role="bare"]:focus { background: $raised; color: $text; }
QLineEdit[role="bare"]:disabled { color: $faint; }
QAbstractSpinBox[role="bare"] { background: transparent; padding: 0 2px; min-height: 20px; }
QAbstractSpinBox[role="bare"]:hover, QAbstractSpinBox[role="bare"]:focus { background: $raised; }
QAbstractSpinBox[role="bare"]::up-button, QAbstractSpinBox[role="bare"]::down-button { width: 0; right: 0; }
QAbstractSpinBox[role="bare"]::up-arrow, QAbstractSpinBox[role="bare"]::down-arrow { image: none; width: 0; }
QComboBox { combobox-popup: 0; padding-right: 2px; }
QComboBox:hover { background: $raised_more; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("$arrows-down.svg"); width: 14px; height: 14px; }
QComboBox[unsaid="true"] { color: $warn; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $hairline; outline: 0; padding: 3px;
  selection-background-color: $accent_ground; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }

QCheckBox, QRadioButton { spacing: 9px; border: 2px solid transparent; border-radius: 5px; padding: 2px; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QAbstractItemView::indicator { width: 14px; height: 14px; border-radius: 4px; border: 1px solid $faint; background: $raised; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { border-color: $accent; background: $accent; image: url("$arrows-check.svg"); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate { border-color: $accent; background: $accent; image: url("$arrows-dash.svg"); }
QCheckBox::indicator:disabled { border-color: $hairline; background: $raised; }
QRadioButton::indicator { width: 14px; height: 14px; border-radius: 8px; border: 1px solid $faint; background: $raised; }
QRadioButton::indicator:checked { width: 8px; height: 8px; border: 4px solid $accent; background: $on_accent; }

QSlider { min-height: 20px; border: 2px solid transparent; border-radius: 5px; }
QSlider:focus { border-color: $accent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $raised_more; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; height: 4px; }
QSlider::handle:horizontal { background: $knob; border: 1px solid $faint; width: 12px; height: 12px; margin: -5px 0; border-radius: 7px; }
QSlider::sub-page:horizontal:disabled { background: $faint; }
QSlider::groove:vertical { width: 4px; border-radius: 2px; background: $raised_more; }
QSlider::handle:vertical { background: $knob; border: 1px solid $faint; width: 12px; height: 12px; margin: 0 -5px; border-radius: 7px; }

QProgressBar { background: $raised_more; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $raised_more; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page, QAbstractScrollArea::corner { background: transparent; }

QListView, QTreeView, QTableView { background: $panel; alternate-background-color: $panel; border: none; outline: 0;
  gridline-color: transparent; selection-background-color: $accent_ground; selection-color: $text; }
QTableView::item, QTreeView::item, QListView::item { padding: 0 6px; border: none; }
QTreeView::item, QListView::item { padding: 7px 6px; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: $raised; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: $accent_ground; color: $text; }
QTableView QLineEdit, QListView QLineEdit, QTreeView QLineEdit { min-height: 0; padding: 0 4px; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url("$arrows-right.svg"); }
QTreeView::branch:has-children:open { image: url("$arrows-down.svg"); }
QHeaderView, QHeaderView::section { background: $panel; color: $dim; border: none; }
QHeaderView::section { padding: 0 6px; min-height: 28px; font-weight: 400; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url("$arrows-up.svg"); width: 10px; }
QHeaderView::down-arrow { image: url("$arrows-down.svg"); width: 10px; }
QTableView[role="ground"], QTableView[role="ground"] QHeaderView { background: $window; }
QTableView[role="ground"] QHeaderView::section { background: $window; border-bottom: 1px solid $hairline; }
QTableView[role="scores"] QHeaderView::section { padding: 0 2px; font-size: 12px; }
QTableView[role="facts"] QHeaderView::section:vertical { padding: 7px 10px 0 10px; font-size: 12px; border-top: 1px solid $hairline; }
QTableCornerButton::section { background: $panel; border: none; }

QTabWidget::pane { border: none; border-top: 1px solid $hairline; }
QTabBar { background: transparent; qproperty-drawBase: 0; qproperty-expanding: 0; }
QTabBar::tab { background: transparent; color: $dim; border: none; border-bottom: 2px solid transparent; padding: 0 17px; min-height: 40px; margin-top: 2px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; font-weight: 500; }
QTabBar::tab:focus { background: $raised; }
QTabBar::tab:disabled { color: $faint; }

QMenuBar { background: $window; color: $text; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 4px; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $raised; color: $text; border: 1px solid $hairline; padding: 4px; }
QMenu::item { background: transparent; padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_ground; }
QMenu::item:disabled { color: $faint; }
QMenu::right-arrow { image: url("$arrows-right.svg"); width: 12px; right: 6px; }
QMenu::icon { padding-left: 10px; }
QMenu::separator { background: $hairline; height: 1px; margin: 4px 8px; }
QStatusBar { background: $window; color: $dim; border-top: 1px solid $hairline; min-height: 25px; max-height: 25px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $dim; font-size: 12px; padding: 0 6px; }
QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: $panel; padding: 8px 12px; }
QGroupBox { border: none; margin-top: 22px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; color: $dim; }
"""
