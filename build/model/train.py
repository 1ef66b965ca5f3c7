"""Stage 4, the training loop: Keras on the files that train.ts wrote (plan.json, inputs, targets), weights back as raw floats.

TensorFlow.js could do the same and is more than ten times slower a step; network.test.ts holds both builds of
architecture.json to the same outputs. Run by train.ts, not by hand.

plan.json: { architecture, train: {count}, validation: {count}, tagColumns, embeddingColumns, genres: [[{column, shift}]],
             mean, deviation, batch, samplesPerEpoch, epochs, rate, mixesFolder, seed }
Targets are float32 rows: for each teacher its embedding, then its 50 logits.
"""

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
arch = plan["architecture"]
frames, bands = arch["frames"], arch["melBands"]
tf.config.threading.set_intra_op_parallelism_threads(plan["threads"])
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(plan["seed"])
random = np.random.default_rng(plan["seed"])

tag_columns = np.array(plan["tagColumns"])
embedding_columns = np.array(plan["embeddingColumns"])
width = plan["targetWidth"]


def inputs_of(path, count):
    if count == 0:
        return np.zeros((0, frames, bands), np.uint8)
    return np.memmap(path, np.uint8, "r", shape=(count, frames, bands))


def targets_of(path):
    return np.fromfile(path, np.float32).reshape(-1, width)


hint_points = arch.get("hints", [])
hint_sizes = [p["times"] * p["bands"] * p["channels"] for p in hint_points]


def hints_of(path, count):
    """The teachers' feature maps of each sample, one byte a value, map after map."""
    if not hint_points or count == 0:
        return None
    return np.memmap(path, np.uint8, "r", shape=(count, sum(hint_sizes)))


train_inputs = inputs_of(os.path.join(folder, "train.u8"), plan["train"])
train_targets = targets_of(os.path.join(folder, "train.f32"))
train_weights = np.fromfile(os.path.join(folder, "train.weights.f32"), np.float32).astype(np.float64)
train_families = np.fromfile(os.path.join(folder, "train.families.i32"), np.int32)
train_hints = hints_of(os.path.join(folder, "train.hints.u8"), plan["train"])
validation_hints = hints_of(os.path.join(folder, "validation.hints.u8"), plan["validation"])
validation_inputs = inputs_of(os.path.join(folder, "validation.u8"), plan["validation"])
validation_targets = targets_of(os.path.join(folder, "validation.f32"))
target_mean, target_deviation = train_targets.mean(0), train_targets.std(0) + 1e-3


def genre_targets(rows):
    """The teachers' logits -> probability of each of our genres: the strongest of its sources, each shifted."""
    columns = []
    for sources in plan["genres"]:
        columns.append(np.max([rows[:, s["column"]] + s["shift"] for s in sources], axis=0))
    return 1 / (1 + np.exp(-np.stack(columns, 1)))


# --- network -------------------------------------------------------------------------------------------------


def build(precision="float32"):
    """The network; with 'mixed_bfloat16' its convolutions multiply in half the time where the processor can."""
    layers = tf.keras.layers
    tf.keras.mixed_precision.set_global_policy(precision)
    image = entry = layers.Input((frames, bands, 1), name="log_mel")
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
    regression = layers.Dense(len(embedding_columns), name="teacher_embedding")(embedding)
    hints = [hint_head(images[p["layer"]], p) for p in hint_points]
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


model = build("mixed_bfloat16" if half_precision() else "float32")
# What is judged and handed on is computed as the app computes it.
exact = build()
rate = tf.Variable(plan["rate"], trainable=False, dtype=tf.float32)
hint_weight = tf.Variable(1.0, trainable=False, dtype=tf.float32)
optimizer = tf.keras.optimizers.Adam(rate, clipnorm=1.0)
optimizer.build(model.trainable_variables)
average = [tf.Variable(v, trainable=False) for v in model.weights]
step = tf.Variable(0, dtype=tf.int64, trainable=False)
mean, deviation = float(plan["mean"]), float(plan["deviation"])
# A tag that hardly varies must not outweigh all others.
logit_scale = tf.constant(np.maximum(target_deviation[tag_columns], 0.3), tf.float32)
embedding_mean = tf.constant(target_mean[embedding_columns], tf.float32)
embedding_scale = tf.constant(target_deviation[embedding_columns], tf.float32)


def hint_scales():
    """For each map the mean and spread of its channels over some training windows."""
    some = train_hints[np.linspace(0, len(train_hints) - 1, 200).astype(int)].astype(np.float32)
    scales, at = [], 0
    for size, point in zip(hint_sizes, hint_points):
        rows = some[:, at : at + size].reshape(-1, point["channels"])
        # A channel that hardly ever speaks must not outweigh the others.
        scales.append((tf.constant(rows.mean(0)), tf.constant(np.maximum(rows.std(0), 8.0))))
        at += size
    return scales


scales = hint_scales() if hint_points else []


def hint_losses(said, wanted):
    """Mean squared error of each map, in units of its channels' spread."""
    errors, at = [], 0
    for out, size, point, (middle_value, spread) in zip(said, hint_sizes, hint_points, scales):
        shape = (-1, point["times"], point["bands"], point["channels"])
        target = tf.cast(tf.reshape(wanted[:, at : at + size], shape), tf.float32)
        errors.append(tf.reduce_mean(tf.square(out - (target - middle_value) / spread)))
        at += size
    return errors


def centred_cosines(rows):
    rows = rows - tf.reduce_mean(rows, 0, keepdims=True)
    rows = tf.math.l2_normalize(rows, 1, epsilon=1e-6)
    return tf.matmul(rows, rows, transpose_b=True)


def losses(batch, targets, genres, families, hints, training):
    network = model if training else exact
    levels = tf.cast(batch, tf.float32) * 0.6 - 100.0
    image = ((levels - mean) / deviation)[..., tf.newaxis]
    embedding, genre_logits, tag_logits, step_logits, attention, regression, *said = network(image, training=training)
    cross = tf.nn.sigmoid_cross_entropy_with_logits
    tags = tf.gather(targets, tag_columns, axis=1)
    wanted = (tf.gather(targets, embedding_columns, axis=1) - embedding_mean) / embedding_scale
    labels = tf.reduce_mean(tf.reduce_sum(cross(tf.sigmoid(tags), tag_logits), 1))
    distance = tf.reduce_mean(tf.square((tag_logits - tags) / logit_scale))
    copied = tf.reduce_mean(tf.square(regression - wanted))
    geometry = tf.reduce_mean(tf.square(centred_cosines(embedding) - centred_cosines(wanted)))
    ours = tf.reduce_mean(tf.reduce_sum(cross(genres, genre_logits), 1))
    pooled = tf.einsum("bt,btg->bg", attention, step_logits)
    timeline = tf.reduce_mean(tf.reduce_sum(cross(genres, pooled), 1))
    known = tf.cast(families >= 0, tf.float32)
    chosen = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(families, 0), genre_logits[:, : plan["familyCount"]])
    told = tf.reduce_sum(chosen * known) / (tf.reduce_sum(known) + 1e-3)
    hinted = hint_losses(said, hints)
    parts = tf.stack([labels, distance, copied, geometry, ours, timeline, told, *hinted])
    weights = tf.stack([0.1, 1.0, 1.0, 4.0, 0.1, 0.05, plan["labelWeight"], *([hint_weight] * len(hinted))])
    return tf.reduce_sum(parts * weights), parts


@tf.function(jit_compile=False)
def train_step(batch, targets, genres, families, hints):
    with tf.GradientTape() as tape:
        loss, parts = losses(batch, targets, genres, families, hints, True)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    step.assign_add(1)
    decay = tf.minimum(0.998, (1.0 + tf.cast(step, tf.float32)) / (10.0 + tf.cast(step, tf.float32)))
    for held, now in zip(average, model.weights):
        held.assign(decay * held + (1 - decay) * now)
    return loss, parts


@tf.function
def judge_step(batch, targets, genres, families, hints):
    return losses(batch, targets, genres, families, hints, False)


# --- data ----------------------------------------------------------------------------------------------------

mixes = {}


def interest(targets):
    """How much the teachers have to say: samples far from their mean are drawn more often."""
    standard = (targets[:, embedding_columns] - target_mean[embedding_columns]) / target_deviation[embedding_columns]
    return np.clip(np.mean(np.square(standard), 1), 0.4, 3.0)


def look_for_mixes():
    where = plan["mixesFolder"]
    if not os.path.isdir(where):
        return
    for name in sorted(os.listdir(where)):
        if name.endswith(".f32") and name not in mixes:
            targets = targets_of(os.path.join(where, name))
            path = os.path.join(where, name[:-4])
            if hint_points and not os.path.exists(path + ".hints.u8"):
                continue
            hints = hints_of(path + ".hints.u8", len(targets))
            mixes[name] = (inputs_of(path + ".u8", len(targets)), targets, hints, interest(targets))


train_interest = interest(train_targets)


def epoch_samples():
    """Which samples an epoch takes: (shard or None, index), a share of them mixes as far as there are any."""
    look_for_mixes()
    total = plan["samplesPerEpoch"]
    pool = [(name, index) for name, (_, targets, _, _) in mixes.items() for index in range(len(targets))]
    from_mixes = min(int(total * plan["mixShare"]), len(pool))
    chosen = []
    if from_mixes:
        shares = np.concatenate([interests for _, _, _, interests in mixes.values()])
        chosen = [pool[i] for i in random.choice(len(pool), from_mixes, replace=False, p=shares / shares.sum())]
    weights = train_weights * train_interest
    weights = weights / weights.sum()
    count = total - from_mixes
    # Without putting back as long as there are enough: as many different windows as possible.
    replace = count > np.count_nonzero(weights)
    base = random.choice(len(weights), count, replace=replace, p=weights)
    samples = chosen + [(None, int(i)) for i in base]
    random.shuffle(samples)
    return samples


slope = np.linspace(-0.5, 0.5, bands)
middle = int(round((mean + 100) / 0.6))
hiding = 0.25 if hint_points else 0.5


def varied(image):
    """
    Liberties that hardly change the labels: rolled in time (unless hints say what is where), another level and tilt
    (up to 3.6 dB), a few frames and bands hidden.
    """
    image = image.astype(np.int16) if hint_points else np.roll(image, random.integers(frames), axis=0).astype(np.int16)
    offset = random.integers(-6, 7) + random.uniform(-6, 6) * slope
    image = np.clip(image + np.round(offset).astype(np.int16), 0, 255).astype(np.uint8)
    if random.random() < hiding:
        length, start = random.integers(1, 1 + frames // 12), random.integers(frames)
        image[start : start + length] = middle
    if random.random() < hiding:
        height, start = random.integers(1, 1 + bands // 10), random.integers(bands)
        image[:, start : start + height] = middle
    return image


nothing = np.zeros((1, 0), np.uint8)


def batch_of(samples):
    images, targets, families, hints = [], [], [], []
    for name, index in samples:
        inputs, rows, maps = (train_inputs, train_targets, train_hints) if name is None else mixes[name][:3]
        images.append(varied(inputs[index]))
        targets.append(rows[index])
        families.append(train_families[index] if name is None else -1)
        hints.append(maps[index] if hint_points else nothing[0])
    rows = np.stack(targets)
    return np.stack(images), rows, genre_targets(rows).astype(np.float32), np.array(families, np.int32), np.stack(hints)


def judge():
    """Losses over the validation windows with the averaged weights."""
    exact.set_weights([v.numpy() for v in average])
    sums, batches = 0, 0
    size = plan["batch"]
    for start in range(0, len(validation_inputs) - size + 1, size):
        part = slice(start, start + size)
        rows = validation_targets[part]
        none = np.full(len(rows), -1, np.int32)
        hints = validation_hints[part] if hint_points else np.zeros((len(rows), 0), np.uint8)
        _, parts = judge_step(validation_inputs[part], rows, genre_targets(rows).astype(np.float32), none, hints)
        sums, batches = sums + parts.numpy(), batches + 1
    return sums / max(batches, 1)


# --- weights out, checkpoints ----------------------------------------------------------------------------------


def write_weights(path):
    """Averaged weights: <path>.f32 and an index <path>.json of names and shapes, in order."""
    index, values = [], []
    for variable, held in zip(model.weights, average):
        index.append({"name": variable.name.split(":")[0], "shape": list(variable.shape)})
        values.append(held.numpy().astype(np.float32).ravel())
    np.concatenate(values).tofile(path + ".f32.part")
    with open(path + ".json.part", "w", encoding="utf8") as out:
        json.dump(index, out)
    # What these weights say of four windows: export holds the TensorFlow.js build to it.
    exact.set_weights([v.numpy() for v in average])
    probe = validation_inputs[:4] if len(validation_inputs) >= 4 else train_inputs[:4]
    levels = (probe.astype(np.float32) * np.float32(0.6) - 100 - mean) / deviation
    outputs = exact(levels[..., np.newaxis], training=False)[:5]
    np.concatenate([out.numpy().astype(np.float32).ravel() for out in outputs]).tofile(path + ".probe.f32")
    os.replace(path + ".f32.part", path + ".f32")
    os.replace(path + ".json.part", path + ".json")


state = os.path.join(folder, "checkpoint.npz")
curves, first, best, since_better = [], 0, float("inf"), 0
if os.path.exists(state):
    saved = np.load(state, allow_pickle=True)
    model.set_weights([saved[f"w{i}"] for i in range(len(model.weights))])
    for i, variable in enumerate(average):
        variable.assign(saved[f"a{i}"])
    for i, variable in enumerate(optimizer.variables):
        variable.assign(saved[f"o{i}"])
    step.assign(int(saved["step"]))
    curves, first, best = json.loads(str(saved["curves"])), int(saved["epoch"]), float(saved["best"])
    random.bit_generator.state = json.loads(str(saved["random"]))
    since_better = int(saved["since_better"]) if "since_better" in saved else 0
    print(f"resumed after epoch {first}", flush=True)


if first == 0 and plan["initial"]:
    with open(plan["initial"] + ".json", encoding="utf8") as file:
        shapes = [entry["shape"] for entry in json.load(file)]
    flat = np.fromfile(plan["initial"] + ".f32", np.float32)
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    values = [part.reshape(shape) for part, shape in zip(np.split(flat, ends[:-1]), shapes)]
    model.set_weights(values)
    for variable, value in zip(average, values):
        variable.assign(value)
    print(f"starts from {plan['initial']}", flush=True)


def save_state(epoch):
    values = {f"w{i}": v.numpy() for i, v in enumerate(model.weights)}
    values.update({f"a{i}": v.numpy() for i, v in enumerate(average)})
    values.update({f"o{i}": v.numpy() for i, v in enumerate(optimizer.variables)})
    np.savez(
        state + ".part.npz", **values, step=int(step.numpy()), epoch=epoch, best=best, curves=json.dumps(curves),
        random=json.dumps(random.bit_generator.state), since_better=since_better,
    )
    os.replace(state + ".part.npz", state)


names = ["labels", "distance", "copied", "geometry", "genres", "timeline", "told", *(p["layer"] for p in hint_points)]
epochs = plan["epochs"]
steps_per_epoch = plan["samplesPerEpoch"] // plan["batch"]
for epoch in range(first, epochs):
    started = time.time()
    samples = epoch_samples()
    total = np.zeros(len(names))
    for i in range(steps_per_epoch):
        at = (epoch + i / steps_per_epoch) / epochs
        warm = min(1.0, (epoch * steps_per_epoch + i + 1) / 100)
        rate.assign(plan["rate"] * warm * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * at))))
        # Hints lead the way; towards the end all of the network is for the answers themselves.
        hint_weight.assign(max(0.0, 1 - at / 0.6))
        size = plan["batch"]
        loss, parts = train_step(*batch_of(samples[i * size : (i + 1) * size]))
        if not np.isfinite(loss.numpy()):
            sys.exit(f"The loss is no longer a number (epoch {epoch}, step {i}): lower the rate; the last checkpoint is kept.")
        total += parts.numpy()
        if i % 20 == 19:
            print(f"epoch {epoch + 1}/{epochs} step {i + 1}/{steps_per_epoch} {(time.time() - started) / (i + 1) / size * 1000:.1f} ms/sample "
                  + " ".join(f"{n} {v:.3f}" for n, v in zip(names, total / (i + 1))), flush=True)
    held = judge()
    score = float(held[1] + held[2] + 4 * held[3])
    curves.append({"epoch": epoch + 1, "train": dict(zip(names, (total / steps_per_epoch).tolist())),
                   "validation": dict(zip(names, held.tolist())), "seconds": time.time() - started, "mixes": sum(len(entry[1]) for entry in mixes.values())})
    print(f"epoch {epoch + 1} validation " + " ".join(f"{n} {v:.4f}" for n, v in zip(names, held)), flush=True)
    write_weights(os.path.join(folder, "last"))
    if score < best:
        best, since_better = score, 0
        write_weights(os.path.join(folder, "best"))
    else:
        since_better += 1
    save_state(epoch + 1)
    with open(os.path.join(folder, "curves.json"), "w", encoding="utf8") as out:
        json.dump(curves, out)
    if since_better >= plan["patience"]:
        print("no better for a while: stopped", flush=True)
        break
