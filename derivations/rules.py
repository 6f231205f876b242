"""The rules that move a vector-Jacobian product, in general form."""

from export import write

from lstm_sym.proof.rules import prove_rule, rule_statements
from lstm_sym.render.expression.statement import equation
from lstm_sym.render.typeset.escape import escape

rules = list(rule_statements())
lines = " \\\\\n".join(rf"  & {equation(statement)} && \text{{{escape(name)}}}" for name, statement in rules)

write(
    __file__,
    f"\\begin{{align*}}\n{lines}\n\\end{{align*}}\n",
    {f"{number}. {name}": prove_rule(statement) for number, (name, statement) in enumerate(rules, start=1)},
)
