"""Asks another program for the beats and the key of files: paths on stdin, a line of JSON for each on stdout.

peers.py PROGRAM, one of aubio, librosa, essentia: each as its documentation says, with its own defaults.
"""

import json
import os
import sys
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
warnings.filterwarnings("ignore")


def ask_aubio():
    import aubio

    def ask(path):
        source = aubio.source(path, 44100, 512)
        tempo = aubio.tempo("default", 1024, 512, source.samplerate)
        beats = []
        while True:
            samples, read = source()
            if tempo(samples):
                beats.append(float(tempo.get_last_s()))
            if read < 512:
                break
        # As its own demo_bpm_extract.py does: the median, where there are enough of them.
        steps = sorted(after - before for before, after in zip(beats, beats[1:]))
        bpm = 60 / steps[len(steps) // 2] if len(steps) > 3 else float(tempo.get_bpm())
        return {"bpm": bpm, "beats": beats, "key": None}

    return aubio.version, ask


def ask_librosa():
    import librosa
    import numpy

    def ask(path):
        samples, rate = librosa.load(path, sr=22050)
        bpm, beats = librosa.beat.beat_track(y=samples, sr=rate, units="time")
        return {"bpm": float(numpy.atleast_1d(bpm)[0]), "beats": [float(beat) for beat in beats], "key": None}

    return librosa.__version__, ask


def ask_essentia():
    import essentia

    essentia.log.infoActive = False
    import essentia.standard as standard

    def ask(path):
        samples = standard.MonoLoader(filename=path, sampleRate=44100)()
        bpm, beats, confidence, _, _ = standard.RhythmExtractor2013(method="multifeature")(samples)
        key, scale, strength = standard.KeyExtractor()(samples)
        return {
            "bpm": float(bpm),
            "beats": [float(beat) for beat in beats],
            "confidence": float(confidence),
            "key": f"{key} {scale}",
            "strength": float(strength),
        }

    return essentia.__version__, ask


def main():
    version, ask = {"aubio": ask_aubio, "librosa": ask_librosa, "essentia": ask_essentia}[sys.argv[1]]()
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    print(json.dumps({"version": version}), file=answers, flush=True)
    for line in sys.stdin:
        try:
            answer = ask(line.rstrip("\n"))
        except Exception as error:  # A file that it cannot read is told, and is no reason to stop.
            answer = {"failed": str(error)}
        print(json.dumps(answer), file=answers, flush=True)


main()
