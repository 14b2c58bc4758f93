"""What of an open page somebody could not use, by the rules of axe-core."""

from axe_playwright_python.sync_playwright import Axe

axe = Axe()
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": WCAG_22_AA},
    # axe leaves this one to whoever asks for WCAG 2.2 by name.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


def violations(page):
    """Return what breaks the rules of WCAG 2.2 AA, each as one line with the rule, the place and the reason."""
    found = axe.run(page, options=OPTIONS)
    return [sentence(rule, node) for rule in found.response["violations"] for node in rule["nodes"]]


def sentence(rule, node):
    reasons = " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
    return f"{rule['id']}: {node['target'][0]}: {reasons}"
