"""Mutants that mean the same as what they were, so that no test could tell them apart: room -> mutant -> why."""

_EMPTY = "an empty piece holds no word and is passed over"
_UNUSED = "a size without a name is never used"

EQUIVALENT: dict[str, dict[str, str]] = {
    "kg/question.py": {
        r"""_PIECE: '(?:(?<=\\s)|^)(-?)"([^"]*)"|(\\S+)' -> '(?:(?<=\\s)|^)(-?)"([^"]*)"|(\\S*)'""": _EMPTY,
        r"read_question: '\\s\\S*\\Z' -> '\\s\\S+\\Z'": "what is left is cut to its length after that, and a space at its end is no word",
        "_longest: 0 -> -1": "no name has no words",
        "_longest: 0 -> 1'": _UNUSED,
        "_longest: 0 -> -1'": _UNUSED,
    },
    "webui/safety.py": {
        "_tell_http_error: 400 -> 399": "there is no status 399",
        "_tell_http_error: 500 -> 499": "Flask hands over no error without a status",
        "_tell_http_error: 500 -> 501": "Flask hands over no error without a status",
    },
    "webui/clients.py": {"_network: 19 -> 20": "one colon more, in every name"},
    "kg/strict_yaml.py": {
        "_Refused.__init__: super().__init__(what) -> pass": "what it tells stands in its place alone",
        "_place_of_character: 0 -> -1": "an error without a mark has a position",
        r"_forbidden: '\n\t' -> '\n\tX'": "X is no control character",
    },
}
