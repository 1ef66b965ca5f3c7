"""Reads exports with parsers of other people, and compares each field with Cratewise's own JSON of the same library."""

import json
import sys
from pathlib import Path

folder = Path(sys.argv[1])
document = json.loads((folder / "library.json").read_text(encoding="utf-8"))
tracks = {track["id"]: track for track in document["tracks"]}
checked = 0


def same(what, left, right):
    global checked
    checked += 1
    if isinstance(left, float) or isinstance(right, float):
        equal = left is not None and right is not None and abs(left - right) < 0.0021
    else:
        equal = left == right
    if not equal:
        raise SystemExit(f"{what}: {left!r} is not {right!r}")


def leaves(lists):
    for one in lists:
        if one["kind"] == "folder":
            yield from leaves(one["lists"])
        else:
            yield one


def rekordbox():
    from pyrekordbox.rbxml import RekordboxXml

    xml = RekordboxXml(folder / "library.xml")
    same("rekordbox, tracks", xml.num_tracks, len(tracks))
    for track in xml.get_tracks():
        own = tracks[track.TrackID]
        same("Name", track.Name, own["title"] or "")
        same("Artist", track.Artist, own["artist"] or "")
        same("Location", "/" + track.Location.lstrip("/"), own["path"])
        same("Rating", track.Rating, own["rating"])
        same("TotalTime", track.TotalTime, round(own["durationSeconds"]))
        same("tempos", [(t.Inizio, t.Bpm, t.Battito) for t in track.tempos],
             [(round(g["seconds"], 3), round(g["bpm"], 2), g["beat"]) for g in own["grid"]])
        same("marks", len(track.marks), len(own["cues"]))
        for mark, cue in zip(track.marks, own["cues"]):
            same("Start", mark.Start, round(cue["seconds"], 3))
            same("Type", mark.Type, "loop" if cue["kind"] == "loop" else "cue")
            same("Num", mark.Num, -1 if cue["hotCue"] is None else cue["hotCue"])
            same("mark's name", mark.Name, cue["name"])
    def walk(lists, names):
        for one in lists:
            node = xml.get_playlist(*names, one["name"])
            same("folder", node.is_folder, one["kind"] == "folder")
            if one["kind"] == "folder":
                walk(one["lists"], [*names, one["name"]])
            else:
                same("rows", node.get_tracks(), one["trackIds"])
    walk(document["lists"], [])


def traktor():
    from traktor_nml_utils import TraktorCollection

    nml = TraktorCollection(path=folder / "library.nml").nml
    same("Traktor, tracks", len(nml.collection.entry), len(tracks))
    for entry, own in zip(nml.collection.entry, document["tracks"]):
        same("TITLE", entry.title, own["title"] or Path(own["path"]).name)
        same("ARTIST", entry.artist or None, own["artist"])
        path = "/".join(entry.location.dir.split("/:")) + entry.location.file
        same("LOCATION", path, own["path"])
        same("RANKING", entry.info.ranking, own["rating"] * 51)
        grid = [cue for cue in entry.cue_v2 if cue.type == 4]
        cues = [cue for cue in entry.cue_v2 if cue.type != 4]
        same("grid", len(grid), len(own["grid"]))
        for marker, beat in zip(grid, own["grid"]):
            same("grid, START", float(marker.start) / 1000, float(beat["seconds"]))
        same("cues", len(cues), len(own["cues"]))
        for read, cue in zip(cues, own["cues"]):
            same("START", float(read.start) / 1000, float(cue["seconds"]))
            same("HOTCUE", int(read.hotcue), -1 if cue["hotCue"] is None else cue["hotCue"])
            if cue["kind"] == "loop":
                same("LEN", float(read.len) / 1000, float(cue["endSeconds"] - cue["seconds"]))
    found = {}
    def walk(node):
        if node.subnodes is not None:
            for inner in node.subnodes.node:
                walk(inner)
        if node.playlist is not None:
            found[node.name] = ["/" + "/".join(e.primarykey.key.split("/:")[1:]) for e in node.playlist.entry]
    walk(nml.playlists.node)
    same("Traktor, lists", found, {one["name"]: [tracks[i]["path"] for i in one["trackIds"]]
                                   for one in leaves(document["lists"])})


def serato():
    from serato_tools.crate import Crate

    crates = sorted((folder / "crates").glob("*.crate"))
    lists = list(leaves(document["lists"]))
    same("Serato, crates", len(crates), len(lists))
    for one in lists:
        file = next(path for path in crates if path.stem.split("%%")[-1] == one["name"].replace("<", "_").replace(">", "_"))
        same("ptrk", Crate(str(file)).tracks(), [tracks[i]["path"].lstrip("/") for i in one["trackIds"]])


for check in (rekordbox, traktor, serato):
    before = checked
    check()
    print(f"{check.__name__}: {checked - before} values are the same")
