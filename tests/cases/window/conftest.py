"""The Label tab in a window, with the parts that the tests of the window stand on."""

from tests.app.conftest import desk as desk
from tests.app.conftest import show_tab as show_tab
