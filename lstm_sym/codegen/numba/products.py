"""Matrix products inside compiled loops: SciPy's BLAS, called by address, so that a call costs a tenth of NumPy's.

Laws: rows of the batch may lie apart; a result may be added to what is there. A product is cut into pieces that BLAS libraries
multiply without packing them first, where there are such pieces.
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
def _pieces(batch, inner, columns):
    """Columns and rows of the pieces into which to cut a matrix of `inner` rows."""
    wide, deep = columns, inner
    while batch * deep * wide > 1000000:
        if wide >= 128 and wide % 2 == 0:
            wide //= 2
        elif deep >= 512 and deep % 2 == 0:
            deep //= 2
        else:
            return columns, inner
    return wide, deep


@_compiled
def _product(numbers, kept, batch, inner, columns, left, left_stride, matrix, out, out_stride):
    """out = kept * out + left @ matrix. BLAS counts columns first, so that it is told of the transposed matrices."""
    letter, sizes, factors = numbers
    if batch == 1:
        factors[1] = kept
        sizes[0], sizes[1], sizes[2] = columns, inner, 1
        _gemv(
            letter.ctypes, sizes.ctypes, sizes[1:].ctypes, factors.ctypes, matrix.ctypes, sizes.ctypes,
            left.ctypes, sizes[2:].ctypes, factors[1:].ctypes, out.ctypes, sizes[2:].ctypes,
        )
        return
    wide, deep = _pieces(batch, inner, columns)
    sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5] = wide, batch, deep, columns, left_stride, out_stride
    for top in range(0, inner, deep):
        factors[1] = kept if top == 0 else F(1)
        for start in range(0, columns, wide):
            _gemm(
                letter.ctypes, letter.ctypes, sizes.ctypes, sizes[1:].ctypes, sizes[2:].ctypes, factors.ctypes,
                matrix[top * columns + start :].ctypes, sizes[3:].ctypes, left[top:].ctypes, sizes[4:].ctypes,
                factors[1:].ctypes, out[start:].ctypes, sizes[5:].ctypes,
            )
'''


def products(dtype: str) -> str:
    """The text of the functions for a dtype."""
    return PRODUCTS.replace("<letter>", LETTERS[dtype])
