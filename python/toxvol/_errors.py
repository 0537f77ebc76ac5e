"""The exceptions of toxvol; the C++ side raises them by name, in the words of the command.

Those words name long options. Here each becomes the keyword that a person in Python has typed.
"""

import re

FLAGS = ("deep", "force", "strict", "zip")  # options without a value
_WORDS = ("preset", "plant", "groups")  # options whose value may stand in the middle of a sentence
_VERBS = {"try": "try_folder", "catalog view": "catalog_view"}
_VERBS |= {f"config {name}": f"config_{name}" for name in ("show", "explain", "check")}


class Error(RuntimeError):
    """A job cannot go on: one line that says what, where, the value, and what to do.

    `code` says what kind of thing went wrong, for programs that react to it: `usage`, `config`,
    `not_found`, `exists`, `busy`, `empty`, `corrupt`, `io`, or `failed` for anything else (docs/python.md).
    """

    def __init__(self, text: str, code: str = "failed") -> None:
        super().__init__(text)
        self.code = code

    def __reduce__(self) -> tuple[type["Error"], tuple[str, str]]:
        return type(self), (str(self), self.code)


class UsageError(Error, ValueError):
    """A wrong argument: an unknown key, a value that cannot be."""

    def __init__(self, text: str, code: str = "usage") -> None:
        super().__init__(text, code)


Error.__module__ = UsageError.__module__ = "toxvol"


def made(name: str, text: str, code: str) -> Error:
    """The exception `name` of the command's line."""
    kind = UsageError if name == "UsageError" else Error
    return kind(in_python(text), code)


def in_python(text: str) -> str:
    """A line of the command with keywords for its options: `--from 1` is `from_=1`."""
    text = re.sub(r"`toxvol ((?:config |catalog )?[a-z]+)([^`]*)`", _call, text)
    text = re.sub(r"with: toxvol (ingest)( .*)$", lambda m: "with: " + _call(m), text)
    text = re.sub(r"\(toxvol (ingest)( [^)]*)\)", lambda m: f"({_call(m)})", text)
    text = re.sub(r"^(?:--[a-z-]+ [^\s,:]+ )*--set ([^=\s]+)=(.*?)(?=: )", _set, text)
    text = re.sub(r"(?<![\w/-])--set ([\w.]+)=(\S+?)(?=[,;:.)]*(?:\s|$))", _set, text)
    text = re.sub(r"(?<![\w/-])--set ([a-z_]+\.\w+)", r'set={"\1": …}', text)
    # Before a colon a value follows, at the beginning or after a path; elsewhere only what looks so.
    text = re.sub(
        r"(?:^|(?<=: ))(?:--[a-z-]+ [^\s,]+ )*--[a-z-]+ [^\s,]+?(?=: )",
        lambda m: re.sub(r"--([a-z-]+) (\S+)", lambda o: f"{keyword(o[1])}={o[2]}", m[0]),
        text,
    )
    text = re.sub(
        rf"(?<![\w/-])--({'|'.join(_WORDS)}) ([a-z]\w*)",
        lambda m: f'{keyword(m[1])}="{m[2]}"',
        text,
    )
    text = re.sub(
        r"(?<![\w/-])--([a-z][a-z-]*) (/\S*?|[A-Z]+)(?=[,;:.)]*(?:\s|$))",
        lambda m: f"{keyword(m[1])}={m[2]}",
        text,
    )
    return re.sub(r"(?<![\w/-])--([a-z][a-z-]*)", _bare, text)


def keyword(option: str) -> str:
    """`klines-only-days` → `klines_only_days`; `from` is a word of Python's."""
    return "from_" if option == "from" else option.replace("-", "_")


def _bare(match: re.Match[str]) -> str:
    return keyword(match[1]) + ("=True" if match[1] in FLAGS else "=")


def _set(match: re.Match[str]) -> str:
    before = match[0][: match[0].index("--set")]
    value = {"true": "True", "false": "False"}.get(match[2], match[2])
    if not re.fullmatch(r"True|False|[-+.\d].*|[\"\[].*", value):
        value = f'"{value}"'
    return f'{before}set={{"{match[1]}": {value}}}'


def _call(match: re.Match[str]) -> str:
    """`toxvol ingest RAW --catalog DIR` → `toxvol.ingest(RAW, catalog=DIR)`"""
    verb = _VERBS.get(match[1], match[1])
    arguments = []
    for word in match[2].split():
        if word.startswith("--"):
            arguments.append(keyword(word[2:]) + "=" + ("True" if word[2:] in FLAGS else ""))
        elif arguments and arguments[-1].endswith("="):
            arguments[-1] += word
        else:
            arguments.append(word)
    call = f"toxvol.{verb}({', '.join(arguments)})"
    return f"`{call}`" if match[0].startswith("`") else call
