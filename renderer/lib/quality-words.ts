/** What was measured of a recording's loudness and quality, in plain words. */
import type { TrackSound } from '#shared/domain.ts';
import { formatKilohertz, formatPercent, formatTenths } from './format.ts';
import { djText } from './text/dj.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
}

const words = djText.sound;

/** Below these, nobody hears it or it belongs to the music. */
const NOTICED = { clippedShare: 0.0001, dcOffset: 0.005, silenceSeconds: 2, truePeakDb: 0.5 };

export function loudnessFacts({ loudness, character }: TrackSound): readonly Fact[] {
  const { integratedLufs, rangeLu, truePeakDb } = loudness;
  return [
    ...(integratedLufs === null
      ? []
      : [{ name: words.loudness, value: djText.lufs(formatTenths(integratedLufs)) }]),
    ...(rangeLu === null ? [] : [{ name: words.range, value: words.rangeValue(formatTenths(rangeLu)) }]),
    ...(truePeakDb === null
      ? []
      : [{ name: words.truePeak, value: words.peakValue(formatTenths(truePeakDb)) }]),
    ...(character === null
      ? []
      : (['danceability', 'brightness', 'percussiveness'] as const).map((name) => ({
          name: words[name],
          value: formatPercent(character[name]),
        }))),
  ];
}

/** Sentences; one that says so where nothing is wrong. `problem`: something a DJ would want to know before playing it. */
export function qualityWords({ loudness, quality }: TrackSound): readonly {
  readonly text: string;
  readonly problem: boolean;
}[] {
  const { clippedShare, cutoffHz, dcOffset, leadingSilenceSeconds, likelyTranscode, trailingSilenceSeconds } =
    quality;
  const { truePeakDb } = loudness;
  const found: { text: string; problem: boolean }[] = [];
  const say = (text: string, problem: boolean): void => void found.push({ text, problem });
  if (cutoffHz !== null && likelyTranscode) say(words.transcode(formatKilohertz(cutoffHz)), true);
  else if (cutoffHz !== null) say(words.cutoff(formatKilohertz(cutoffHz)), false);
  if (clippedShare >= NOTICED.clippedShare) say(words.clipped(smallPercent(clippedShare)), true);
  else if (truePeakDb !== null && truePeakDb > NOTICED.truePeakDb)
    say(words.overs(formatTenths(truePeakDb)), false);
  if (Math.abs(dcOffset) >= NOTICED.dcOffset) say(words.offset(smallPercent(Math.abs(dcOffset))), true);
  if (leadingSilenceSeconds >= NOTICED.silenceSeconds)
    say(words.silenceBefore(formatTenths(leadingSilenceSeconds)), false);
  if (trailingSilenceSeconds >= NOTICED.silenceSeconds)
    say(words.silenceAfter(formatTenths(trailingSilenceSeconds)), false);
  return found.length === 0 ? [{ text: words.good, problem: false }] : found;
}

const small = new Intl.NumberFormat(undefined, { style: 'percent', maximumSignificantDigits: 2 });
function smallPercent(share: number): string {
  return small.format(share);
}
