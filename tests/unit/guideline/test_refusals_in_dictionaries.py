"""Everything a dictionary, a value set or a profile cannot say, and the words an editor reads."""

import pytest

PLANTED = [
    pytest.param(
        "words.toml",
        "[next]",
        "[next",
        ["words.toml:1: malformed TOML: Expected ']' at the end of a table declaration. Mend the line."],
        id="malformed TOML",
    ),
    pytest.param(
        "findings.toml",
        'group = "course"\n\n[onset]',
        'group = "course"\ngrp = 1\n\n[onset]',
        ["findings.toml:32: an unknown key `grp`. Did you mean `group`?"],
        id="an unknown key",
    ),
    pytest.param(
        "findings.toml",
        'label = "Drooling"\n',
        "",
        ['findings.toml:23: `label` is missing. Write `label = "..."`.'],
        id="a missing key",
    ),
    pytest.param(
        "findings.toml",
        "[temperature]",
        "x = 1\n[temperature]",
        ["findings.toml:1: `x` stands outside a section. Put it under its `[id]`."],
        id="a number outside a section",
    ),
    pytest.param(
        "findings.toml",
        'kind = "date"',
        'kind = "day"',
        ["findings.toml:35: `kind` cannot be `day`. Known here: `yes-no`, `word`, `number`, `date`."],
        id="a kind that is none",
    ),
    pytest.param(
        "findings.toml",
        'label = "Drooling"',
        "label = 3",
        ['findings.toml:24: `label` is no text. Write it in quotes: `"..."`.'],
        id="a text that is a number",
    ),
    pytest.param(
        "findings.toml",
        "asked = false",
        'asked = "no"',
        ["findings.toml:45: `asked` is neither true nor false. Write `true` or `false`."],
        id="a truth that is a text",
    ),
    pytest.param(
        "findings.toml",
        'values = ["normal", "red", "pus"]',
        "values = 3",
        ["findings.toml:20: `values` is no list. Write `[...]`."],
        id="a list that is a number",
    ),
    pytest.param(
        "findings.toml",
        'values = ["normal", "red", "pus"]\n',
        "",
        [
            "findings.toml:16: `tonsils` is a word without `values`. A word has `values`, and nothing else has."
        ],
        id="a word without values",
    ),
    pytest.param(
        "findings.toml",
        '"red", "pus"]',
        '"red", "unknown", "pus"]',
        ["findings.toml:20: `unknown` is no value. Write lower case words joined by hyphens."],
        id="a value that is no word",
    ),
    pytest.param(
        "findings.toml",
        'unit = "a"\n',
        "",
        [
            "findings.toml:10: `age_years` is a number without `unit`. A number has `unit`, and nothing else has."
        ],
        id="a number without a unit",
    ),
    pytest.param(
        "findings.toml",
        'label = "Drooling"\n',
        'label = "Drooling"\nunit = "a"\n',
        ["findings.toml:25: `drooling` is a yes-no with `unit`. A number has `unit`, and nothing else has."],
        id="a unit on a yes-no",
    ),
    pytest.param(
        "findings.toml",
        "plausible = [25, 45.5]",
        "plausible = [45.5, 25]",
        ["findings.toml:8: `plausible` runs from high to low. Write `[lowest, highest]`."],
        id="a plausible range upside down",
    ),
    pytest.param(
        "findings.toml",
        "plausible = [25, 45.5]",
        "plausible = [45.5]",
        ["findings.toml:8: `plausible` is no range. Write `[lowest, highest]`."],
        id="a plausible range of one",
    ),
    pytest.param(
        "findings.toml",
        "plausible = [25, 45.5]",
        "plausible = [25, 45.0005]",
        ["findings.toml:8: `plausible` has more than three decimal places: 45.0005. Round it, and say so."],
        id="a plausible range of four decimals",
    ),
    pytest.param(
        "findings.toml",
        'because = ["S02"]',
        'because = ["S22"]',
        ["findings.toml:21: `S22` is no statement. State it on a page: `> S22 ...`."],
        id="a finding because of nothing",
    ),
    pytest.param(
        "findings.toml",
        'window = "look_back"',
        'window = "lookback"',
        ["findings.toml:7: `lookback` is no parameter. Did you mean `look_back`?"],
        id="a window that is no parameter",
    ),
    pytest.param(
        "findings.toml",
        'since = "onset"',
        'since = "onst"',
        ["findings.toml:43: `onst` is no finding. Did you mean `onset`?"],
        id="a number since nothing",
    ),
    pytest.param(
        "plan.toml",
        None,
        None,
        ["plan.toml:1: the file is missing. Write it, even if it holds nothing yet."],
        id="a missing dictionary",
    ),
    pytest.param(
        "plan.toml",
        'chosen = "cause"',
        "chosen = 1.5",
        [
            "plan.toml:1: `course` holds a fraction, a date or a time. Write whole numbers, texts, lists and sections; name a parameter for any other number."
        ],
        id="a fraction in the plan",
    ),
    pytest.param(
        "guideline.toml",
        '["throat.md", "treat.md"]',
        '["throat.md"]',
        ["guideline.toml:2: the page treat.md is not listed. List it, or it says what does not run."],
        id="a page not listed",
    ),
    pytest.param(
        "guideline.toml",
        '"treat.md"]',
        '"treat.md", "trest.md"]',
        ["guideline.toml:2: the page trest.md is missing. Did you mean `treat.md`?"],
        id="a page missing",
    ),
    pytest.param(
        "sources.toml",
        'note = "No source says it."\n',
        "",
        ["sources.toml:13: `own` has neither address nor note. Say where it can be found."],
        id="a source without an address",
    ),
    pytest.param(
        "parameters.toml",
        "value = 38\n",
        "value = 36\n",
        [
            "parameters.toml:3: `fever_from` is 36, outside 37 to 39. Proofs hold inside the range only; choose a value in it.",
            "parameters.toml:3: the value 36 of `fever_from` does not stand in S01. State the number on the page, or name the statement that does.",
            "parameters.toml:6: 100.4 degF is not the value of `fever_from`. 36 Cel is 95.11 degF.",
        ],
        id="a parameter outside its range",
    ),
    pytest.param(
        "parameters.toml",
        "value = 39.5\n",
        "value = 38\n",
        [
            "parameters.toml:12: `fever_high` is 38, not above `fever_from`, which is 38. Choose a larger value, or a smaller one for the other."
        ],
        id="a parameter not above the other",
    ),
    pytest.param(
        "parameters.toml",
        'above = "fever_from"',
        'above = "fever_form"',
        ["parameters.toml:15: `fever_form` is no parameter. Did you mean `fever_from`?"],
        id="a parameter above nothing",
    ),
    pytest.param(
        "parameters.toml",
        "value = 39.5\n",
        "value = 39.6\n",
        [
            "parameters.toml:12: the value 39.6 of `fever_high` does not stand in S01. State the number on the page, or name the statement that does."
        ],
        id="a parameter's default that stands nowhere",
    ),
    pytest.param(
        "parameters.toml",
        'stands_in = ["S01"]',
        "stands_in = []",
        ['parameters.toml:16: `fever_high` stands in no statement. Write `stands_in = "S01"`.'],
        id="a parameter in no statement",
    ),
    pytest.param(
        "parameters.toml",
        'stands_in = ["S01"]',
        'stands_in = ["S41"]',
        ["parameters.toml:16: `S41` is no statement. State it on a page: `> S41 ...`."],
        id="a parameter in an unknown statement",
    ),
    pytest.param(
        "parameters.toml",
        "range = [38, 41]",
        "range = [41, 38]",
        ["parameters.toml:14: `range` runs from high to low. Write `[lowest, highest]`."],
        id="a range that is none",
    ),
    pytest.param(
        "parameters.toml",
        'strict = "below"\n',
        "",
        [
            'parameters.toml:6: `fever_from` has one of `pair` and `strict` without the other. Say both, or neither: `strict = "below"` for `< n`, `strict = "above"` for `> n`.'
        ],
        id="a pair without its side",
    ),
    pytest.param(
        "parameters.toml",
        '"100.4 degF"',
        '"100.4"',
        ['parameters.toml:6: `100.4` is no number with a unit. Write `"number unit"`.'],
        id="a pair that is no quantity",
    ),
    pytest.param(
        "parameters.toml",
        '"100.4 degF"',
        '"100.4 K"',
        ["parameters.toml:6: `K` is no unit of units.toml. Known here: `Cel`, `degF`."],
        id="a pair in no listed unit",
    ),
    pytest.param(
        "parameters.toml",
        '"100.4 degF"',
        '"101.4 degF"',
        [
            "parameters.toml:6: the pair 101.4 of `fever_from` does not stand in S01. State the number on the page, or name the statement that does.",
            "parameters.toml:6: 101.4 degF is not the value of `fever_from`. 38 Cel is 100.40 degF.",
        ],
        id="a pair that is another limit",
    ),
    pytest.param(
        "parameters.toml",
        'strict = "below"',
        'strict = "above"',
        [
            "parameters.toml:7: `fever_from` is strict above, and row F1 cuts below it. Row F1 at throat.md:22 says `< {fever_from}`; make the two agree.",
            "parameters.toml:7: `fever_from` is strict above, and row F2 cuts below it. Row F2 at throat.md:23 says `{fever_from}..{fever_high}`; make the two agree.",
        ],
        id="a pair strict on the other side",
    ),
    pytest.param(
        "parameters.toml",
        "value = 38\n",
        'value = "38"\n',
        ["parameters.toml:3: `value` is no number. Write digits, with at most three decimal places."],
        id="a value that is no number",
    ),
    pytest.param(
        "units.toml",
        'spellings = ["F"]',
        'spellings = ["C"]',
        ["units.toml:7: `C` is already a unit of `temperature`. List a spelling once."],
        id="a unit twice",
    ),
    pytest.param(
        "units.toml",
        'factor = "0.3785"',
        'factor = "a bit"',
        ['units.toml:7: `a bit` is no factor. Write a decimal in quotes: `"0.001"`.'],
        id="a factor that is none",
    ),
    pytest.param(
        "valuesets/signs.csv",
        "finding,system,code",
        "finding,code,system",
        [
            "valuesets/signs.csv:2: a header that is not that of a value set. Write `finding,system,code,means,status,source,note`."
        ],
        id="a value set with another header",
    ),
    pytest.param(
        "valuesets/signs.csv",
        "drooling,snomed,1234,yes,verified,snomed,\n",
        "drooling,snomed,1234\n",
        ["valuesets/signs.csv:4: 3 cells under 7 columns. Give every column its cell."],
        id="a value set with a short row",
    ),
    pytest.param(
        "valuesets/signs.csv",
        '"body temperature, any site"',
        '"body temperature, any site',
        [
            'valuesets/signs.csv:3: a quoted cell that is not closed. Close it on its own line; write `""` for a quote.'
        ],
        id="a quoted cell that is not closed in its line",
    ),
    pytest.param(
        "valuesets/signs.csv",
        None,
        None,
        ["valuesets:1: no value set. Write one, even if it has only its header."],
        id="no value set",
    ),
    pytest.param(
        "valuesets/signs.csv",
        "drooling,snomed",
        "dribbling,snomed",
        ["valuesets/signs.csv:4: `dribbling` is no finding. Did you mean `drooling`?"],
        id="a code for no finding",
    ),
    pytest.param(
        "valuesets/signs.csv",
        "drooling,snomed",
        "drooling,snomad",
        ["valuesets/signs.csv:4: `snomad` is no system. Did you mean `snomed`?"],
        id="a code of no system",
    ),
    pytest.param(
        "valuesets/signs.csv",
        "1234",
        "",
        ["valuesets/signs.csv:4: a blank code. Write the code, without blanks around it."],
        id="a code that is blank",
    ),
    pytest.param(
        "valuesets/signs.csv",
        "pus,verified",
        "puss,verified",
        ["valuesets/signs.csv:5: `puss` is no value of `tonsils`. Did you mean `pus`?"],
        id="a code that means no value",
    ),
    pytest.param(
        "valuesets/signs.csv",
        "tonsils,snomed,5678,pus,verified,snomed,\n",
        "drooling,snomed,1234,no,verified,snomed,\n",
        ["valuesets/signs.csv:5: snomed 1234 stands twice for `drooling`. List it once."],
        id="a code twice",
    ),
    pytest.param(
        "verdicts.toml",
        'column = "cause"',
        'column = "causes"',
        ["verdicts.toml:4: `causes` is no column of words. Did you mean `cause`?"],
        id="a verdict on no column",
    ),
    pytest.param(
        "verdicts.toml",
        'tables = ["next"]',
        'tables = ["fever"]',
        ["verdicts.toml:17: `fever` is no collect table and no list. Known here: `danger`, `next`."],
        id="a verdict on no list",
    ),
    pytest.param(
        "verdicts.toml",
        '"danger__heat"',
        '"danger__cold"',
        ["verdicts.toml:25: `danger__cold` is no column of words. Did you mean `danger__heat`?"],
        id="a verdict on no key's column",
    ),
    pytest.param(
        "verdicts.toml",
        'values = ["bacterial", "viral"]',
        'values = ["bacterial", "viral", "fungal"]',
        ["verdicts.toml:5: `fungal` is no value of `cause`. Known here: `bacterial`, `viral`, `unknown`."],
        id="a verdict with a value never said",
    ),
    pytest.param(
        "verdicts.toml",
        'values = ["bacterial", "viral"]\nreassuring = ["viral"]',
        'values = ["bacterial"]',
        ["verdicts.toml:5: `cause` can say `viral`, which is not listed. Give it its place, worst first."],
        id="a verdict with a value left out",
    ),
    pytest.param(
        "verdicts.toml",
        'reassuring = ["viral"]',
        'reassuring = ["vital"]',
        ["verdicts.toml:6: `vital` is no value of `cause`. Did you mean `viral`?"],
        id="a verdict that reassures with nothing",
    ),
    pytest.param(
        "verdicts.toml",
        'reassuring = ["viral"]',
        'reassuring = ["unknown"]',
        ["verdicts.toml:6: `unknown` is no value of `cause`. Known here: `bacterial`, `viral`."],
        id="a verdict that reassures with unknown",
    ),
    pytest.param(
        "verdicts.toml",
        'said_without = ["temperature"]',
        'said_without = ["temprature"]',
        ["verdicts.toml:7: `temprature` is no finding. Did you mean `temperature`?"],
        id="a verdict said without no finding",
    ),
    pytest.param(
        "verdicts.toml",
        'column = "cause"',
        'tables = ["next"]',
        ["verdicts.toml:1: a verdict of kind `one` reads `tables`. Give it `column`."],
        id="a verdict of one kind that reads another",
    ),
    pytest.param(
        "verdicts.toml",
        'viral = "likely viral"\n',
        "",
        ['verdicts.toml:9: `viral` of `cause` has no words. Write `viral = "..."`.'],
        id="a value without words",
    ),
    pytest.param(
        "verdicts.toml",
        'viral = "likely viral"\n',
        'viral = "likely viral"\nvirul = "x"\n',
        ["verdicts.toml:9: `virul` is no value of `cause`. Did you mean `viral`?"],
        id="words for no value",
    ),
    pytest.param(
        "words.toml",
        'hospital = "go to hospital"\n',
        "",
        [
            'words.toml:1: no words under `[next]` for `hospital`. A verdict can list them, so a clinician reads them: write `hospital = "..."`.'
        ],
        id="no words for an output",
    ),
    pytest.param(
        "words.toml",
        "hospital = ",
        "hospitl = ",
        [
            'words.toml:1: no words under `[next]` for `hospital`. A verdict can list them, so a clinician reads them: write `hospital = "..."`.',
            "words.toml:3: `hospitl` is no output of a list `-> next`. Did you mean `hospital`?",
        ],
        id="words for no output",
    ),
    pytest.param(
        "words.toml",
        "[next]",
        "[nxt]",
        [
            "words.toml:1: `nxt` is no header of a list. Did you mean `next`?",
            'words.toml:1: no words under `[next]` for `penicillin`, `hospital`, `look-again`. A verdict can list them, so a clinician reads them: write `penicillin = "..."`.',
        ],
        id="words for no list",
    ),
    pytest.param(
        "words.toml",
        '"go to hospital"',
        "3",
        ['words.toml:3: the words of `hospital` are no text. Write `"..."`.'],
        id="words that are no text",
    ),
    pytest.param(
        "profiles/away.toml",
        'regimen = "away"',
        'regimen = "abroad"',
        ["profiles/away.toml:2: `abroad` is no Regimen. Known here: `home`, `away`."],
        id="a profile with no regimen",
    ),
    pytest.param(
        "profiles/away.toml",
        'beside = "home"',
        'beside = "hme"',
        ["profiles/away.toml:3: `hme` is no Regimen. Did you mean `home`?"],
        id="a profile beside no regimen",
    ),
    pytest.param(
        "profiles/away.toml",
        "fever_high = 40",
        "fever_high = 50",
        [
            "profiles/away.toml:6: `fever_high` is 50, outside 38 to 41. Proofs hold inside the range only; choose a value in it."
        ],
        id="a profile with a number outside its range",
    ),
    pytest.param(
        "profiles/away.toml",
        "fever_high = 40",
        "fever_hi = 40",
        ["profiles/away.toml:6: `fever_hi` is no parameter. Did you mean `fever_high`?"],
        id="a profile with an unknown number",
    ),
    pytest.param(
        "profiles/away.toml",
        'beside = "home"',
        'besides = "home"',
        ["profiles/away.toml:3: an unknown key `besides`. Did you mean `beside`?"],
        id="a profile with an unknown key",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), PLANTED)
def test_it_is_refused_where_it_stands_with_the_mend(plant, file, old, new, said):
    assert plant(file, old, new) == said
