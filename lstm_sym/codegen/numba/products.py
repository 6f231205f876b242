"""Matrix products inside compiled loops: SciPy's BLAS, called by address, so that a call costs a tenth of NumPy's.

Laws: rows of the batch may lie apart; a result may be added to what is there. Matrices lie in the panels of the NumPy module.
"""

from __future__ import annotations

LETTERS = {"float32": "s", "float64": "d"}

PRODUCTS = '''
def _blas(name, arguments):
    """A BLAS function, by the address that SciPy gives for compiled code."""
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * arguments)(get_cython_function_address("scipy.linalg.cython_blas", name))


_gemm, _gemv = _blas("<letter>gemm", 13), _blas("<letter>gemv", 11)


@_compiled
def _numbers():
    """Memory for the numbers that BLAS reads: a letter for "as it lies", sizes, and factors."""
    return np.full(1, 78, np.uint8), np.ones(6, np.int32), np.ones(2, F)


@_compiled
def _product(numbers, kept, batch, inner, columns, left, left_stride, panels, out, out_stride):
    """out = kept * out + left @ panels. BLAS counts columns first, so that it is told of the transposed matrices."""
    letter, sizes, factors = numbers
    if batch == 1:
        factors[1] = kept
        sizes[0], sizes[1], sizes[2] = columns, inner, 1
        _gemv(
            letter.ctypes, sizes.ctypes, sizes[1:].ctypes, factors.ctypes, panels.ctypes, sizes.ctypes,
            left.ctypes, sizes[2:].ctypes, factors[1:].ctypes, out.ctypes, sizes[2:].ctypes,
        )
        return
    wide = columns if batch < FEW else _width(batch, inner, columns)
    tall = _height(batch, inner, wide)
    tall = tall if tall >= FEW else batch
    sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5] = wide, tall, inner, wide, left_stride, out_stride
    factors[1] = kept
    for start in range(0, columns, wide):
        for top in range(0, batch, tall):
            _gemm(
                letter.ctypes, letter.ctypes, sizes.ctypes, sizes[1:].ctypes, sizes[2:].ctypes, factors.ctypes,
                panels[start * inner :].ctypes, sizes[3:].ctypes, left[top * left_stride :].ctypes, sizes[4:].ctypes,
                factors[1:].ctypes, out[top * out_stride + start :].ctypes, sizes[5:].ctypes,
            )
'''


def products(dtype: str) -> str:
    """The text of the functions for a dtype."""
    return PRODUCTS.replace("<letter>", LETTERS[dtype])


def in_loops(support: str) -> str:
    """The text with the functions that say how panels are cut compiled, so that loops can call them."""
    for name in ("_divisor", "_height", "_width"):
        support = support.replace(f"def {name}(", f"@_compiled\ndef {name}(")
    return support
