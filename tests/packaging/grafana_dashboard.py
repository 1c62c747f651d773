"""Reads a dashboard by Grafana's own schema (its Foundation SDK), and writes it again: what the schema does not have, or has
with another type, is lost or fails. Prints what was lost, a line each.

usage: grafana_dashboard.py FILE
"""
import json
import sys

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(given, written, path):
    if isinstance(given, dict) and isinstance(written, dict):
        for name, value in given.items():
            if name not in written:
                yield f"{path}.{name}"
            else:
                yield from lost(value, written[name], f"{path}.{name}")
    elif isinstance(given, list) and isinstance(written, list) and len(given) == len(written):
        for index, (value, other) in enumerate(zip(given, written)):
            yield from lost(value, other, f"{path}.{index}")
    elif given != written:
        yield path


with open(sys.argv[1], encoding="utf-8") as file:
    dashboard = json.load(file)
plugins.register_default_plugins()
for place in lost(dashboard, json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard))), "dashboard"):
    print(place)
