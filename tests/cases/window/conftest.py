"""The Label tab in a window, with the parts that the tests of the window stand on."""

from tests.app.conftest import context as context
from tests.app.conftest import show_tab as show_tab
