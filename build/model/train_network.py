"""The student in Keras, from the same description as the app's network (architecture.ts, network.ts)."""

import tensorflow as tf


def build(arch, embedding_count, precision="float32"):
    """
    The network of architecture.ts with the heads that only training has. With 'mixed_bfloat16' its convolutions multiply in half the time where the processor
    can. Outputs: embedding, genres, tags, genres per step, attention, teachers' embeddings, then each hint.
    """
    layers = tf.keras.layers
    tf.keras.mixed_precision.set_global_policy(precision)
    image = entry = layers.Input((arch["frames"], arch["melBands"], 1), name="log_mel")
    images = {}
    for index, block in enumerate(arch["blocks"]):
        common = dict(padding="same", use_bias=False, strides=block["stride"], name=f"block_{index}")
        image = layers.Conv2D(block["filters"], block["kernel"], **common)(image)
        image = layers.BatchNormalization(momentum=0.98, name=f"norm_{index}")(image)
        image = layers.ReLU(name=f"relu_{index}")(image)
        images[f"relu_{index}"] = image
        if block["pool"] != [1, 1]:
            image = layers.MaxPooling2D(block["pool"], padding="same", name=f"pool_{index}")(image)
        images[f"pool_{index}"] = image
    tf.keras.mixed_precision.set_global_policy("float32")
    steps = image.shape[1]
    sequence = layers.Reshape((steps, -1), name="sequence")(image)
    units = arch["recurrentUnits"]
    recurrent = layers.GRU(units, return_sequences=True, reset_after=False, name="recurrent")(sequence)
    scores = layers.Dense(1, name="attention_scores")(recurrent)
    attention = layers.Softmax(name="attention")(layers.Reshape((steps,))(scores))
    pooled = layers.Dot(axes=1, name="attended")([attention, recurrent])
    local = layers.Dense(units, activation="relu", name="local")(sequence)
    strongest = layers.GlobalMaxPooling1D(name="strongest")(local)
    summary = layers.Concatenate(name="summary")([pooled, strongest])
    dropped = layers.Dropout(0.1)(summary)
    embedding = layers.Dense(arch["embeddingSize"], name="embedding")(dropped)
    genres = layers.Dense(arch["genreCount"], name="genres")(embedding)
    tags = layers.Dense(arch["tagCount"], name="tags")(embedding)
    step_genres = layers.Dense(arch["genreCount"], name="step_genres")(recurrent)
    regression = layers.Dense(embedding_count, name="teacher_embedding")(embedding)
    hints = [hint_head(images[p["layer"]], p) for p in arch.get("hints", [])]
    return tf.keras.Model(entry, [embedding, genres, tags, step_genres, attention, regression, *hints])


def hint_head(image, point):
    """What a layer says of the teachers' map [times, bands, channels]: a linear map of every place."""
    image = image[:, : point["times"] * point["poolTime"]]
    if point["poolTime"] > 1:
        image = tf.keras.layers.MaxPooling2D((point["poolTime"], 1))(image)
    return tf.keras.layers.Dense(point["channels"], name=f"hint_{point['layer']}")(image)


def half_precision():
    """Whether this processor multiplies bfloat16 by itself; otherwise it would be slower."""
    try:
        with open("/proc/cpuinfo", encoding="utf8") as file:
            return "bf16" in file.read()
    except OSError:
        return False
