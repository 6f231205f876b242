"""Tiny products as straight code: literal values, of shapes that are not square."""

from lstm_sym.evaluate.straight import column_product, column_sum, outer_product


def test_a_matrix_times_a_column():
    assert column_product(3, 2)([[1, 2], [3, 4], [5, 6]], [10, 1]) == [12, 34, 56]
    assert column_product(1, 1)([[7]], [6]) == [42]


def test_a_sum_of_outer_products_row_by_row():
    assert outer_product(2, 2, 3)([[1, 2], [3, 4]], [[1, 0, 2], [0, 1, 5]]) == [1, 3, 17, 2, 4, 24]


def test_a_sum_of_columns():
    assert column_sum(3, 2)([[1, 2], [10, 20], [100, 200]]) == [111, 222]
    assert column_sum(1, 1)([[5]]) == [5]
