"""The equations at a glance: the worksheet's list on one page, parameters stacked where they can be."""

from lstm_sym.render.derivation.glance import glance_latex


def test_the_lstm_at_a_glance_has_the_worksheets_list(derivation):
    text = glance_latex(derivation("lstm"))
    assert [line.split("}}")[0] for line in text.splitlines() if line.startswith("\\lstmheading")] == [
        r"\lstmheading{Forward}",
        r"\lstmheading{Backward, for $t = T, \dots, 0$}",
        r"\lstmheading{After the last step}",
        r"\lstmheading{Stacked}",
        r"\lstmheading{Gradients}",
        r"\lstmheading{Update}",
    ]
    assert r"\delta \mathit{out}_t &= \Delta_t + \Delta \mathit{out}_t \\" in text
    assert r"\delta W &= \sum_{t=0}^T \delta \mathit{gates}_t \otimes x_t \\" in text
    assert r"W^{\mathrm{new}} &= W - \lambda \, \delta W \\" in text
    assert r"\delta W_a" not in text


def test_parameters_outside_the_stack_stand_alone(derivation):
    text = glance_latex(derivation("gru"))
    assert r"\delta U_g &= " in text
    assert r"\delta W_g &= " not in text
