"""Stage 4, the training loop: Keras on the files that train.ts wrote (plan.json, inputs, targets), weights back as raw floats.

TensorFlow.js could do the same and is more than ten times slower a step; network.test.ts holds both builds of
architecture.json to the same outputs. Run by train.ts, not by hand; plan.json is its TrainingPlan.
"""

import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
import numpy as np
import tensorflow as tf

from train_network import build, half_precision
from train_samples import Samples

folder = sys.argv[1]
with open(os.path.join(folder, "plan.json"), encoding="utf8") as file:
    plan = json.load(file)
tf.config.threading.set_intra_op_parallelism_threads(plan["threads"])
tf.config.threading.set_inter_op_parallelism_threads(1)
tf.keras.utils.set_random_seed(plan["seed"])
random = np.random.default_rng(plan["seed"])
heard = Samples(folder, plan, random)

tag_columns = np.array(plan["tagColumns"])
embedding_columns = np.array(plan["embeddingColumns"])
hint_points, hint_sizes = heard.hint_points, heard.hint_sizes

arch = plan["architecture"]
model = build(arch, len(embedding_columns), "mixed_bfloat16" if half_precision() else "float32")
# What is judged and handed on is computed as the app computes it.
exact = build(arch, len(embedding_columns))
rate = tf.Variable(plan["rate"], trainable=False, dtype=tf.float32)
hint_weight = tf.Variable(1.0, trainable=False, dtype=tf.float32)
optimizer = tf.keras.optimizers.Adam(rate, clipnorm=1.0)
optimizer.build(model.trainable_variables)
average = [tf.Variable(v, trainable=False) for v in model.weights]
step = tf.Variable(0, dtype=tf.int64, trainable=False)
mean, deviation = float(plan["mean"]), float(plan["deviation"])
# A tag that hardly varies must not outweigh all others.
logit_scale = tf.constant(np.maximum(heard.deviation[tag_columns], 0.3), tf.float32)
embedding_mean = tf.constant(heard.mean[embedding_columns], tf.float32)
embedding_scale = tf.constant(heard.deviation[embedding_columns], tf.float32)


def hint_scales():
    """For each map the mean and spread of its channels over some training windows."""
    hints = heard.train[2]
    some = hints[np.linspace(0, len(hints) - 1, 200).astype(int)].astype(np.float32)
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


def judge():
    """Losses over the validation windows with the averaged weights."""
    exact.set_weights([v.numpy() for v in average])
    parts = [judge_step(*batch)[1].numpy() for batch in heard.validation_batches()]
    return np.mean(parts, 0) if parts else np.zeros(len(names))


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
    inputs = heard.validation[0] if len(heard.validation[0]) >= 4 else heard.train[0]
    probe = inputs[:4]
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
    samples = heard.epoch()
    total = np.zeros(len(names))
    for i in range(steps_per_epoch):
        at = (epoch + i / steps_per_epoch) / epochs
        warm = min(1.0, (epoch * steps_per_epoch + i + 1) / 100)
        rate.assign(plan["rate"] * warm * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * at))))
        # Hints lead the way; towards the end all of the network is for the answers themselves.
        hint_weight.assign(max(0.0, 1 - at / 0.6))
        size = plan["batch"]
        loss, parts = train_step(*heard.batch(samples[i * size : (i + 1) * size]))
        if not np.isfinite(loss.numpy()):
            sys.exit(f"The loss is no longer a number (epoch {epoch}, step {i}): lower the rate; the last checkpoint is kept.")
        total += parts.numpy()
        if i % 20 == 19:
            print(f"epoch {epoch + 1}/{epochs} step {i + 1}/{steps_per_epoch} {(time.time() - started) / (i + 1) / size * 1000:.1f} ms/sample "
                  + " ".join(f"{n} {v:.3f}" for n, v in zip(names, total / (i + 1))), flush=True)
    held = judge()
    score = float(held[1] + held[2] + 4 * held[3])
    curves.append({"epoch": epoch + 1, "train": dict(zip(names, (total / steps_per_epoch).tolist())),
                   "validation": dict(zip(names, held.tolist())), "seconds": time.time() - started, "mixes": heard.mix_count()})
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
