"""What training hears: packed windows, mixes as they come, the liberties taken with both. Files: see train.ts and mixes.ts."""

import os

import numpy as np


class Samples:
    """Windows (bytes), target rows (for each teacher its embedding, then its 50 logits), families (-1: not labelled), hints."""

    def __init__(self, folder, plan, random):
        arch = plan["architecture"]
        self.plan, self.random = plan, random
        self.frames, self.bands = arch["frames"], arch["melBands"]
        self.hint_points = arch.get("hints", [])
        self.hint_sizes = [p["times"] * p["bands"] * p["channels"] for p in self.hint_points]
        self.train = self.packed(folder, "train")
        self.validation = self.packed(folder, "validation")
        self.weights = np.fromfile(os.path.join(folder, "train.weights.f32"), np.float32).astype(np.float64)
        self.families = np.fromfile(os.path.join(folder, "train.families.i32"), np.int32)
        rows = self.train[1]
        self.mean, self.deviation = rows.mean(0), rows.std(0) + 1e-3
        self.interest = self.interest_of(rows)
        self.mixes = {}
        self.middle = int(round((plan["mean"] + 100) / 0.6))

    def packed(self, folder, name):
        """Inputs, targets and hints (None without any) of windows or of a shard of mixes."""
        path = os.path.join(folder, name)
        targets = np.fromfile(path + ".f32", np.float32).reshape(-1, self.plan["targetWidth"])
        count = len(targets)
        if count == 0:
            return np.zeros((0, self.frames, self.bands), np.uint8), targets, np.zeros((0, sum(self.hint_sizes)), np.uint8)
        inputs = np.memmap(path + ".u8", np.uint8, "r", shape=(count, self.frames, self.bands))
        hints = None
        if self.hint_points:
            hints = np.memmap(path + ".hints.u8", np.uint8, "r", shape=(count, sum(self.hint_sizes)))
        return inputs, targets, hints

    def genres(self, rows):
        """The teachers' logits -> probability of each of our genres: the strongest of its sources, each shifted."""
        columns = []
        for sources in self.plan["genres"]:
            columns.append(np.max([rows[:, s["column"]] + s["shift"] for s in sources], axis=0))
        return (1 / (1 + np.exp(-np.stack(columns, 1)))).astype(np.float32)

    def interest_of(self, rows):
        """How much the teachers have to say: samples far from their mean are drawn more often."""
        columns = self.plan["embeddingColumns"]
        standard = (rows[:, columns] - self.mean[columns]) / self.deviation[columns]
        return np.clip(np.mean(np.square(standard), 1), 0.4, 3.0)

    def look_for_mixes(self):
        where = self.plan["mixesFolder"]
        for name in sorted(os.listdir(where)) if os.path.isdir(where) else []:
            shard = name[:-4]
            whole = name.endswith(".f32") and (not self.hint_points or os.path.exists(os.path.join(where, shard + ".hints.u8")))
            if whole and shard not in self.mixes:
                packed = self.packed(where, shard)
                self.mixes[shard] = (*packed, self.interest_of(packed[1]))

    def mix_count(self):
        return sum(len(targets) for _, targets, _, _ in self.mixes.values())

    def epoch(self):
        """Which samples an epoch takes: (shard or None, index), a share of them mixes as far as there are any."""
        self.look_for_mixes()
        total, random = self.plan["samplesPerEpoch"], self.random
        pool = [(name, index) for name, (_, targets, _, _) in self.mixes.items() for index in range(len(targets))]
        from_mixes = min(int(total * self.plan["mixShare"]), len(pool))
        chosen = []
        if from_mixes:
            shares = np.concatenate([interests for _, _, _, interests in self.mixes.values()])
            chosen = [pool[i] for i in random.choice(len(pool), from_mixes, replace=False, p=shares / shares.sum())]
        weights = self.weights * self.interest
        weights = weights / weights.sum()
        count = total - from_mixes
        # Without putting back as long as there are enough: as many different windows as possible.
        replace = count > np.count_nonzero(weights)
        base = random.choice(len(weights), count, replace=replace, p=weights)
        samples = chosen + [(None, int(i)) for i in base]
        random.shuffle(samples)
        return samples

    def varied(self, image):
        """
        Liberties that hardly change the labels: rolled in time (unless hints say what is where), another level and tilt
        (up to 3.6 dB), a few frames and bands hidden.
        """
        random, frames, bands = self.random, self.frames, self.bands
        hiding = 0.25 if self.hint_points else 0.5
        if not self.hint_points:
            image = np.roll(image, random.integers(frames), axis=0)
        offset = random.integers(-6, 7) + random.uniform(-6, 6) * np.linspace(-0.5, 0.5, bands)
        image = np.clip(image.astype(np.int16) + np.round(offset).astype(np.int16), 0, 255).astype(np.uint8)
        if random.random() < hiding:
            length, start = random.integers(1, 1 + frames // 12), random.integers(frames)
            image[start : start + length] = self.middle
        if random.random() < hiding:
            height, start = random.integers(1, 1 + bands // 10), random.integers(bands)
            image[:, start : start + height] = self.middle
        return image

    def batch(self, samples):
        """Inputs, targets, genres, families and hints of the samples."""
        images, targets, families, hints = [], [], [], []
        for name, index in samples:
            inputs, rows, maps = self.train if name is None else self.mixes[name][:3]
            images.append(self.varied(inputs[index]))
            targets.append(rows[index])
            families.append(self.families[index] if name is None else -1)
            hints.append(np.zeros(0, np.uint8) if maps is None else maps[index])
        rows = np.stack(targets)
        return np.stack(images), rows, self.genres(rows), np.array(families, np.int32), np.stack(hints)

    def validation_batches(self):
        """The held-out windows as they are, in whole batches."""
        inputs, targets, hints = self.validation
        size = self.plan["batch"]
        for start in range(0, len(inputs) - size + 1, size):
            part = slice(start, start + size)
            none = np.full(size, -1, np.int32)
            maps = np.zeros((size, 0), np.uint8) if hints is None else hints[part]
            yield inputs[part], targets[part], self.genres(targets[part]), none, maps
