"""The calls of ``false_alarms.py``: each op that sums, at hundreds to thousands of terms.

An entry has the config and the dimensions of a case, as its id writes them, for values; and what is
otherwise for gradients, whose truths are computed forward, once for each coordinate. Names that are
not there have the first value of their domain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from etalon import spec
from etalon.conformance.cases.case import Case, parse

LAYERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "dense": (
            "units=256,use_bias=true,batch=1024x,features=1024",
            "units=8,batch=512x,features=64",
        ),
        "einsum_dense": (
            "equation=abc%2Ccd-%3Eabd,output_shape=64x128,bias_axes=d,batch=32,rest=64x512",
            "output_shape=32x16,batch=16,rest=32x64",
        ),
        "conv1d": (
            "filters=64,kernel_size=9x,channels=64,use_bias=true,batch=32,spatial=136x",
            "filters=8,channels=32,batch=2,spatial=72x",
        ),
        "conv2d": (
            "filters=64,kernel_size=3x3,channels=64,use_bias=true,batch=4,spatial=34x34",
            "filters=8,channels=32,batch=2,spatial=18x18",
        ),
        "conv3d": (
            "filters=32,kernel_size=3x3x3,channels=16,use_bias=true,batch=4,spatial=6x18x18",
            "filters=4,channels=16,batch=1,spatial=6x10x10",
        ),
        "conv1d_transpose": (
            "filters=32,kernel_size=8x,channels=64,use_bias=true,batch=32,spatial=128x",
            "filters=8,channels=32,batch=4,spatial=64x",
        ),
        "conv2d_transpose": (
            "filters=32,kernel_size=3x3,channels=64,use_bias=true,batch=8,spatial=16x16",
            "filters=8,channels=32,batch=2,spatial=10x10",
        ),
        "conv3d_transpose": (
            "filters=16,kernel_size=2x2x2,channels=64,use_bias=true,batch=4,spatial=8x8x8",
            "filters=4,channels=16,batch=1,spatial=6x6x6",
        ),
        "depthwise_conv1d": (
            "kernel_size=256x,channels=8,use_bias=true,batch=4,spatial=511x",
            "channels=1,batch=2,spatial=383x",
        ),
        "depthwise_conv2d": (
            "kernel_size=16x16,channels=4,use_bias=true,batch=2,spatial=47x47",
            "channels=1,batch=1,spatial=31x31",
        ),
        "separable_conv1d": (
            "filters=64,kernel_size=64x,channels=64,use_bias=true,batch=8,spatial=127x",
            "filters=8,channels=8,batch=2",
        ),
        "separable_conv2d": (
            "filters=64,kernel_size=8x8,channels=64,use_bias=true,batch=4,spatial=23x23",
            "filters=8,channels=8,batch=1",
        ),
        "average_pooling1d": (
            "pool_size=256x,strides=3x,channels=8,batch=8,spatial=1024x",
            "channels=1,batch=2,spatial=640x",
        ),
        "average_pooling2d": (
            "pool_size=16x16,strides=3x3,channels=8,batch=4,spatial=112x112",
            "channels=1,batch=1,spatial=40x40",
        ),
        "average_pooling3d": (
            "pool_size=8x8x8,strides=3x3x3,channels=4,batch=4,spatial=32x32x32",
            "channels=1,batch=1,spatial=17x17x17",
        ),
        "global_average_pooling1d": ("channels=64,batch=64,spatial=1024x", "channels=4,batch=4"),
        "global_average_pooling2d": ("channels=64,batch=64,spatial=32x32", "channels=4,batch=4"),
        "global_average_pooling3d": ("channels=64,batch=64,spatial=8x8x16", "channels=4,batch=4"),
        "batch_normalization": (
            "training=true,axis=-1,center=true,scale=true,shape=4096x64",
            "shape=1024x4",
        ),
        "layer_normalization": (
            "axis=-1,center=true,scale=true,batch=512,rest=1024x",
            "batch=64,rest=256x",
        ),
        "group_normalization": (
            "groups=4,center=true,scale=true,batch=64,rest=16x16x32",
            "groups=2,batch=4,rest=8x8x4",
        ),
        "rms_normalization": ("batch=512,rest=1024x", "batch=64,rest=256x"),
        "softmax": ("batch=512,rest=1024x", "batch=16,rest=512x"),
        "attention": (
            "use_scale=true,batch=8,target=64,source=512,features=64,keyed=true",
            "batch=1,target=8,source=256,features=16",
        ),
        "additive_attention": (
            "use_scale=true,batch=4,target=32,source=256,features=64,keyed=true",
            "batch=1,target=4,source=128,features=16",
        ),
        "multi_head_attention": (
            "num_heads=4,key_dim=32,value_dim=32,use_bias=true,"
            "batch=4,target=64,source=256,features=128,depth=128,breadth=64",
            "num_heads=2,key_dim=8,value_dim=8,batch=1,target=8,source=128,features=16,"
            "depth=16,breadth=8",
        ),
        "grouped_query_attention": (
            "head_dim=32,num_query_heads=4,num_key_value_heads=2,use_bias=true,"
            "batch=4,target=64,source=256,features=128",
            "head_dim=8,batch=1,target=8,source=128,features=16",
        ),
        "simple_rnn": (
            "units=256,use_bias=true,return_sequences=true,batch=64,time=4,features=256",
            "units=32,batch=8,time=4,features=32",
        ),
        "lstm": (
            "units=128,use_bias=true,return_sequences=true,batch=64,time=4,features=128",
            "units=16,batch=8,time=4,features=32",
        ),
        "gru": (
            "units=128,use_bias=true,return_sequences=true,batch=64,time=4,features=128",
            "units=16,batch=8,time=4,features=32",
        ),
        "bidirectional": (
            "layer=lstm,units=64,use_bias=true,return_sequences=true,batch=32,time=4,features=128",
            "units=8,batch=8,time=4,features=32",
        ),
        "time_distributed": (
            "units=128,use_bias=true,batch=32,time=16,size=x,features=512",
            "units=8,batch=16,time=16,features=64",
        ),
        "dot": ("batch=16,inner=1024,rest=64x,others=64x", "batch=2,inner=256,rest=8x,others=8x"),
        "embedding": ("input_dim=5,output_dim=64,batch=4096x", "output_dim=8"),
        "masking": ("batch=64,steps=512,features=32", "batch=4,features=4"),
        "add": ("sizes=" + "x".join(["64"] * 16) + ",batch=64,height=16", "batch=4,height=2"),
        "average": ("sizes=" + "x".join(["64"] * 16) + ",batch=64,height=16", "batch=4,height=2"),
    }
)

OTHERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "activations/softmax": ("shape=512x1024", "shape=16x512"),
        "activations/log_softmax": ("shape=512x1024", "shape=16x512"),
        "regularizers/l1": ("shape=512x512", "shape=64x64"),
        "regularizers/l2": ("shape=512x512", "shape=64x64"),
        "regularizers/l1_l2": ("shape=512x512", "shape=64x64"),
    }
)

LOSSES = (
    "reduction=none,shape=1024x256,batch=1024x,outputs=256",
    "reduction=sum_over_batch_size,shape=64x256,batch=64x,outputs=256",
)
METRICS = ("splits=512x512,outputs=256,rest=256x,classes=256", "splits=64x64")


def scope() -> dict[str, tuple[str, str]]:
    """Return what is called of each op: for values, and for gradients."""
    layers = {f"layers/{name}": texts for name, texts in LAYERS.items()}
    of_kind = {
        op.id: _fitting(op, texts)
        for op in spec.catalogue().values()
        for kind, texts in (("losses", LOSSES), ("metrics", METRICS))
        if op.kind == kind and op.edition == spec.words.EDITIONS[0]
    }
    return {**layers, **OTHERS, **of_kind}


def _fitting(op: spec.Op, texts: tuple[str, str]) -> tuple[str, str]:
    """Return the parts of texts whose names an op has."""
    known = {*op.config, *op.dims}
    first, second = (
        ",".join(pair for pair in text.split(",") if pair.partition("=")[0] in known)
        for text in texts
    )
    return first, second


def case(op: str, dtype: str, seed: int, gradients: bool) -> Case:
    """Return the case of an op for a seed: on normal numbers."""
    values, others = scope()[op]
    return parse(f"{op}:{dtype}:normal:x1.0:s{seed}:{values}{',' + others if gradients else ''}")


def cases(op: str, dtype: str, seeds: int, gradients: bool) -> Iterator[Case]:
    """Yield the cases of an op, one for each seed."""
    return (case(op, dtype, seed, gradients) for seed in range(seeds))
