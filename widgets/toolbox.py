"""The tools of the strip in its order, and those of its menu that measures."""

from widgets.live_wire_tool import LiveWireTool
from widgets.measure_tools import MEASURE_TOOLS
from widgets.smart_tool import SmartTool
from widgets.tools import TOOLS, Tool

__all__ = ["MEASURE_TOOLS", "TOOLBOX"]

TOOLBOX: tuple[type[Tool], ...] = (*TOOLS, SmartTool, LiveWireTool)
