r"""Notation: the many ways to write one thing, brought to one form over the whole document.

    dh, \bar h, g_h       h(t), h^{(t)}, h^{<t>}, h_prev       o_i^{(t)}       W_{fh}, W[:, :n]       f(z), \gamma(c_t)

Laws: a custom is followed only where the document shows it; the places in the text stay. Nothing is evaluated.
"""
