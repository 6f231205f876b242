"""Floats against enclosures: correct float32 passes, an error beyond the stated bound does not; frameworks through their own layout."""

import numpy as np
import pytest

from lstm_sym.code import verify_floats
from lstm_sym.errors import InputError
from lstm_sym.verdict import Status

T, N, M = 4, 3, 2


def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def lstm(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, v):
    """Outputs of an LSTM in the layout of torch.nn.LSTM (i, f, g, o; two biases), and the gradients of sum(out * v)."""
    h, c, saved, outputs = h0, c0, [], []
    n = len(h0)
    for t in range(len(x)):
        z = weight_ih @ x[t] + bias_ih + weight_hh @ h + bias_hh
        i, f, g, o = sigmoid(z[:n]), sigmoid(z[n : 2 * n]), np.tanh(z[2 * n : 3 * n]), sigmoid(z[3 * n :])
        saved.append((h, c, i, f, g, o))
        c = f * c + i * g
        h = o * np.tanh(c)
        outputs.append(h)
    dw_ih, dw_hh, db, dx = np.zeros_like(weight_ih), np.zeros_like(weight_hh), np.zeros_like(bias_ih), np.zeros_like(x)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in range(len(x) - 1, -1, -1):
        h_prev, c_prev, i, f, g, o = saved[t]
        y = np.tanh(f * c_prev + i * g)
        dh = dh + v[t]
        dc = dc + dh * o * (1 - y * y)
        dz = np.concatenate([dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g * g), dh * y * o * (1 - o)])
        dw_ih += np.outer(dz, x[t])
        dw_hh += np.outer(dz, h_prev)
        db += dz
        dx[t], dh, dc = weight_ih.T @ dz, weight_hh.T @ dz, dc * f
    return {
        "out": np.stack(outputs),
        "weight_ih": dw_ih,
        "weight_hh": dw_hh,
        "bias_ih": db,
        "bias_hh": db,
        "x": dx,
        "h0": dh,
        "c0": dc,
    }


def arguments(scale=1.0, seed=5):
    rng = np.random.default_rng(seed)
    shapes = {
        "x": (T, M),
        "h0": (N,),
        "c0": (N,),
        "weight_ih": (4 * N, M),
        "weight_hh": (4 * N, N),
        "bias_ih": (4 * N,),
        "bias_hh": (4 * N,),
    }
    return {**{name: scale * rng.standard_normal(shape) for name, shape in shapes.items()}, "v": rng.standard_normal((T, N))}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", [0.01, 1.0, 6.0, 20.0])
def test_correct_floats_pass_at_their_own_precision(dtype, scale):
    report = verify_floats(lstm, lstm, arguments(scale), dtype=dtype)
    assert report.status is Status.SUPPORTED
    assert all(result.share <= 1 for result in report.results)
    assert sum(result.checks for result in report.results) == 110
    assert report.bound.startswith("|error| <= 2 E u, u = ")


@pytest.mark.parametrize(("dtype", "relative"), [("float32", 1e-5), ("float64", 1e-13)])
def test_an_error_beyond_the_bound_is_refuted(dtype, relative):
    def wrong(**arrays):
        results = lstm(**arrays)
        results["weight_hh"] = results["weight_hh"] * arrays["x"].dtype.type(1 + relative)
        return results

    report = verify_floats(wrong, lstm, arguments(), dtype=dtype)
    assert [result.name for result in report.results if result.status is Status.REFUTED] == ["weight_hh"]
    assert report.result("weight_hh").share > 1
    assert "got " in report.text()


def test_not_a_number_is_refuted():
    def broken(**arrays):
        return {"out": np.full((T, N), np.nan, dtype=np.float32)}

    assert verify_floats(broken, lstm, arguments()).status is Status.REFUTED


def test_a_result_that_the_reference_lacks_is_named():
    with pytest.raises(InputError, match="results named cell too"):
        verify_floats(lambda **arrays: {"cell": np.zeros(1)}, lstm, arguments())


def test_an_integer_dtype_is_refused():
    with pytest.raises(InputError, match="expected float16, float32 or float64"):
        verify_floats(lstm, lstm, arguments(), dtype="int32")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_torch_lstm_with_weights_in_its_own_layout(dtype):
    torch = pytest.importorskip("torch")

    def framework(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, v):
        layer = torch.nn.LSTM(M, N).to(getattr(torch, dtype))
        weights = {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias_ih": bias_ih, "bias_hh": bias_hh}
        with torch.no_grad():
            for name, value in weights.items():
                getattr(layer, name + "_l0").copy_(torch.from_numpy(value))
        states = {"x": x, "h0": h0, "c0": c0}
        tensors = {name: torch.from_numpy(value).requires_grad_() for name, value in states.items()}
        out, _ = layer(tensors["x"][:, None], (tensors["h0"][None, None], tensors["c0"][None, None]))
        (out[:, 0] * torch.from_numpy(v)).sum().backward()
        gradients = {name: getattr(layer, name + "_l0").grad.numpy() for name in weights}
        return {"out": out[:, 0].detach().numpy(), **gradients, **{name: tensor.grad.numpy() for name, tensor in tensors.items()}}

    report = verify_floats(framework, lstm, arguments(), dtype=dtype)
    assert report.status is Status.SUPPORTED, report.text()
    assert len(report.results) == 8


def test_onnx_runtime_lstm_with_weights_in_its_own_layout():
    runtime = pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")

    def framework(x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, v):
        def ordered(a):  # i f g o here, i o f c there
            i, f, g, o = np.split(a, 4)
            return np.concatenate([i, o, f, g])[None]

        names = ["X", "W", "R", "B", "", "h", "c"]
        values = [
            x[:, None], ordered(weight_ih), ordered(weight_hh), np.concatenate([ordered(bias_ih), ordered(bias_hh)], axis=1), None,
            h0[None, None], c0[None, None],
        ]  # fmt: skip
        given = {name: value for name, value in zip(names, values, strict=True) if name}
        helper = onnx.helper
        node = helper.make_node("LSTM", names, ["Y"], hidden_size=N)
        infos = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, value.shape) for name, value in given.items()]
        result = helper.make_tensor_value_info("Y", onnx.TensorProto.FLOAT, [T, 1, 1, N])
        graph = helper.make_graph([node], "lstm", infos, [result])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return {"out": session.run(None, given)[0][:, 0, 0]}

    assert verify_floats(framework, lstm, arguments()).status is Status.SUPPORTED
