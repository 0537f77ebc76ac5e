"""The exceptions of toxvol; the C++ side raises them by name."""


class Error(RuntimeError):
    """A job cannot go on: one line that says what, where, the value, and what to do."""


class UsageError(Error, ValueError):
    """A wrong argument: an unknown key, a value that cannot be."""


Error.__module__ = UsageError.__module__ = "toxvol"
