"""The catalogue is whole: every op of Keras's that Etalon promises, under all of its names."""

from __future__ import annotations

import pytest

from etalon import spec

PROMISED = {
    "layers": """
        dense dropout activation flatten reshape permute repeat_vector lambda
        activity_regularization masking
        conv1d conv2d conv3d separable_conv1d separable_conv2d depthwise_conv1d depthwise_conv2d
        conv1d_transpose conv2d_transpose conv3d_transpose
        cropping1d cropping2d cropping3d up_sampling1d up_sampling2d up_sampling3d
        zero_padding1d zero_padding2d zero_padding3d
        max_pooling1d max_pooling2d max_pooling3d
        average_pooling1d average_pooling2d average_pooling3d
        global_max_pooling1d global_max_pooling2d global_max_pooling3d
        global_average_pooling1d global_average_pooling2d global_average_pooling3d
        add subtract multiply average maximum minimum concatenate dot
        attention additive_attention multi_head_attention grouped_query_attention
        simple_rnn lstm gru bidirectional time_distributed
        leaky_relu prelu elu relu softmax thresholded_relu batch_normalization
        layer_normalization rms_normalization group_normalization embedding einsum_dense
        spatial_dropout1d spatial_dropout2d spatial_dropout3d
        alpha_dropout gaussian_dropout gaussian_noise
        up_sampling2d@keras2 batch_normalization@keras2 activity_regularization@keras2
        """,
    "activations": """
        softmax relu tanh sigmoid hard_sigmoid linear elu selu softplus softsign leaky_relu gelu
        silu mish exponential log_softmax relu6 hard_sigmoid@keras2
        """,
    "initializers": """
        zeros ones constant random_normal random_uniform truncated_normal variance_scaling
        orthogonal identity lecun_uniform lecun_normal glorot_uniform glorot_normal he_uniform
        he_normal identity@keras2
        """,
    "regularizers": "l1 l2 l1_l2 l1@keras2 l2@keras2 l1_l2@keras2",
    "losses": """
        mean_squared_error mean_absolute_error mean_absolute_percentage_error
        mean_squared_logarithmic_error squared_hinge hinge categorical_hinge binary_crossentropy
        log_cosh categorical_crossentropy sparse_categorical_crossentropy kl_divergence poisson
        cosine_similarity huber hinge@keras2 squared_hinge@keras2
        """,
    "optimizers": """
        sgd rmsprop adagrad adadelta adam adamax nadam adamw
        rmsprop@keras2 adagrad@keras2 adadelta@keras2 adamax@keras2 nadam@keras2
        """,
    "metrics": """
        binary_accuracy categorical_accuracy sparse_categorical_accuracy
        top_k_categorical_accuracy sparse_top_k_categorical_accuracy
        mean_squared_error mean_absolute_error mean_absolute_percentage_error
        mean_squared_logarithmic_error squared_hinge hinge categorical_hinge binary_crossentropy
        log_cosh categorical_crossentropy sparse_categorical_crossentropy kl_divergence poisson
        cosine_similarity huber binary_accuracy@keras2 top_k_categorical_accuracy@keras2
        """,
}
NAMES = {
    "mse": "losses/mean_squared_error",
    "MAE": "losses/mean_absolute_error",
    "mape": "losses/mean_absolute_percentage_error",
    "msle": "losses/mean_squared_logarithmic_error",
    "bce": "losses/binary_crossentropy",
    "kld": "losses/kl_divergence",
    "kullback_leibler_divergence": "losses/kl_divergence",
    "cosine_proximity": "losses/cosine_similarity",
    "logcosh": "losses/log_cosh",
    "metrics/mse": "metrics/mean_squared_error",
    "substract": "layers/subtract",
    "Conv2DTranspose": "layers/conv2d_transpose",
    "swish": "activations/silu",
    "GroupQueryAttention": "layers/grouped_query_attention",
    "GroupedQueryAttention": "layers/grouped_query_attention",
    "hinge@keras2": "losses/hinge@keras2",
}


@pytest.mark.parametrize("kind", PROMISED)
def test_what_is_promised_is_there(kind: str) -> None:
    assert {f"{kind}/{name}" for name in PROMISED[kind].split()} <= set(spec.catalogue())


def test_todays_edition_has_more_than_a_hundred_ops() -> None:
    assert sum(op.edition == "keras3" for op in spec.catalogue().values()) >= 115


@pytest.mark.parametrize("name", NAMES)
def test_an_op_is_found_under_all_its_names(name: str) -> None:
    assert spec.find(name).id == NAMES[name]
    assert [op.id for op in spec.select(name, spec.find(name).edition)] == [NAMES[name]]


@pytest.mark.parametrize("op", spec.catalogue().values(), ids=spec.catalogue())
def test_no_alias_leads_elsewhere(op: spec.Op) -> None:
    """But that of a metric which is the mean of a loss: without its kind it is the loss."""
    edition = op.id.partition("@")[1:]
    for alias in op.aliases:
        assert spec.find(f"{op.kind}/{alias}{''.join(edition)}") is op
        if op.kind != "metrics":
            assert spec.find(f"{alias}{''.join(edition)}") is op
