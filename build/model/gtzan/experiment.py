"""The networks of the textbook experiment and their training: Keras on the files that gtzan.ts wrote. Run by it, not by hand.

plan.json: { clips, frames, bands, bandsKept, mean, deviation, descriptors, genres, model, epochs, samplesPerEpoch, batch, rate,
             threads, splits: {name: {train, validation, test: [clip]}}, jobs: [{id, split, network, start, seed}] }
images.u8 [clips, frames, bands] (0.6 dB a step from -100), descriptors.f32 [clips, descriptors], labels.i32 [clips].
Each job writes results/<id>.json; one that is there already is not run again. Categorical cross-entropy throughout;
the epoch that is best on the validation side is judged on the test side.
"""

import functools
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
with open(os.path.join(folder, "plan.json"), encoding="utf8") as file:
    plan = json.load(file)
tf.config.threading.set_intra_op_parallelism_threads(plan["threads"])
tf.config.threading.set_inter_op_parallelism_threads(1)
clips, frames, bands, kept = plan["clips"], plan["frames"], plan["bands"], plan["bandsKept"]
images = np.memmap(os.path.join(folder, "images.u8"), np.uint8, "r", shape=(clips, frames, bands))
descriptors = np.fromfile(os.path.join(folder, "descriptors.f32"), np.float32).reshape(clips, plan["descriptors"])
labels = np.fromfile(os.path.join(folder, "labels.i32"), np.int32)
genre_count = len(plan["genres"])
crop = frames // 3  # about 10 s
stack = 6  # frames that RNN and transformer take as one step
crops_heard = 4  # evenly over a clip, their probabilities averaged, when it is judged
layers = tf.keras.layers

# --- the shipped model: its shape for all networks, its weights for those that start from them --------------------

with open(os.path.join(plan["model"], "model.json"), encoding="utf8") as file:
    shipped = json.load(file)


def shipped_weights():
    with open(os.path.join(plan["model"], "weights.bin"), "rb") as stored:
        data, at, found = stored.read(), 0, {}
    for spec in shipped["weightsManifest"][0]["weights"]:
        kind = np.dtype(spec.get("quantization", {}).get("dtype", spec["dtype"]))
        if kind.kind != "f":
            sys.exit(f"The weights in {plan['model']} are stored as {kind}, which this experiment cannot read.")
        count = int(np.prod(spec["shape"]))
        found[spec["name"]] = np.frombuffer(data, kind, count, at).reshape(spec["shape"]).astype(np.float32)
        at += count * kind.itemsize
    return found


weights = shipped_weights()
trunk_layers = []
for layer in shipped["modelTopology"]["config"]["layers"]:
    if layer["config"]["name"].startswith(("block_", "pool_")):
        trunk_layers.append((layer["class_name"], layer["config"]))
if not trunk_layers or "recurrent/recurrent_kernel" not in weights or "local/kernel" not in weights:
    sys.exit(f"The model in {plan['model']} is not a CRNN of this pipeline: it has no block_0, recurrent and local.")
recurrent_units = weights["recurrent/recurrent_kernel"].shape[0]
# Half of the shipped units: with all of them, little of the budget would be left for what fuses the branches.
local_units = weights["local/kernel"].shape[1] // 2


def trunk(image, pretrained):
    """The shipped convolutions. From scratch each has batch normalisation; in the shipped weights that is folded in."""
    for kind, config in trunk_layers:
        if kind == "Conv2D":
            common = dict(strides=config["strides"], padding=config["padding"], name=config["name"])
            image = layers.Conv2D(config["filters"], config["kernel_size"], use_bias=pretrained, **common)(image)
            if not pretrained:
                image = layers.BatchNormalization(momentum=0.9)(image)
            image = layers.ReLU()(image)
        elif kind == "MaxPooling2D":
            image = layers.MaxPooling2D(config["pool_size"], padding=config["padding"], name=config["name"])(image)
        else:
            sys.exit(f"The model in {plan['model']} has a {kind} among its convolutions, which this experiment does not know.")
    return image


def as_sequence(image):
    return layers.Reshape((image.shape[1], image.shape[2] * image.shape[3]))(image)


def attention_gru(sequence):
    recurrent = layers.GRU(recurrent_units, return_sequences=True, reset_after=False, name="recurrent")(sequence)
    scores = layers.Dense(1, name="attention_scores")(recurrent)
    attention = layers.Softmax()(layers.Reshape((sequence.shape[1],))(scores))
    return layers.Dot(axes=1)([attention, recurrent])


def classify(summary, width):
    hidden = layers.Dense(width, activation="relu")(layers.Dropout(0.3)(summary))
    return layers.Dense(genre_count, name="genres")(layers.Dropout(0.3)(hidden))


# --- five networks, each with one width that is chosen so that all have as many parameters as the CRNN ------------


def cnn(image, extra, width):
    image = trunk(image, False)
    image = layers.Conv2D(width, 3, padding="same", use_bias=False)(image)
    image = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(image))
    sequence = as_sequence(image)
    return classify(layers.Concatenate()([layers.GlobalAveragePooling1D()(sequence), layers.GlobalMaxPooling1D()(sequence)]), 128)


def crnn(image, extra, width, sequence=None):
    return classify(attention_gru(as_sequence(trunk(image, False)) if sequence is None else sequence), width)


def rnn(image, extra, width):
    """Two bidirectional GRUs over stacks of six frames (0.19 s), then the mean over time."""
    frame_stacks = layers.Reshape((crop // stack, stack * bands))(layers.Cropping2D(((0, crop % stack), (0, 0)))(image))
    once = layers.Bidirectional(layers.GRU(width, return_sequences=True))(frame_stacks)
    twice = layers.Bidirectional(layers.GRU(width, return_sequences=True))(layers.Dropout(0.2)(once))
    return classify(layers.GlobalAveragePooling1D()(twice), 64)


def transformer(image, extra, width):
    """Three encoder layers (4 heads, normalisation first) over stacks of six frames (0.19 s), sinusoidal positions."""
    steps = crop // stack
    tokens = layers.Reshape((steps, stack * bands))(layers.Cropping2D(((0, crop % stack), (0, 0)))(image))
    size = 4 * (width // 4)
    angles = np.arange(steps)[:, None] / 10000 ** (2 * (np.arange(size)[None] // 2) / size)
    positions = np.where(np.arange(size) % 2 == 0, np.sin(angles), np.cos(angles)).astype(np.float32)
    tokens = layers.Dense(size)(tokens) + positions
    for _ in range(3):
        normal = layers.LayerNormalization()(tokens)
        tokens = tokens + layers.MultiHeadAttention(4, size // 4, dropout=0.1)(normal, normal)
        hidden = layers.Dense(2 * size, activation="gelu")(layers.LayerNormalization()(tokens))
        tokens = tokens + layers.Dropout(0.1)(layers.Dense(size)(hidden))
    return classify(layers.GlobalAveragePooling1D()(layers.LayerNormalization()(tokens)), 64)


def hybrid(image, extra, width, sequence=None):
    """The CRNN's attention over time, the CNN's maximum over time, and the acoustic descriptors, side by side."""
    sequence = as_sequence(trunk(image, False)) if sequence is None else sequence
    strongest = layers.GlobalMaxPooling1D()(layers.Dense(local_units, activation="relu", name="local")(sequence))
    described = layers.Dense(32, activation="relu")(layers.Dropout(0.3)(extra))
    return classify(layers.Concatenate()([attention_gru(sequence), strongest, described]), width)


networks = {"cnn": cnn, "crnn": crnn, "rnn": rnn, "transformer": transformer, "hybrid": hybrid}


def build(name, width):
    image, extra = layers.Input((crop, bands, 1)), layers.Input((plan["descriptors"],))
    return tf.keras.Model([image, extra], networks[name](image, extra, width))


budget = build("crnn", 256).count_params()


@functools.cache
def width_of(name):
    """The width with which this network comes nearest to the budget."""
    low, high = 8, 320
    while high - low > 1:
        middle = (low + high) // 2
        if build(name, middle).count_params() <= budget:
            low = middle
        else:
            high = middle
    return min((low, high), key=lambda width: abs(build(name, width).count_params() - budget))


# --- data ---------------------------------------------------------------------------------------------------------

mean, deviation = plan["mean"], plan["deviation"]


def standardised(image):
    """Decibels in units of the front end; what is above the low-pass says nothing: 0, as bands that training hides."""
    values = (image.astype(np.float32) * 0.6 - 100 - mean) / deviation
    values[..., kept:] = 0
    return values


class Images:
    """Crops of log-mel images, for networks from scratch."""

    length = crop

    def __init__(self):
        self.total = frames

    def cut(self, clip, start):
        return standardised(images[clip, start : start + crop])[..., np.newaxis]

    def varied(self, random, clip):
        part = self.cut(clip, random.integers(frames - crop + 1))
        part[:, :kept] += np.float32(random.normal(0, 3) / deviation)
        length, start = random.integers(1, 1 + crop // 8), random.integers(crop)
        part[start : start + length] = 0
        height, lowest = random.integers(1, 1 + bands // 8), random.integers(kept)
        part[:, lowest : lowest + height] = 0
        return part


class Sequences:
    """Crops of what the shipped convolutions, which stay as they are, make of whole clips."""

    def __init__(self):
        image = layers.Input((frames, bands, 1))
        frozen = tf.keras.Model(image, as_sequence(trunk(image, True)))
        for layer in frozen.layers:
            if layer.name.startswith("block_"):
                layer.set_weights([weights[f"{layer.name}/kernel"], weights[f"{layer.name}/bias"]])
        self.parameters = frozen.count_params()
        self.rows = np.concatenate(
            [frozen(standardised(images[at : at + 8])[..., np.newaxis], training=False).numpy() for at in range(0, clips, 8)]
        )
        self.total = self.rows.shape[1]
        self.length = self.total // 3

    def cut(self, clip, start):
        return self.rows[clip, start : start + self.length]

    def varied(self, random, clip):
        part = self.cut(clip, random.integers(self.total - self.length + 1)).copy()
        length, start = random.integers(1, 1 + self.length // 8), random.integers(self.length)
        part[start : start + length] = 0
        return part


def from_pretrained(name, source):
    width = width_of(name)
    sequence, extra = layers.Input((source.length, source.rows.shape[2])), layers.Input((plan["descriptors"],))
    model = tf.keras.Model([sequence, extra], networks[name](None, extra, width, sequence))
    named = {layer.name: layer for layer in model.layers}
    named["recurrent"].set_weights([weights["recurrent/kernel"], weights["recurrent/recurrent_kernel"], weights["recurrent/bias"]])
    named["attention_scores"].set_weights([weights["attention_scores/kernel"], weights["attention_scores/bias"]])
    if "local" in named:
        named["local"].set_weights([weights["local/kernel"][:, :local_units], weights["local/bias"][:local_units]])
    return model, model.count_params() + source.parameters


# --- training and judging -------------------------------------------------------------------------------------------


def probabilities(step, source, extra, chosen):
    starts = np.linspace(0, source.total - source.length, crops_heard).astype(int)
    rows = []
    for at in range(0, len(chosen), 8):
        part = chosen[at : at + 8]
        heard = np.stack([source.cut(clip, start) for clip in part for start in starts])
        said = tf.nn.softmax(step(heard, np.repeat(extra[part], crops_heard, 0))).numpy()
        rows.append(said.reshape(len(part), crops_heard, -1).mean(1))
    return np.concatenate(rows)


def run(job, sources):
    started = time.process_time()
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(job["seed"])
    random = np.random.default_rng(job["seed"])
    split = {side: np.array(chosen, int) for side, chosen in plan["splits"][job["split"]].items()}
    if job["start"] == "scratch":
        source, model = sources("images"), build(job["network"], width_of(job["network"]))
        parameters = model.count_params()
    else:
        source = sources("sequences")
        model, parameters = from_pretrained(job["network"], source)
    known = descriptors[split["train"]]
    extra = np.clip((descriptors - known.mean(0)) / (known.std(0) + 1e-6), -4, 4)

    # Every genre is drawn equally often, however many clips of it there are.
    counts = np.bincount(labels[split["train"]], minlength=genre_count)
    share = 1 / counts[labels[split["train"]]]
    share = share / share.sum()
    steps = max(1, plan["samplesPerEpoch"] // plan["batch"])
    warm = dict(warmup_target=plan["rate"], warmup_steps=steps)
    rate = tf.keras.optimizers.schedules.CosineDecay(0.0, plan["epochs"] * steps, **warm)
    optimizer = tf.keras.optimizers.Adam(rate, clipnorm=1.0)

    @tf.function(reduce_retracing=True)
    def learn(batch, described, wanted):
        with tf.GradientTape() as tape:
            logits = model([batch, described], training=True)
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits))
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
        return loss

    @tf.function(reduce_retracing=True)
    def say(batch, described):
        return model([batch, described], training=False)

    best, kept_weights, best_epoch = float("inf"), model.get_weights(), 0
    for epoch in range(plan["epochs"]):
        total = 0.0
        for _ in range(steps):
            chosen = random.choice(split["train"], plan["batch"], p=share)
            batch = np.stack([source.varied(random, clip) for clip in chosen])
            loss = float(learn(batch, extra[chosen].astype(np.float32), labels[chosen]))
            if not np.isfinite(loss):
                sys.exit(f"{job['id']}: the loss is no longer a number in epoch {epoch + 1}: lower the rate.")
            total += loss / steps
        if epoch % 4 == 3 or epoch == plan["epochs"] - 1:
            said = probabilities(say, source, extra, split["validation"])
            wanted = labels[split["validation"]]
            held = float(np.mean(-np.log(said[np.arange(len(wanted)), wanted] + 1e-9)))
            if held < best:
                best, kept_weights, best_epoch = held, model.get_weights(), epoch + 1
            print(f"{job['id']} epoch {epoch + 1}/{plan['epochs']} cross-entropy {total:.3f}, held out {held:.3f}", flush=True)
    model.set_weights(kept_weights)
    said = probabilities(say, source, extra, split["test"])
    return {"id": job["id"], "parameters": int(parameters), "bestEpoch": best_epoch, "seconds": time.process_time() - started,
            "predicted": said.argmax(1).tolist(), "clips": split["test"].tolist()}


made = {}


def sources(name):
    if name not in made:
        made[name] = Images() if name == "images" else Sequences()
    return made[name]


os.makedirs(os.path.join(folder, "results"), exist_ok=True)
for job in plan["jobs"]:
    path = os.path.join(folder, "results", job["id"] + ".json")
    if os.path.exists(path):
        print(f"{job['id']} is there already", flush=True)
        continue
    result = run(job, sources)
    with open(path + ".part", "w", encoding="utf8") as out:
        json.dump(result, out)
    os.replace(path + ".part", path)
    print(f"{job['id']}: {result['seconds']:.0f} s, {result['parameters']} parameters", flush=True)
