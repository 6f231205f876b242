"""Each notation of the guide: the right line is proved or supported, the line with one mistake is not proved.

Law: the samples are written for these tests; each has the equations that it needs, and a mistake of the usual kinds in its wrong form.
"""

from __future__ import annotations

import pytest

from lstm_sym.claim import DEFINITION, Finding
from lstm_sym.notes.audit import audit
from lstm_sym.verdict import Status

ELMAN = r"$$s_t = \tanh(A s_{t-1} + B u_t + k)$$" + "\n"
READ_OUT = ELMAN + r"$$p_t = \operatorname{softmax}(C s_t + r)$$" + "\n"
LSTM = r"""
$$f_t = \sigma(W_f [h_{t-1}, x_t] + b_f), \quad i_t = \sigma(W_i [h_{t-1}, x_t] + b_i)$$
$$g_t = \tanh(W_g [h_{t-1}, x_t] + b_g), \quad o_t = \sigma(W_o [h_{t-1}, x_t] + b_o)$$
$$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \quad h_t = o_t \odot \tanh(c_t)$$
"""
GRU = r"""
\begin{align}
z_t &= \sigma(W_z x_t + U_z h_{t-1}) \\
r_t &= \sigma(W_r x_t + U_r h_{t-1}) \\
\bar{n}_t &= \tanh(W_n x_t + U_n (r_t \odot h_{t-1})) \\
h_t &= z_t \odot h_{t-1} + (1 - z_t) \odot \bar{n}_t
\end{align}
"""

CASES: dict[str, tuple[str, str, str]] = {
    "boxed": (ELMAN, r"$$\boxed{\delta_t = \frac{\partial L}{\partial s_t} \odot (1 - s_t^2)}$$ $$\frac{\partial L}{\partial A} = \sum_t \delta_t s_{t-1}^\top$$",
              r"$$\boxed{\delta_t = \frac{\partial L}{\partial s_t} \odot (1 - s_t)^2}$$ $$\frac{\partial L}{\partial A} = \sum_t \delta_t s_{t-1}^\top$$"),
    "underbrace": (LSTM, r"$$\frac{\partial L}{\partial f_t} = \underbrace{\frac{\partial L}{\partial c_t}}_{\text{from above}} \odot c_{t-1}$$",
                   r"$$\frac{\partial L}{\partial f_t} = \underbrace{\frac{\partial L}{\partial c_t}}_{\text{from above}} \odot c_{t}$$"),
    "distance": (LSTM, r"$$\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot g_t \\[6pt] \frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial c_t} \odot i_t$$",
                 r"$$\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot i_t \\[6pt] \frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial c_t} \odot g_t$$"),
    "spaces": (LSTM, r"$$\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot g_t \,\,\,\, \frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial c_t} \odot i_t$$",
               r"$$\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot i_t \,\,\,\, \frac{\partial L}{\partial g_t} = \frac{\partial L}{\partial c_t} \odot g_t$$"),
    "tail": (ELMAN, r"$$\frac{\partial L}{\partial B} = \sum_t \left(\frac{\partial L}{\partial s_t} \odot (1-s_t^2)\right) u_t^\top \in \mathbb{R}^{n \times m}$$",
             r"$$\frac{\partial L}{\partial B} = \sum_t \left(\frac{\partial L}{\partial s_t} \odot (1+s_t^2)\right) u_t^\top \in \mathbb{R}^{n \times m}$$"),
    "remark": (LSTM, r"$$\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t) \quad (\because h_t = o_t \odot \tanh(c_t))$$",
               r"$$\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot c_t \quad (\because h_t = o_t \odot \tanh(c_t))$$"),
    "rows of an array": (LSTM, r"$$\begin{array}{c} \frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot g_t \\ \frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1} \end{array}$$",
                         r"$$\begin{array}{c} \frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot f_t \\ \frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t} \end{array}$$"),
    "point as product": (ELMAN, r"$$\nabla_{u_t} L = B^T . \left(\nabla_{s_t} L \odot (1 - s_t^2)\right)$$", r"$$\nabla_{u_t} L = B . \left(\nabla_{s_t} L \odot (1 - s_t^2)\right)$$"),
    "escapes": (r"$$s\_t = tanh(A s\_{t-1} + B u\_t)\{}$$" + "\n", r"$$\nabla\_{B} L = \sum\_t (\nabla\_{s\_t} L \odot (1 - s\_t^2)) u\_t^T\{}$$",
                r"$$\nabla\_{B} L = \sum\_t (\nabla\_{s\_t} L \odot (1 + s\_t^2)) u\_t^T\{}$$"),
    "macros from elsewhere": (r"$$\Vs^{(t)} = \tanh(\MA \Vs^{(t-1)} + \MB \Vu^{(t)})$$" + "\n",
                              r"$$\nabla_{\MB} L = \sum_t \left(\nabla_{\Vs^{(t)}} L \odot (1 - \Vs^{(t)} \odot \Vs^{(t)})\right) {\Vu^{(t)}}^\top$$",
                              r"$$\nabla_{\MB} L = \sum_t \left(\nabla_{\Vs^{(t)}} L \odot (1 + \Vs^{(t)} \odot \Vs^{(t)})\right) {\Vu^{(t)}}^\top$$"),
    "operator and quantity": (GRU, r"$$g_{\bar n_t} = g_{h_t} \odot (1 - z_t), \quad \delta_{\bar n_t} = g_{\bar n_t} \odot (1 - \bar n_t^2), \quad g_{W_n} \mathrel{+}= \delta_{\bar n_t} x_t^\top$$",
                              r"$$g_{\bar n_t} = g_{h_t} \odot (1 + z_t), \quad \delta_{\bar n_t} = g_{\bar n_t} \odot (1 - \bar n_t)^2, \quad g_{W_n} \mathrel{+}= \delta_{\bar n_t} h_t^\top$$"),
    "delta as differential": (LSTM, r"$$\frac{\delta L}{\delta f_t} = \frac{\delta L}{\delta c_t} \odot c_{t-1}$$", r"$$\frac{\delta L}{\delta f_t} = \frac{\delta L}{\delta c_t} \odot c_{t+1}$$"),
    "part of one step": (ELMAN, r"$$\frac{\partial L}{\partial A}^{(t)} = \left(\frac{\partial L}{\partial s_t} \odot (1-s_t^2)\right) s_{t-1}^\top, \quad \frac{\partial L}{\partial A} = \sum_{t=1}^{T} \frac{\partial L}{\partial A}^{(t)}$$",
                         r"$$\frac{\partial L}{\partial A}^{(t)} = \left(\frac{\partial L}{\partial s_t} \odot (1-s_t^2)\right) s_{t}^\top, \quad \frac{\partial L}{\partial A} = \sum_{t=3}^{T} \frac{\partial L}{\partial A}^{(t)}$$"),
    "batch and length": (ELMAN, r"$$\delta_t = \frac{\partial L}{\partial s_t} \odot (1-s_t^2), \quad \frac{\partial L}{\partial k} = \sum_{t=1}^{T_u} \sum_{\text{batch}} \delta_t, \quad \frac{\partial L}{\partial A} = \sum_{t=1}^{T_u} \delta_t s_{t-1}^\top$$".replace("T_u", "T_x"),
                         r"$$\delta_t = \frac{\partial L}{\partial s_t} \odot (1+s_t^2), \quad \frac{\partial L}{\partial k} = \sum_{t=2}^{T_u} \sum_{\text{batch}} \delta_t, \quad \frac{\partial L}{\partial A} = \sum_{t=1}^{T_u} \delta_t s_{t}^\top$$".replace("T_u", "T_x")),
    "part of a gradient": (LSTM, r"$$\frac{\partial L}{\partial h_t} = \left.\frac{\partial L}{\partial h_t}\right|_{\text{direct}} + \left.\frac{\partial L}{\partial h_t}\right|_{\text{future}}$$ $$\left.\frac{\partial L}{\partial h_{t-1}}\right|_{\text{future}} = W_f[:, :n]^T \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1-f_t)\right) + W_i[:, :n]^T \left(\frac{\partial L}{\partial i_t} \odot i_t \odot (1-i_t)\right) + W_g[:, :n]^T \left(\frac{\partial L}{\partial g_t} \odot (1-g_t^2)\right) + W_o[:, :n]^T \left(\frac{\partial L}{\partial o_t} \odot o_t \odot (1-o_t)\right)$$",
                           r"$$\left.\frac{\partial L}{\partial h_{t-1}}\right|_{\text{future}} = W_f[:, :n]^T \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1-f_t)\right) + W_i[:, :n]^T \left(\frac{\partial L}{\partial i_t} \odot i_t \odot (1-i_t)\right) + W_g[:, :n]^T \left(\frac{\partial L}{\partial g_t} \odot (1-g_t^2)\right)$$"),
    "blocks by name": (LSTM, r"$$\frac{\partial L}{\partial W_{fh}} = \sum_t \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)\right) h_{t-1}^T, \quad \frac{\partial L}{\partial W_{fx}} = \sum_t \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)\right) x_{t}^T$$",
                       r"$$\frac{\partial L}{\partial W_{fh}} = \sum_t \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)\right) h_{t}^T, \quad \frac{\partial L}{\partial W_{fx}} = \sum_t \left(\frac{\partial L}{\partial f_t} \odot f_t \odot (1 - f_t)\right) x_{t-1}^T$$"),
    "slices of a vector": (r"$$a_t = W x_t + U h_{t-1} + b, \quad i_t = \sigma(a_t[0:H]), \quad f_t = \sigma(a_t[H:2H]), \quad o_t = \sigma(a_t[2H:3H]), \quad g_t = \tanh(a_t[3H:4H])$$ $$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \quad h_t = o_t \odot \tanh(c_t)$$" + "\n",
                           r"$$\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot g_t$$", r"$$\frac{\partial L}{\partial i_t} = \frac{\partial L}{\partial c_t} \odot f_t$$"),
    "block of a gate": (r"$$i_t = \sigma\big((x_t W + b)_i + (h_{t-1} U)_i\big), \quad f_t = \sigma\big((x_t W + b)_f + (h_{t-1} U)_f\big), \quad g_t = \tanh\big((x_t W + b)_g + (h_{t-1} U)_g\big)$$ $$c_t = f_t \odot c_{t-1} + i_t \odot g_t, \quad h_t = \tanh(c_t)$$" + "\n",
                        r"$$di_t = dc_t \odot g_t \odot i_t (1 - i_t), \quad df_t = dc_t \odot c_{t-1} \odot f_t (1 - f_t), \quad dg_t = dc_t \odot i_t \odot (1 - g_t^2)$$ $$q_t = [\, di_t \;\; df_t \;\; dg_t \,]$$ $$dW = \sum_t x_t^\top q_t$$",
                        r"$$di_t = dc_t \odot g_t \odot i_t (1 + i_t), \quad df_t = dc_t \odot c_{t} \odot f_t (1 - f_t), \quad dg_t = dc_t \odot i_t \odot (1 - g_t)^2$$ $$q_t = [\, di_t \;\; df_t \;\; dg_t \,]$$ $$dW = \sum_t h_t^\top q_t$$"),
    "columns of functions": (r"$$\begin{pmatrix} i_t \\ f_t \\ g_t \end{pmatrix} = \begin{pmatrix} \sigma \\ \sigma \\ \tanh \end{pmatrix} W \begin{pmatrix} x_t \\ h_{t-1} \end{pmatrix}, \quad c_t = f_t \odot c_{t-1} + i_t \odot g_t, \quad h_t = \tanh(c_t)$$" + "\n",
                             r"$$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t-1}$$", r"$$\frac{\partial L}{\partial f_t} = \frac{\partial L}{\partial c_t} \odot c_{t}$$"),
    "rows of blocks": (r"$$\begin{bmatrix} a_t \\ e_t \end{bmatrix} = \begin{bmatrix} P_a & Q_a \\ P_e & Q_e \end{bmatrix} \begin{bmatrix} x_t \\ h_{t-1} \end{bmatrix}, \quad \begin{bmatrix} g_t \\ f_t \end{bmatrix} = \begin{bmatrix} \rho(a_t) \\ \sigma(e_t) \end{bmatrix}, \quad h_t = f_t \odot h_{t-1} + (1 - f_t) \odot g_t$$" + "\n",
                       r"$$\frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot (1 - f_t) \odot (1 - g_t^2)$$", r"$$\frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot f_t \odot (1 - g_t^2)$$"),
    "softmax read-out": (READ_OUT, r"$$dp_t = p_t - y_t, \quad dC \mathrel{+}= dp_t s_t^T, \quad ds_t = C^T dp_t + ds_{next}$$", r"$$dC \mathrel{+}= (y_t - p_t) s_t^T, \quad ds_t = C^T (p_t + y_t) + ds_{next}$$"),
    "one-hot and entries": (READ_OUT.replace("C s_t + r", "v_t") + r"$$v_t = C s_t + r$$" + "\n", r"$$(\nabla_{v_t} L)_i = \frac{\partial L}{\partial v_{t,i}} = p_{t,i} - \mathbf{1}_{i = y_t}$$",
                            r"$$(\nabla_{v_t} L)_i = \frac{\partial L}{\partial v_{t,i}} = p_{t,i} + \mathbf{1}_{i = y_t}$$"),
    "loss by its use": (LSTM, r"$$\frac{\partial Q}{\partial f_t} = \frac{\partial Q}{\partial c_t} \odot c_{t-1}, \quad \frac{\partial L_{\text{CE}}}{\partial i_t} = \frac{\partial L_{\text{CE}}}{\partial c_t} \odot g_t$$", r"$$\frac{\partial Q}{\partial f_t} = \frac{\partial Q}{\partial c_t} \odot c_{t}$$"),
    "no times": (r"$z = x W + h U$, $f = \sigma(z)$, $g = \tanh(x P + h Q)$, $c_t = f \odot c_{t-1} + (1 - f) \odot g$, $h_t = \tanh(c_t)$" + "\n\n",
                 r"$$\frac{\partial L}{\partial z} = \frac{\partial L}{\partial f} \odot f \odot (1 - f), \quad \frac{\partial L}{\partial g} = \frac{\partial L}{\partial c_t} \odot (1 - f)$$", r"$$\frac{\partial L}{\partial z} = \frac{\partial L}{\partial f} \odot f \odot (1 + f), \quad \frac{\partial L}{\partial g} = \frac{\partial L}{\partial c_t} \odot (1 + f)$$"),
    "passed back": (LSTM, r"$$\frac{\partial L}{\partial c_{t-1}} = \frac{\partial L}{\partial c_t} \odot f_t$$", r"$$\frac{\partial L}{\partial c_{t-1}} = \frac{\partial L}{\partial c_t} \odot i_t$$"),
    "input of a gate": (LSTM, r"$$\delta^h_t = \frac{\partial L}{\partial h_t}, \quad \delta^o_t = \delta^h_t \odot \tanh(c_t) \odot \sigma'(o_t \text{ input})$$ $$\frac{\partial L}{\partial b_o} = \sum_t \delta^o_t$$", r"$$\delta^h_t = \frac{\partial L}{\partial h_t}, \quad \delta^o_t = \delta^h_t \odot c_t \odot \sigma'(o_t \text{ input})$$ $$\frac{\partial L}{\partial b_o} = \sum_t \delta^o_t$$"),
    "slopes of functions": (ELMAN, r"$$\sigma'(v) = \sigma(v)(1 - \sigma(v)), \quad \frac{d}{dv}\tanh(v) = 1 - \tanh^2(v), \quad (\tanh v)' = 1 - \tanh^2 v$$", r"$$\sigma'(v) = \sigma(v)(1 + \sigma(v)), \quad \frac{d}{dv}\tanh(v) = 1 + \tanh^2(v), \quad (\tanh v)' = 1 - \tanh v$$"),
    "letters for activations": (r"$$s_t = \phi(A s_{t-1} + B u_t), \quad \phi(v) = \tanh(v)$$" + "\n", r"$$\frac{\partial L}{\partial B} = \sum_t \left(\frac{\partial L}{\partial s_t} \odot (1 - s_t^2)\right) u_t^\top$$", r"$$\frac{\partial L}{\partial B} = \sum_t \left(\frac{\partial L}{\partial s_t} \odot s_t \odot (1 - s_t)\right) u_t^\top$$"),
    "sum up to t": (ELMAN, r"$$\frac{\partial L}{\partial k} = \sum_{j=1}^{t} \frac{\partial L}{\partial s_j} \odot (1 - s_j^2)$$", r"$$\frac{\partial L}{\partial k} = \sum_{j=1}^{t} \frac{\partial L}{\partial s_j} \odot (1 - s_j)$$"),
    "chain rule": (ELMAN, r"$$\frac{\partial L}{\partial A} = \sum_t \frac{\partial L}{\partial s_t} \frac{\partial^{+} s_t}{\partial A}, \quad \frac{\partial s_t}{\partial s_k} = \prod_{j=k+1}^{t} \frac{\partial s_j}{\partial s_{j-1}}$$", r"$$\frac{\partial s_t}{\partial s_{t-1}} = \operatorname{diag}(1 + s_t^2) A$$"),
    "helpers": (GRU, r"$$v_1 = \frac{\partial L}{\partial h_t} \odot (1 - z_t) \odot (1 - \bar n_t^2), \quad v_2 = U_n^\top v_1, \quad \frac{\partial L}{\partial r_t} = v_2 \odot h_{t-1}$$ $$\frac{\partial L}{\partial W_n} \mathrel{+}= v_1 x_t^\top$$", r"$$v_1 = \frac{\partial L}{\partial h_t} \odot (1 - z_t) \odot (1 - \bar n_t^2), \quad v_2 = U_n^\top v_1, \quad \frac{\partial L}{\partial r_t} = v_2 \odot h_{t}$$"),
    "a tilde set above": (r"$$\stackrel{\sim}{c_t} = \tanh(W x_t + U h_{t-1}), \quad c_t = f_t \odot c_{t-1} + \stackrel{\sim}{c_t}, \quad f_t = \sigma(P x_t + Q h_{t-1}), \quad h_t = \tanh(c_t)$$" + "\n", r"$$\frac{\partial L}{\partial \stackrel{\sim}{c_t}} = \frac{\partial L}{\partial c_t}$$", r"$$\frac{\partial L}{\partial \stackrel{\sim}{c_t}} = \frac{\partial L}{\partial c_{t-1}}$$"),
}  # fmt: skip
"""The equations, right lines, and the same with mistakes."""


def claims(equations: str, lines: str) -> list[Finding]:
    """What is found about the lines behind the equations, definitions aside."""
    report = audit(equations + "\n" + lines + "\n")
    return [finding for finding in report if finding.claim.start >= len(equations) and finding.claim.kind != DEFINITION]


@pytest.mark.parametrize("name", CASES)
def test_right_lines_hold(name: str) -> None:
    equations, right, _ = CASES[name]
    found = claims(equations, right)
    assert found
    assert [(f.claim.text, str(f.status), f.reason) for f in found if f.status < Status.SUPPORTED] == []


@pytest.mark.parametrize("name", CASES)
def test_lines_with_a_mistake_are_not_proved(name: str) -> None:
    equations, _, wrong = CASES[name]
    wrong_lines = [f for f in claims(equations, wrong) if f.status is Status.PROVED]
    right_texts = {f.claim.text for f in claims(equations, CASES[name][1])}
    assert [f.claim.text for f in wrong_lines if f.claim.text not in right_texts] == []


DECLARED = {
    r"h_0 = 0": "the value of h where the steps begin or end",
    r"\delta^c_{T+1} = 0": "the value of delta_c where the steps begin or end",
    r"t = 1": "the range of an index",
    r"f_t \approx 1": "an assumption about f",
    r"\delta_t = \frac{\partial L}{\partial h_t}": "the definition of delta: it is the adjoint of h",
    r"\phi = \tanh": "what function phi is",
}


@pytest.mark.parametrize("line", DECLARED)
def test_what_only_declares_is_a_definition(line: str) -> None:
    report = audit(LSTM + f"\n$${line}$$\n")
    assert report.findings[-1].claim.kind == DEFINITION
    assert report.findings[-1].reason == DECLARED[line]


@pytest.mark.parametrize(
    "text",
    [
        r"Gradient $= e \times W$, output $\approx 1$, $h_t = \sigma(...)$",
        r"$$\text{size} \propto \prod_t (1 - h_t^2) \approx 0$$",
    ],
)
def test_a_sketch_is_no_claim(text: str) -> None:
    assert len(audit(LSTM + "\n" + text).findings) == len(audit(LSTM).findings)


def test_cells_under_headings_have_definitions_of_their_own() -> None:
    text = (
        "## Simple\n"
        + r"$$h_t = \tanh(V h_{t-1} + R x_t + k)$$"
        + "\n"
        + r"$$\frac{\partial L}{\partial x_t} = R^T\left(\frac{\partial L}{\partial h_t} \odot (1 - h_t^2)\right)$$"
    )
    report = audit(
        text + "\n## Gated\n" + LSTM + r"$$\frac{\partial L}{\partial o_t} = \frac{\partial L}{\partial h_t} \odot \tanh(c_t)$$"
    )
    assert report.cell == "the cell elman; the cell lstm"
    assert {str(finding.status) for finding in report} == {"PROVED"}


def test_a_bare_naming_binds() -> None:
    """A line that is right only if the naming were another is not proved."""
    named = ELMAN + r"$$\delta_t = \frac{\partial L}{\partial s_t}$$" + "\n"
    line = r"$$\frac{\partial L}{\partial k} = \sum_t \delta_t$$"
    assert [str(f.status) for f in claims(named, line)] != ["PROVED"]


def test_a_macro_that_is_used_once_stays_unreadable() -> None:
    report = audit(ELMAN + r"$$s_t = \Vq s_{t-1}$$")
    assert "the command \\Vq" in (report.findings[-1].reason or "")
