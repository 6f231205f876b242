"""Activations as compiled loops want them: range-reduced polynomials without a call, so that they run on vectors of numbers.

    exp(x) = 2^n exp(r),  n = round(x / log 2),  r = x - n log 2        tanh(x) = x + x^3 R(x^2)  for |x| < 0.625
                                                                               = 1 - 2 / (exp(2|x|) + 1)  with its sign, beyond

The coefficients are those of the Cephes library (Moshier 1984 to 2000). Laws: the sigmoid and the slope 1 / cosh^2 go through
exp of one sign, so that their tails keep their relative accuracy; a number that is none stays one.
"""

from __future__ import annotations

EXP32 = '''
@numba.njit(inline="always")
def _exp(x):
    """exp(x), 0 and infinity where it leaves the range of normal numbers."""
    shifted = x * F(1.44269504) + F(12582912.0)  # 1.5 * 2^23: rounds to a whole number in the last bits
    n = shifted - F(12582912.0)
    r = x - n * F(0.693359375)
    r = r + n * F(2.12194440e-4)
    p = F(1.9875691500e-4)
    p = p * r + F(1.3981999507e-3)
    p = p * r + F(8.3334519073e-3)
    p = p * r + F(4.1665795894e-2)
    p = p * r + F(1.6666665459e-1)
    p = p * r + F(5.0000001201e-1)
    p = p * r * r + r + F(1)
    half = (n * F(0.5) + F(12582912.0)) - F(12582912.0)
    y = p * _power_of_two(half) * _power_of_two(n - half)
    y = F(0) if x < F(-87.33) else y
    return F(np.inf) if x > F(88.7228) else y


@numba.njit(inline="always")
def _power_of_two(n):
    """2^n for a whole number n between -126 and 127."""
    shifted = F(n + F(12583039.0))  # 1.5 * 2^23 + 127
    return np.int32(shifted.view(np.int32) << np.int32(23)).view(np.float32)
'''

EXP64 = '''
@numba.njit(inline="always")
def _exp(x):
    """exp(x), 0 and infinity where it leaves the range of normal numbers."""
    shifted = x * F(1.4426950408889634) + F(6755399441055744.0)  # 1.5 * 2^52: rounds to a whole number in the last bits
    n = shifted - F(6755399441055744.0)
    r = x - n * F(6.93145751953125e-1)
    r = r - n * F(1.42860682030941723212e-6)
    s = r * r
    p = F(1.26177193074810590878e-4)
    p = p * s + F(3.02994407707441961300e-2)
    p = p * s + F(9.99999999999999999910e-1)
    p = p * r
    q = F(3.00198505138664455042e-6)
    q = q * s + F(2.52448340349684104192e-3)
    q = q * s + F(2.27265548208155028766e-1)
    q = q * s + F(2)
    p = F(1) + F(2) * (p / (q - p))
    half = (n * F(0.5) + F(6755399441055744.0)) - F(6755399441055744.0)
    y = p * _power_of_two(half) * _power_of_two(n - half)
    y = F(0) if x < F(-708.39) else y
    return F(np.inf) if x > F(709.782712893384) else y


@numba.njit(inline="always")
def _power_of_two(n):
    """2^n for a whole number n between -1022 and 1023."""
    shifted = F(n + F(6755399441056767.0))  # 1.5 * 2^52 + 1023
    return np.int64(shifted.view(np.int64) << np.int64(52)).view(np.float64)
'''

TANH32 = """
@numba.njit(inline="always")
def _tanh(x):
    size = abs(x)
    s = x * x
    p = F(-5.70498872745e-3)
    p = p * s + F(2.06390887954e-2)
    p = p * s + F(-5.37397155531e-2)
    p = p * s + F(1.33314422036e-1)
    p = p * s + F(-3.33332819422e-1)
    near = p * s * x + x
    far = F(1) - F(2) / (_exp(size + size) + F(1))
    far = -far if x < F(0) else far
    return near if size < F(0.625) else far
"""

TANH64 = """
@numba.njit(inline="always")
def _tanh(x):
    size = abs(x)
    s = x * x
    p = F(-9.64399179425052238628e-1)
    p = p * s + F(-9.92877231001918586564e1)
    p = p * s + F(-1.61468768441708447952e3)
    q = s + F(1.12811678491632931402e2)
    q = q * s + F(2.23548839060100448583e3)
    q = q * s + F(4.84406305325125486048e3)
    near = s * (p / q) * x + x
    far = F(1) - F(2) / (_exp(size + size) + F(1))
    far = -far if x < F(0) else far
    return near if size < F(0.625) else far
"""

FROM_EXP = '''
@numba.njit(inline="always")
def _logistic(x):
    return F(1) / (F(1) + _exp(-x))


@numba.njit(inline="always")
def _sech2(x):
    """1 / cosh(x)^2, from exp(-|x|)."""
    e = _exp(-abs(x))
    sech = F(2) * e / (F(1) + e * e)
    return sech * sech
'''

ACTIVATIONS: dict[str, str] = {"tanh": "_tanh", "sigma": "_logistic", "tanh'": "_sech2"}
"""The function of each activation in a generated module."""
TEXTS: dict[str, str] = {"float32": EXP32 + "\n" + TANH32 + "\n" + FROM_EXP, "float64": EXP64 + "\n" + TANH64 + "\n" + FROM_EXP}
"""The functions for each dtype."""

SELF_TEST = '''
def _activations_agree():
    """Raises AssertionError where a compiled activation is far from NumPy's, over nearly all of its range."""
    largest = 0.98 * float(np.log(np.finfo(F).max))
    wide, z = (np.linspace(-end, end, 322).astype(F) for end in (largest, 0.45 * largest))
    e = np.exp(-abs(z.astype(float)))
    for name, function, arguments, expected in (
        ("exp", _exp, wide, np.exp(wide.astype(float))),
        ("tanh", _tanh, z, np.tanh(z.astype(float))),
        ("sigma", _logistic, z, np.where(z < 0, e, 1) / (1 + e)),
        ("sech^2", _sech2, z, (2 * e / (1 + e * e)) ** 2),
    ):
        found = np.array([function(each) for each in arguments], float)
        worst = (abs(found / expected - 1)).max() / np.finfo(F).eps
        if not worst <= 16:
            raise AssertionError(f"{name}: got an error of {worst:.3g} eps, expected at most 16")
'''
"""Part of the self-test of a module."""

FINITE = '''
@_compiled
def _finite_bits(bits):
    """Whether every number, read as an integer without its sign, is below infinity."""
    largest = np.<integer>(0)
    for k in range(bits.size):
        largest = max(largest, np.<integer>(bits[k] & np.<integer>(<size>)))
    return largest < np.<integer>(<infinity>)


def _all_finite(array):
    """The same for any array; one that lies in one piece is read once, and nothing is written."""
    if array.dtype == DTYPE and array.flags.c_contiguous:
        return _finite_bits(array.reshape(-1).view(np.<integer>))
    return np.isfinite(array).all()
'''
BITS = {"float32": ("int32", "0x7FFFFFFF", "0x7F800000"), "float64": ("int64", "0x7FFFFFFFFFFFFFFF", "0x7FF0000000000000")}


def finite(dtype: str) -> str:
    """The text of the check that all entries are finite."""
    integer, size, infinity = BITS[dtype]
    return FINITE.replace("<integer>", integer).replace("<size>", size).replace("<infinity>", infinity)
