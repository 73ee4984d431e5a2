"""Fails where a warning or error stands on a trap (a place that looks damaged and is right) of the same class.

usage: traps.py FINDINGS.json TRAPS.jsonl
"""
import json
import sys

findings = json.load(open(sys.argv[1], encoding="utf8"))["findings"]
hits = []
for line in open(sys.argv[2], encoding="utf8"):
    trap = json.loads(line)
    for f in findings:
        if f["rule"] != trap["class"] or f["severity"] == "info" or not f["file"].endswith(trap["file"]):
            continue
        if f["span"]["start"] < trap["end"] and trap["start"] < f["span"]["end"]:
            hits.append(f"{trap['file']}: {f['rule']} on “{trap['text']}”: {f['message']}")
print("\n".join(hits) if hits else "no trap hit")
sys.exit(1 if hits else 0)
