"""From files to facts, in several processes: lines are cut out, brought together by patient, and settled."""
