"""The tools of the strip, in its order."""

from widgets.live_wire_tool import LiveWireTool
from widgets.smart_tool import SmartTool
from widgets.tools import TOOLS, Tool

TOOLBOX: tuple[type[Tool], ...] = (*TOOLS, SmartTool, LiveWireTool)
