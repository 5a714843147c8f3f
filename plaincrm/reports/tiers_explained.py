"""The tier of one customer explained: the sales of the period against each rule."""

from __future__ import annotations

from decimal import Decimal

from plaincrm.dates import Period
from plaincrm.index.index import Index
from plaincrm.index.names import Named
from plaincrm.reports.evidence import Explanation, Figure, amount, evidence
from plaincrm.reports.tiers import judged, tier_rules, why_tier
from plaincrm.reports.value_explained import sale_lines


def explain_tiers(index: Index, who: Named, period: Period) -> Explanation:
    """Which tier a customer has by hand, and which by its sales."""
    tier, proposed, revenue, margin, purchases, abc = judged(index, period, who.file)
    figures = {"revenue": revenue, "margin": margin, "purchases": Decimal(purchases)}
    rules = tier_rules(index)
    if proposed is None:
        says = Figure("Rule says", "", "Nothing: a customer no more, or one without a tier who has bought nothing.")
    else:
        says = Figure("Rule says", proposed, f"{why_tier(rules, tier, proposed, figures, abc)}.")
    told = (
        Figure("Tier", tier or "none", "As the note has it."),
        says,
        Figure("Revenue", amount(revenue), "The sum of the sales of the period."),
        Figure("Margin", amount(margin), "The sum of the margins that are known."),
        Figure("Purchases", str(purchases), "Entries with a sale above zero."),
        *([Figure("Class", abc, "By the revenue of those with more; see plaincrm value --explain.")] if abc else []),
    )
    tier_line = index.rows("select line from fields where file = ? and field = 'tier' and known = 1", (who.file,))
    lines = [*((who.file, line, "the tier by hand") for (line,) in tier_line), *sale_lines(index, who, period)]
    about = f"{index.vault.config.currency}, excluding VAT; {period.start} to {period.end}"
    return Explanation("tiers", who.customer, who.name, who.path, about, told, evidence(index, lines))
