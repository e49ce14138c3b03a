"""Everything a page cannot say: one planted edit each, and the words an editor reads."""

import pytest

PLANTED = [
    pytest.param(
        "throat.md",
        "| F1  | < {fever_from}             | none          | S01     |",
        "| F1 | < {fever_from} | none |",
        [
            "throat.md:22: row F1 has 3 cells, and the table 4 columns. Give every column its cell; `-` when it does not matter."
        ],
        id="a short row",
    ),
    pytest.param(
        "throat.md",
        "| D1  | drooling    | yes     |",
        "| D1 | drooling | yes | |",
        [
            "throat.md:41: row D1 has 6 cells, and the table 5 columns. Give every column its cell; `-` when it does not matter."
        ],
        id="a long row",
    ),
    pytest.param(
        "throat.md",
        "| none          | S01     |",
        "| none | S01",
        ["throat.md:22: a row that does not end in `|`. Close its last cell."],
        id="a row that is not closed",
    ),
    pytest.param(
        "treat.md",
        "# Treat\n",
        "# Treat\n\n| row | finding | is | -> x | because |\n|-|-|-|-|-|\n| X1 | drooling | yes | y | S09 |\n",
        [
            "treat.md:3: a table under no heading. Put it under one of `## Decision:`, `## List:`, `## Examples:`, `## Regimen:`, `## Timeline:`, `## Disagreement:`."
        ],
        id="a table under no heading",
    ),
    pytest.param(
        "treat.md",
        "## Regimen: away\n",
        "## Away\n",
        [
            "profiles/away.toml:2: `away` is no Regimen. Known here: `home`.",
            "treat.md:43: a table under no heading. Put it under one of `## Decision:`, `## List:`, `## Examples:`, `## Regimen:`, `## Timeline:`, `## Disagreement:`.",
        ],
        id="a table under a heading that only orders the text",
    ),
    pytest.param(
        "throat.md",
        "## List: danger (any)",
        "## Lists: danger (any)",
        ["throat.md:37: a heading of unknown kind `Lists`. Did you mean `List`?"],
        id="a heading of unknown kind",
    ),
    pytest.param(
        "throat.md",
        "## List: danger (any)",
        "## List danger (any)",
        ["throat.md:37: `List danger (any)` lacks its colon. Write `## List: danger (any)`."],
        id="a heading without its colon",
    ),
    pytest.param(
        "throat.md",
        "## Examples: cause",
        "### Examples: cause",
        ["throat.md:71: `### Examples:` on the wrong level. Write `## Examples: cause`."],
        id="a heading on the wrong level",
    ),
    pytest.param(
        "throat.md",
        "## Examples: cause",
        "##Examples: cause",
        ["throat.md:71: `##Examples: cause` is no heading. Leave a space after the `#`."],
        id="a heading without a blank",
    ),
    pytest.param(
        "throat.md",
        "|-----|-------------|---------|-----------|--------------|\n",
        "",
        ["throat.md:39: a table without its ruler. Write `|---|---|` below the header."],
        id="a table without its ruler",
    ),
    pytest.param(
        "throat.md",
        "What it is likely to be.",
        "What it is <!-- not --> likely to be.",
        [
            "throat.md:61: HTML, `<!-- not -->`, which can hide what runs. Say it in Markdown, where every reader of the page sees it."
        ],
        id="a comment",
    ),
    pytest.param(
        "throat.md",
        "What it is likely to be.",
        "<details> What it is likely to be.",
        [
            "throat.md:61: HTML, `<details>`, which can hide what runs. Say it in Markdown, where every reader of the page sees it."
        ],
        id="a part that unfolds",
    ),
    pytest.param(
        "throat.md",
        "What it is likely to be.",
        "```",
        ["throat.md:61: a block of code. A page holds statements, tables and prose only."],
        id="a block of code",
    ),
    pytest.param(
        "throat.md",
        "| D2  | temperature",
        "  | D2  | temperature",
        ["throat.md:42: a `|` outside a table. Begin each line of a table with `|`, without indenting it."],
        id="an indented table row",
    ),
    pytest.param(
        "throat.md",
        "What it is likely to be.",
        " > S09 What it is likely to be.",
        ["throat.md:61: an indented heading or quote. Begin the line with it."],
        id="an indented quote",
    ),
    pytest.param(
        "throat.md",
        "| cool          | -        | 38 Cel      | D1?    |\n",
        "| cool          | -        | 38 Cel      | D1?    |\nand so on\n",
        [
            "throat.md:57: prose directly after a table, which Markdown shows as part of it. Leave a blank line between them."
        ],
        id="prose directly below a table",
    ),
    pytest.param(
        "throat.md",
        "| D1  | drooling    | yes     | airway    | A01          |\n",
        "| D1  | drooling    | yes     | airway    | A01          |\n\n| row | finding | is | -> danger | because |\n|---|---|---|---|---|\n",
        ["throat.md:43: List `danger (any)` has a second table. Give it a heading of its own."],
        id="a second table under one heading",
    ),
    pytest.param(
        "treat.md",
        "## Timeline: recovery",
        "## Decision: empty (unique)\n\n## Timeline: recovery",
        ["treat.md:47: Decision `empty (unique)` has no table. Write its pipe table below the heading."],
        id="a decision without a table",
    ),
    pytest.param(
        "treat.md",
        "## Timeline: recovery",
        "## Decision: empty (unique)\n\n| row | drooling | -> e | because |\n|---|---|---|---|\n\n## Timeline: recovery",
        ["treat.md:49: Decision `empty (unique)` has no rows. Write at least one row."],
        id="a decision without rows",
    ),
    pytest.param(
        "throat.md",
        "Most sore throats pass. [review]",
        "Most sore throats pass.",
        [
            "throat.md:9: S04 names no source at the end of its text. End it with ids of sources.toml in one bracket: `[source, other-source]`."
        ],
        id="a statement without a source",
    ),
    pytest.param(
        "throat.md",
        "Most sore throats pass. [review]",
        "Most sore throats pass. [reviw]",
        ["throat.md:9: `reviw` is no source. Did you mean `review`?"],
        id="a statement with an unknown source",
    ),
    pytest.param(
        "treat.md",
        "> S09 Ask",
        "> S04 Ask",
        [
            "treat.md:6: S04 is stated twice, first at throat.md:9. State it once.",
            "treat.md:30 row N3: `S09` is no statement. State it on a page: `> S09 ...`.",
        ],
        id="a statement stated twice",
    ),
    pytest.param(
        "treat.md",
        "> S06 Penicillin",
        "> Penicillin",
        [
            "parameters.toml:23: `S06` is no statement. State it on a page: `> S06 ...`.",
            "treat.md:3: a quote that begins with no statement's id. Begin it with the id, `> S01 `, and its text; quotes hold statements only.",
            "treat.md:28 row N1: `S06` is no statement. State it on a page: `> S06 ...`.",
            "treat.md:38 row R1: `S06` is no statement. State it on a page: `> S06 ...`.",
            "treat.md:39 row R2: `S06` is no statement. State it on a page: `> S06 ...`.",
            "treat.md:45 row R3: `S06` is no statement. State it on a page: `> S06 ...`.",
        ],
        id="a quote without an id",
    ),
    pytest.param(
        "throat.md",
        "> shown: beside the answer.",
        "> shown:",
        ["throat.md:9: S04 is shown without a reason. Say where, or why, after the colon."],
        id="shown without saying where",
    ),
    pytest.param(
        "throat.md",
        "## Decision: fever (bands)",
        "## Decision: Fever (band)",
        [
            "throat.md:16: `Decision: Fever (band)` is no table's heading. Write `## Decision: name-of-table (unique)` or `## Decision: name-of-table (bands)` or `## Decision: name-of-table (collect)`.",
            "throat.md:26: `fever` is no table. Known here: `danger`, `adult-age`, `adult`.",
        ],
        id="a heading that is no table's",
    ),
    pytest.param(
        "throat.md",
        "## List: danger (any)",
        "## List: danger (unique)",
        [
            "throat.md:37: `List: danger (unique)` is no table's heading. Write `## List: name-of-table (any)`."
        ],
        id="a list that says it is unique",
    ),
    pytest.param(
        "throat.md",
        "| -> cause  |",
        "| cause     |",
        [
            "throat.md:63: the header `row | fever_band | tonsils | cause | because` is not that of a table. Write `| row | ... | -> output | because |`."
        ],
        id="a header without its arrow",
    ),
    pytest.param(
        "throat.md",
        "| -> cause  | because      |",
        "| -> cause  | why          |",
        [
            "throat.md:63: the header `row | fever_band | tonsils | -> cause | why` is not that of a table. Write `| row | ... | -> output | because |`."
        ],
        id="a header without because",
    ),
    pytest.param(
        "throat.md",
        "| row | finding     | is      | -> danger |",
        "| row | finding     | has     | -> danger |",
        [
            "throat.md:39: the header `row | finding | has | -> danger | because` is not that of a list. Write `| row | finding | is | -> danger | because |`."
        ],
        id="a list with another header",
    ),
    pytest.param(
        "throat.md",
        "| tonsils                   | -> cause",
        "| the tonsils               | -> cause",
        [
            "throat.md:63: `the tonsils` is no input. Write the finding's id, and its unit in brackets: `finding [unit]`."
        ],
        id="an input that is no id",
    ),
    pytest.param(
        "throat.md",
        "| row | fever_band                     | tonsils                   |",
        "| row | tonsils | tonsils |",
        ["throat.md:63: `tonsils` is an input twice. Read it in one column."],
        id="an input twice",
    ),
    pytest.param(
        "throat.md",
        "| tonsils                   | -> cause",
        "| tonsil                    | -> cause",
        ["throat.md:63: `tonsil` is no finding and no table's output. Did you mean `tonsils`?"],
        id="an unknown column",
    ),
    pytest.param(
        "throat.md",
        "| D1  | drooling  ",
        "| D1  | droolin   ",
        ["throat.md:41 row D1: `droolin` is no finding and no table's output. Did you mean `drooling`?"],
        id="an unknown finding in a list",
    ),
    pytest.param(
        "throat.md",
        "| tonsils                   | -> cause",
        "| onset                     | -> cause",
        ["throat.md:63: `onset` is a date. Read a number that counts since it."],
        id="a date as an input",
    ),
    pytest.param(
        "throat.md",
        "temperature [Cel]          |",
        "temperature [degF]         |",
        ["throat.md:20: `temperature [degF]` in a header. Write `temperature [Cel]`."],
        id="a unit that is not the finding's",
    ),
    pytest.param(
        "throat.md",
        "temperature [Cel]          |",
        "temperature                |",
        ["throat.md:20: `temperature` without its unit. Write `temperature [Cel]`."],
        id="a number without its unit",
    ),
    pytest.param(
        "throat.md",
        "| tonsils                   | -> cause",
        "| tonsils [Cel]             | -> cause",
        ["throat.md:63: `tonsils [Cel]` in a header. Write `tonsils`."],
        id="a unit of words",
    ),
    pytest.param(
        "throat.md",
        "| tonsils                   | -> cause",
        "| temperature [Cel]         | -> cause",
        [
            "throat.md:63: `temperature` is a number in a unique table. Numbers meet words once: give it a `bands` table and read that table's output here."
        ],
        id="a number in a unique table",
    ),
    pytest.param(
        "treat.md",
        "| age_years [a] | -> adult_band",
        "| drooling      | -> adult_band",
        ["treat.md:10: bands over `drooling`, which has words. A bands table reads one number."],
        id="bands over words",
    ),
    pytest.param(
        "treat.md",
        "| row | age_years [a] | -> adult_band | because |\n|-----|---------------|---------------|---------|\n| AG1 | < 16          | child         | S07     |\n| AG2 | >= 16         | grown-up      | S07     |",
        "| row | age_years [a] | temperature [Cel] | -> adult_band | because |\n|---|---|---|---|---|\n| AG1 | < 16 | >= 38 | child | S07 S01 |",
        ["treat.md:10: bands over 2 inputs. A bands table reads exactly one number."],
        id="bands over two inputs",
    ),
    pytest.param(
        "treat.md",
        "| AG2 | >= 16         | grown-up ",
        "| AG2 | >= 16         | child    ",
        ["treat.md:10: two bands of one name. Name each range, and join them in a table that reads it."],
        id="two bands of one name",
    ),
    pytest.param(
        "throat.md",
        "Applies when: adult is not no",
        "Applies if adult is not no",
        [
            "throat.md:59: `Applies if adult is not no` is almost a guard. Write `Applies when: finding is value` on a line of its own, or word it differently."
        ],
        id="a guard that is almost one",
    ),
    pytest.param(
        "throat.md",
        "Applies when: adult is not no\n",
        "Applies when: adult is not no\nApplies when: drooling is no\n",
        ["throat.md:60: a second `Applies when:`. Write one, between the heading and the table."],
        id="two guards",
    ),
    pytest.param(
        "throat.md",
        "## Examples: cause",
        "Applies when: drooling is no\n\n## Examples: cause",
        ["throat.md:71: a second `Applies when:`. Write one, between the heading and the table."],
        id="a guard below its table",
    ),
    pytest.param(
        "throat.md",
        "# A sore throat\n",
        "# A sore throat\n\nApplies when: drooling is no\n",
        [
            "throat.md:3: an `Applies when:` that guards no table. Write it between the heading of a table and the table."
        ],
        id="a guard of no table",
    ),
    pytest.param(
        "throat.md",
        "Applies when: adult is not no",
        "Applies when: adlt is not no",
        [
            "throat.md:59: `adlt` is no finding or output that has words. Known here: `tonsils`, `drooling`, `better`, `examination`, `hoarse`, `voice`, `fever_band`, `danger`, `danger__airway`, `danger__heat`."
        ],
        id="a guard on nothing",
    ),
    pytest.param(
        "throat.md",
        "Applies when: adult is not no",
        "Applies when: age_years is known",
        [
            "throat.md:59: `age_years` is no finding or output that has words. Known here: `tonsils`, `drooling`, `better`, `examination`, `hoarse`, `voice`, `fever_band`, `danger`, `danger__airway`, `danger__heat`."
        ],
        id="a guard on a number",
    ),
    pytest.param(
        "throat.md",
        "Applies when: adult is not no",
        "Applies when: adult is not old",
        ["throat.md:59: `old` is no value of `adult`. Known here: `yes`, `no`."],
        id="a guard outside the type",
    ),
    pytest.param(
        "treat.md",
        "| row | adult_band             | -> adult | because      |",
        "| row | cause             | -> adult | because      |",
        [
            "throat.md:58: tables that read each other in a circle: cause -> adult -> cause. Let one of them read raw findings instead."
        ],
        id="a cycle",
    ),
    pytest.param(
        "treat.md",
        "## Decision: adult (unique)",
        "## Decision: fever (unique)",
        ["treat.md:15: a second table `fever`, first at throat.md:16. Name it differently."],
        id="a second table of one id",
    ),
    pytest.param(
        "treat.md",
        "-> adult | because",
        "-> fever_band | because",
        [
            "treat.md:15: tables `fever` and `adult` both give `fever_band`. Name one of the outputs differently; one table answers one question."
        ],
        id="two tables with one output",
    ),
    pytest.param(
        "treat.md",
        "-> adult | because",
        "-> drooling | because",
        [
            "treat.md:15: table `adult` gives `drooling`, which is a finding. Name the output differently; a finding is recorded, never concluded."
        ],
        id="an output that is a finding",
    ),
    pytest.param(
        "treat.md",
        "-> adult | because",
        "-> onset | because",
        [
            "treat.md:15: table `adult` gives `onset`, which is a finding. Name the output differently; a finding is recorded, never concluded."
        ],
        id="an output that is a date",
    ),
    pytest.param(
        "treat.md",
        "## Timeline: recovery",
        "## Decision: wide (unique)\n\n| row | drooling | better | tonsils | cause | danger | next | fever_band | adult_band | danger__airway | danger__heat | -> w | because |\n|-|-|-|-|-|-|-|-|-|-|-|-|-|\n| W1 | yes | - | - | - | - | - | - | - | - | - | w | S09 |\n\n## Timeline: recovery",
        ["treat.md:49: 10 inputs, and a unique table has at most 9. Give some a table of their own."],
        id="more than nine inputs",
    ),
    pytest.param(
        "treat.md",
        "## Timeline: recovery",
        "## Decision: long (unique)\n\n| row | drooling | -> w | because |\n|-|-|-|-|\n| W0 | yes | w | S09 |\n| W1 | yes | w | S09 |\n| W2 | yes | w | S09 |\n| W3 | yes | w | S09 |\n| W4 | yes | w | S09 |\n| W5 | yes | w | S09 |\n| W6 | yes | w | S09 |\n| W7 | yes | w | S09 |\n| W8 | yes | w | S09 |\n| W9 | yes | w | S09 |\n| W10 | yes | w | S09 |\n| W11 | yes | w | S09 |\n| W12 | yes | w | S09 |\n\n## Timeline: recovery",
        ["treat.md:49: 13 rows, and a unique table has at most 12. Divide the question."],
        id="more than twelve rows",
    ),
    pytest.param(
        "treat.md",
        "## Timeline: recovery",
        "## Decision: idle (collect)\n\n| row | -> w | because |\n|-|-|-|\n| W1 | w | S09 |\n\n## Timeline: recovery",
        ["treat.md:49: a decision that reads nothing. Give it an input."],
        id="a decision that reads nothing",
    ),
    pytest.param(
        "treat.md",
        "## Timeline: recovery",
        "## Decision: mute (unique)\n\n| row | drooling | -> w | because |\n|-|-|-|-|\n| W1 | yes | unknown | S09 |\n\n## Timeline: recovery",
        ["treat.md:49: a table that never answers. Give a row an output."],
        id="a table that never answers",
    ),
    pytest.param(
        "throat.md",
        "| D1  | drooling    | yes ",
        "| d1  | drooling    | yes ",
        ["throat.md:41: `d1` is no id of a row. Write capitals, then digits: `R1`."],
        id="a row id that is none",
    ),
    pytest.param(
        "treat.md",
        "| AG1 |",
        "| F1  |",
        [
            "treat.md:12 row F1: a second row F1, first at throat.md:22. Ids are unique over the whole guideline; take another."
        ],
        id="a row id twice",
    ),
    pytest.param(
        "treat.md",
        "| AG1 |",
        "| S02 |",
        [
            "treat.md:12 row S02: a statement S02, first at throat.md:6. Ids are unique over the whole guideline; take another."
        ],
        id="a row id that is taken by a statement",
    ),
    pytest.param(
        "treat.md",
        "| R1  | bacterial",
        "| N1  | bacterial",
        [
            "treat.md:38 row N1: a second row N1, first at treat.md:28. Ids are unique over the whole guideline; take another.",
            "treat.md:54: `R1` is no row of a table. Known here: `F1`, `F2`, `F3`, `C1`, `C2`, `C3`, `C4`, `C5`, `AG1`, `AG2`, `AD1`, `AD2` ....",
        ],
        id="a row of a regimen with a taken id",
    ),
    pytest.param(
        "throat.md",
        "| airway    | A01          |",
        "| airway    |              |",
        ["throat.md:41 row D1: a row without `because`. Name the statement that it follows from."],
        id="a row without because",
    ),
    pytest.param(
        "throat.md",
        "| airway    | A01          |",
        "| airway    | inferred     |",
        ["throat.md:41 row D1: a row without `because`. Name the statement that it follows from."],
        id="a row that only says inferred",
    ),
    pytest.param(
        "throat.md",
        "| airway    | A01          |",
        "| airway    | inferred A01 |",
        ["throat.md:41 row D1: `inferred A01` out of order. Write the statements first, then the marks."],
        id="a row with the marks first",
    ),
    pytest.param(
        "throat.md",
        "| airway    | A01          |",
        "| airway    | A02          |",
        ["throat.md:41 row D1: `A02` is no statement. State it on a page: `> A02 ...`."],
        id="a row that cites no statement",
    ),
    pytest.param(
        "throat.md",
        "| airway    | A01          |",
        "| airway    | S05          |",
        [
            "throat.md:41 row D1: S05 is cited by a row, and declared not computable at throat.md:12. Take one of the two away."
        ],
        id="a row that cites what is not computable",
    ),
    pytest.param(
        "throat.md",
        "| airway    | A01",
        "| Airway!   | A01",
        ["throat.md:41 row D1: `Airway!` is no output. Write lower case words joined by hyphens."],
        id="an output that is no word",
    ),
    pytest.param(
        "throat.md",
        "| airway    | A01",
        "| unknown   | A01",
        [
            "throat.md:41 row D1: an output `unknown` in a table of kind `any`. Leave the row out: what no row says is unknown."
        ],
        id="unknown as the output of a list",
    ),
    pytest.param(
        "treat.md",
        "| < 16          |",
        "| < 17          |",
        [
            "treat.md:12 row AG1: 17 stands in no statement that the row cites. Cite the statement that says it, make it a parameter, or mark the row `inferred`."
        ],
        id="a number that stands nowhere",
    ),
    pytest.param(
        "throat.md",
        "| D1  | drooling    | yes     |",
        "| D1  | drooling    | -       |",
        ["throat.md:41 row D1: a line of a list that asks nothing. Say what the finding is."],
        id="a line of a list that asks nothing",
    ),
    pytest.param(
        "throat.md",
        "| none                           | known                     |",
        "| none | |",
        [
            "throat.md:66 row C2: an empty cell. Write `-` when it does not matter, `unknown` when nothing is known."
        ],
        id="an empty cell",
    ),
    pytest.param(
        "throat.md",
        "| normal, red, unknown      |",
        "| normal, rad, unknown      |",
        ["throat.md:67 row C3: `rad` is no value of `tonsils`. Did you mean `red`?"],
        id="a value outside the type",
    ),
    pytest.param(
        "throat.md",
        "| not none, unknown              |",
        "| not none, fever, unknown |",
        ["throat.md:67 row C3: `not` takes one value. List the values that are meant instead."],
        id="a not of two values",
    ),
    pytest.param(
        "throat.md",
        "| not none, unknown              |",
        "| not warm, unknown |",
        [
            "throat.md:67 row C3: `warm` is no value of `fever_band`. Known here: `none`, `fever`, `high-fever`, `none-or-fever`, `fever-or-high-fever`, `unplaced`."
        ],
        id="a not of no value",
    ),
    pytest.param(
        "throat.md",
        "| normal, red, unknown      |",
        "| normal, unknown, red      |",
        [
            "throat.md:67 row C3: `unknown` does not stand last in its cell. Write it once, at the end: `no, unknown`."
        ],
        id="unknown not last",
    ),
    pytest.param(
        "throat.md",
        "| normal, red, unknown      |",
        "| known, unknown            |",
        ["throat.md:67 row C3: `known` does not stand in a list. Write it alone, or list the values."],
        id="known in a list",
    ),
    pytest.param(
        "throat.md",
        "| normal, red, unknown      |",
        "| red, red                  |",
        ["throat.md:67 row C3: `red` stands twice in one cell. Write it once."],
        id="a value twice",
    ),
    pytest.param(
        "throat.md",
        "| normal, red, unknown      |",
        "| (normal or red)           |",
        [
            "throat.md:67 row C3: `(normal or red)` is no value. Write `-`, `known`, `unknown`, a value, values separated by commas, or `not value`."
        ],
        id="brackets",
    ),
    pytest.param(
        "throat.md",
        "| normal, red, unknown      |",
        "| > normal                  |",
        [
            "throat.md:67 row C3: `> normal` is a range, and `tonsils` has words. Write one of `normal`, `red`, `pus`."
        ],
        id="a range of words",
    ),
    pytest.param(
        "throat.md",
        "| F1  | < {fever_from}             |",
        "| F1 | unknown |",
        ["throat.md:22 row F1: `unknown` in a bands table. A band is a range: `< n`, `a..b`, `> n`."],
        id="a band that is no range",
    ),
    pytest.param(
        "throat.md",
        "| F1  | < {fever_from}             |",
        "| F1 | =< {fever_from} |",
        [
            "throat.md:22 row F1: `=< {fever_from}` is no range. Write `< n`, `<= n`, `> n`, `>= n` or `a..b`, where n is a number or a {parameter}."
        ],
        id="a range nobody can read",
    ),
    pytest.param(
        "treat.md",
        "| < 16          |",
        "| < 16.0001     |",
        [
            "treat.md:12 row AG1: `< 16.0001` is no range. Write `< n`, `<= n`, `> n`, `>= n` or `a..b`, where n is a number or a {parameter}."
        ],
        id="a range with four decimals",
    ),
    pytest.param(
        "throat.md",
        "{fever_from}..{fever_high}",
        "{fever_high}..{fever_from}",
        [
            "throat.md:23 row F2: `{fever_high}..{fever_from}` runs from high to low. Write the lower end first."
        ],
        id="a range from high to low",
    ),
    pytest.param(
        "throat.md",
        "| F1  | < {fever_from}             |",
        "| F1 | < {fever_form} |",
        ["throat.md:22 row F1: `fever_form` is no parameter. Did you mean `fever_from`?"],
        id="an unknown parameter",
    ),
    pytest.param(
        "throat.md",
        "| F1  | < {fever_from}             |",
        "| F1 | < {look_back} |",
        [
            "throat.md:22 row F1: parameter `look_back` is in d, and `temperature` in Cel. State the parameter in the unit of the finding it is compared with."
        ],
        id="a parameter in another unit",
    ),
    pytest.param(
        "throat.md",
        "## Examples: cause",
        "## Examples: causes",
        ["throat.md:71: `causes` is no table. Did you mean `cause`?"],
        id="examples for no table",
    ),
    pytest.param(
        "throat.md",
        "| patient         | fever_band | tonsils | adult | => row         |",
        "| who             | fever_band | tonsils | adult | => row         |",
        [
            "throat.md:73: the header `who | fever_band | tonsils | adult | => row` is not that of examples. Write `| patient | ... | => row |`."
        ],
        id="examples with another header",
    ),
    pytest.param(
        "throat.md",
        "| patient       | drooling | temperature | => row |",
        "| patient       | drooling | tonsils     | => row |",
        ["throat.md:53: `tonsils` is no input of `danger`. Known here: `drooling`, `temperature`."],
        id="an example of a column nobody reads",
    ),
    pytest.param(
        "throat.md",
        "| patient       | drooling | temperature | => row |",
        "| patient       | drooling | drooling    | => row |",
        ["throat.md:53: `drooling` stands twice. Give it one column."],
        id="an example with a column twice",
    ),
    pytest.param(
        "throat.md",
        "| 41.5           | temperature | 41.5 Cel | D2 heat   |",
        "| 41.5           | age_years   | 41.5 a   | D2 heat   |",
        ["throat.md:49: `age_years` is no input of `danger`. Known here: `drooling`, `temperature`."],
        id="a list example of a finding nobody reads",
    ),
    pytest.param(
        "throat.md",
        "| hot, pus (S03)  | fever      | pus     |",
        "| hot, pus (S03)  | feverish   | pus     |",
        ["throat.md:75: `feverish` is no value of `fever_band`. Did you mean `fever`?"],
        id="an example outside the type",
    ),
    pytest.param(
        "throat.md",
        "| cool, not seen  | none       | -       |",
        "| cool, not seen  | none       | unknown |",
        ["throat.md:78: `unknown` is no value of `tonsils`. Known here: `normal`, `red`, `pus`, `-`."],
        id="an example that writes unknown",
    ),
    pytest.param(
        "throat.md",
        "| 37.9 Cel    | F1 none",
        "| 37.9        | F1 none",
        ["throat.md:30: `37.9` is no number with its unit. Write `37 Cel` or `<37 Cel`."],
        id="an example's number without a unit",
    ),
    pytest.param(
        "throat.md",
        "| 37.9 Cel    | F1 none",
        "| 37.9 K      | F1 none",
        ["throat.md:30: `K` is no unit of `temperature`. Known here: `C`, `Cel`, `F`, `degF`."],
        id="an example's number in no unit",
    ),
    pytest.param(
        "throat.md",
        "| F2 fever           |\n| at the same",
        "| F9 fever           |\n| at the same",
        ["throat.md:31: `F9` is no row of `fever`. Known here: `F1`, `F2`, `F3`."],
        id="an example that names no row",
    ),
    pytest.param(
        "throat.md",
        "| F2 fever           |\n| at the same",
        "| fever              |\n| at the same",
        ["throat.md:31: `fever` is no answer of `fever`. Write a row and its output: `R1 output`."],
        id="an example that names the output alone",
    ),
    pytest.param(
        "throat.md",
        "| F2 fever           |\n| at the same",
        "| F2                 |\n| at the same",
        ["throat.md:31: `F2` is no answer of `fever`. Write a row and its output: `R1 output`."],
        id="an example that names the row alone",
    ),
    pytest.param(
        "throat.md",
        "| F2 fever           |\n| at the same",
        "| F2 feverish        |\n| at the same",
        ["throat.md:31: `fever` never says `feverish`. Did you mean `fever`?"],
        id="an example of an output never said",
    ),
    pytest.param(
        "throat.md",
        "| D1 airway |",
        "| D1        |",
        [
            "throat.md:48: `D1` names no output of `danger`. Write a row and its output, `R1 output`, or `R1?` for a row left open."
        ],
        id="an example of a list without its output",
    ),
    pytest.param(
        "throat.md",
        "| D1?    |",
        "| F1?    |",
        ["throat.md:56: `F1` is no row of `danger`. Known here: `D1`, `D2`."],
        id="an example of a list with an open row of another table",
    ),
    pytest.param(
        "throat.md",
        "| not measured                  | -           | unknown            |",
        "| not measured | - | not applicable |",
        ["throat.md:35: `fever` always applies. Name the rows that hold; only a guard can close a table."],
        id="not applicable without a guard",
    ),
    pytest.param(
        "throat.md",
        "| cool (S01) ",
        "| cool (S11) ",
        ["throat.md:30: `S11` is no statement. State it on a page: `> S11 ...`."],
        id="an example that cites no statement",
    ),
    pytest.param(
        "throat.md",
        "| cool (S01)                    |",
        "| |",
        ["throat.md:30: an example without its patient. Say in a few words who it is."],
        id="an example without a patient",
    ),
    pytest.param(
        "treat.md",
        "| row | regimen   | drug       | dose   | route | loading                                                   |",
        "| row | regimen   | drug       | dose   | by | loading |",
        [
            "treat.md:36: the header `row | regimen | drug | dose | by | loading | end of loading | maintenance | because` is not that of a Regimen. Write `| row | regimen | drug | dose | route | loading | end of loading | maintenance | because |`."
        ],
        id="a regimen with another header",
    ),
    pytest.param(
        "treat.md",
        "## Regimen: away",
        "## Regimen: Away!",
        [
            "profiles/away.toml:2: `away` is no Regimen. Did you mean `Away!`?",
            "treat.md:41: `Away!` is no name of a Regimen. Write `## Regimen: name`.",
        ],
        id="a regimen without a name",
    ),
    pytest.param(
        "treat.md",
        "## Regimen: away",
        "## Regimen: home",
        [
            "profiles/away.toml:2: `away` is no Regimen. Known here: `home`.",
            "treat.md:41: a second `home`, first at treat.md:32. Name it differently.",
        ],
        id="a regimen twice",
    ),
    pytest.param(
        "treat.md",
        "| R2  | viral ",
        "| R2  | bacterial ",
        ["treat.md:32: two courses for `bacterial`. One profile offers one course each."],
        id="two courses for one regimen",
    ),
    pytest.param(
        "treat.md",
        "| R2  | viral ",
        "| R2  | virul ",
        ["treat.md:39 row R2: `virul` is no regimen that a table can choose. Did you mean `viral`?"],
        id="a course that no table chooses",
    ),
    pytest.param(
        "treat.md",
        "| tea        | 1 cup  |",
        "| tea        | -      |",
        ["treat.md:39 row R2: no dose. Doses stand on the page; a plan is made of nothing else."],
        id="a course without a dose",
    ),
    pytest.param(
        "treat.md",
        "| daily for 10 days  ",
        "| now and then  ",
        [
            "treat.md:38 row R1: `now and then` is no way of giving doses. Write `every N days`, `every N days for M doses`, `N times a week for M weeks`, `daily for N days` or `every A-B days for M-N weeks`, steps joined by `; then `."
        ],
        id="a loading that is no phrase",
    ),
    pytest.param(
        "treat.md",
        "3 times a week for 2 weeks",
        "8 times a week for 2 weeks",
        ["treat.md:39 row R2: 8 times a week. Write 1 to 7 times a week."],
        id="four times every day of the week",
    ),
    pytest.param(
        "treat.md",
        "every 2 days for 4 doses",
        "every 0 days for 4 doses",
        ["treat.md:39 row R2: `every 0 days for 4 doses` has a zero in it. Write at least 1."],
        id="a loading with a zero",
    ),
    pytest.param(
        "treat.md",
        "| no further improvement |",
        "| when better            |",
        [
            "treat.md:38 row R1: `when better` ends no loading. Write `no further improvement`, `N doses` or `-`."
        ],
        id="an end of loading that is none",
    ),
    pytest.param(
        "treat.md",
        "| every 2-3 months |",
        "| sometimes |",
        ["treat.md:38 row R1: `sometimes` is no maintenance. Write `every N months` or `every N-M months`."],
        id="a maintenance that is none",
    ),
    pytest.param(
        "treat.md",
        "| R1  | bacterial | penicillin | 500 mg |",
        "| R1  | bacterial | penicillin | 250 mg |",
        [
            "treat.md:38 row R1: 250 stands in no statement that the row cites. Cite the statement that says it, make it a parameter, or mark the row `inferred`."
        ],
        id="a dose that stands nowhere",
    ),
    pytest.param(
        "treat.md",
        "| row | milestone  | finding |",
        "| row | milestone  | sign    |",
        [
            "treat.md:49: the header `row | milestone | sign | months | display | because` is not that of a Timeline. Write `| row | milestone | finding | months | display | because |`."
        ],
        id="a timeline with another header",
    ),
    pytest.param(
        "treat.md",
        "| swallowing | better  |",
        "| swallowing | bettr   |",
        ["treat.md:51 row TL1: `bettr` is no finding. Did you mean `better`?"],
        id="a milestone of no finding",
    ),
    pytest.param(
        "treat.md",
        "| swallowing | better  |",
        "| swallowing | cause   |",
        [
            "treat.md:51 row TL1: `cause` is no finding. Known here: `temperature`, `age_years`, `tonsils`, `drooling`, `better`, `days_since_onset`, `examination`, `hoarse`, `crp`, `voice`."
        ],
        id="a milestone of a table's output",
    ),
    pytest.param(
        "treat.md",
        "| 2.5    |",
        "| some   |",
        ["treat.md:51 row TL1: `some` is no number of months. Write `3.5`, or `-` when none is published."],
        id="a milestone after some months",
    ),
    pytest.param(
        "treat.md",
        "| 2.5    |",
        "| 3.5    |",
        [
            "treat.md:51 row TL1: 3.5 stands in no statement that the row cites. Cite the statement that says it, make it a parameter, or mark the row `inferred`."
        ],
        id="a milestone's month that stands nowhere",
    ),
    pytest.param(
        "treat.md",
        "## Disagreement: C2 words",
        "## Disagreement: words",
        ["treat.md:67: `words` is no disagreement. Write `## Disagreement: C1 what it is about`."],
        id="a disagreement without an id",
    ),
    pytest.param(
        "treat.md",
        "## Disagreement: C2 words",
        "## Disagreement: C1 words",
        ["treat.md:67: a second `C1`, first at treat.md:54. Name it differently."],
        id="a disagreement twice",
    ),
    pytest.param(
        "treat.md",
        "Choice: Ours.\n",
        "",
        ["treat.md:67: C2 has no `Choice:`. Write `Choice: ...`; `-` for no rows."],
        id="a disagreement without a choice",
    ),
    pytest.param(
        "treat.md",
        "Choice: Ours.\n",
        "Choise: Ours.\n",
        [
            "treat.md:67: C2 has no `Choice:`. Write `Choice: ...`; `-` for no rows.",
            "treat.md:70: a line of unknown kind `Choise:`. Did you mean `Choice`?",
        ],
        id="a disagreement with an unknown line",
    ),
    pytest.param(
        "treat.md",
        "Choice: Ours.\n",
        "Choice: Ours.\nChoice: Yours.\n",
        ["treat.md:71: a second `Choice:`. Join the two."],
        id="a disagreement with a line twice",
    ),
    pytest.param(
        "treat.md",
        "Rows: R1, N1, TL1",
        "Rows: R1, N1, TL9",
        ["treat.md:54: `TL9` is no row of a table. Did you mean `TL2`?"],
        id="a disagreement about no row",
    ),
    pytest.param(
        "treat.md",
        "| own | this | own    |",
        "| own | this | owne   |",
        ["treat.md:76: `owne` is no source. Did you mean `own`?"],
        id="a disagreement with an unknown source",
    ),
    pytest.param(
        "treat.md",
        "| who | says | source |\n|-----|------|--------|\n| own",
        "| who | said | source |\n|-----|------|--------|\n| own",
        [
            "treat.md:74: the header `who | said | source` is not that of sides. Write `| who | says | source |`."
        ],
        id="a disagreement with another header",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), PLANTED)
def test_it_is_refused_where_it_stands_with_the_mend(plant, file, old, new, said):
    assert plant(file, old, new) == said
