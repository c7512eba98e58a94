"""Text as other programs save it: UTF-8 today, 16 bits by some spreadsheets and scripts on Windows, Windows' letters before."""

_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LEAST = 0.25  # of one byte in two, in text of 16 bits whose signs and numbers are Latin


def decoded(data: bytes) -> str:
    """The text, without the byte order mark; 16 bits without one are known by their zeros. What cannot be read is replaced; zeros
    that stay ("\\0" in the text) show that it is no text."""
    if data[:2] in _MARKS:
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        for encoding, zeros, others in (("utf-16-le", data[1::2], data[::2]), ("utf-16-be", data[::2], data[1::2])):
            if zeros.count(0) > _LEAST * len(zeros) and others.count(0) < _LEAST * zeros.count(0):
                return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
