/** Numbers, times and dates for people, by Intl in the language of the system. */

const whole = new Intl.NumberFormat();
const oneDecimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const exactlyOne = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(undefined, { signDisplay: 'exceptZero', maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const twoDigits = new Intl.NumberFormat(undefined, { minimumIntegerDigits: 2, useGrouping: false });

export function formatCount(value: number): string {
  return whole.format(value);
}

export function formatDecimal(value: number): string {
  return oneDecimal.format(value);
}

/** A cosine similarity, two digits behind the point. */
export function formatScore(value: number): string {
  return twoDecimals.format(value);
}

/** Beats a minute in a list, and LUFS: one digit behind the point, always: 128.0, -8.3. */
export function formatTenths(value: number): string {
  return exactlyOne.format(value);
}

/** A step up or down: +1, -2.5, 0. */
export function formatSigned(value: number): string {
  return signed.format(value);
}

/** Two digits behind the point, always: 127.98. */
export function formatHundredths(value: number): string {
  return twoDecimals.format(value);
}

/** 0..1 as whole per cent. */
export function formatPercent(value: number): string {
  return percent.format(value);
}

/** A change of a confidence, in points of per cent. */
export function formatPoints(value: number): string {
  return `${oneDecimal.format(value * 100)} %`;
}

/** Seconds as on a player: 3:07, 1:02:09. Fractions are dropped, so that 3:59.9 is not shown as 4:00. */
export function formatClock(seconds: number): string {
  const total = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const rest = twoDigits.format(total % 60);
  return hours > 0 ? `${hours}:${twoDigits.format(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** Bytes in the units file managers show (powers of 1000). */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: unit < 2 ? 0 : 1,
  }).format(value);
}

export function formatKilohertz(hertz: number): string {
  return `${oneDecimal.format(hertz / 1000)} kHz`;
}

/** A frequency: 250 Hz, 4 kHz. */
export function formatHertz(hertz: number): string {
  return hertz < 1000 ? `${whole.format(Math.round(hertz))} Hz` : formatKilohertz(hertz);
}

/** Milliseconds since 1970 as a day. */
export function formatDay(time: number): string {
  return day.format(time);
}

/** Milliseconds since 1970 as a day with hours and minutes. */
export function formatMoment(time: number): string {
  return moment.format(time);
}

function unit(value: number, name: string): string {
  return new Intl.NumberFormat(undefined, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
}

/** A long time in its two largest units: "3 days 4 hours", "12 minutes", "40 seconds". */
export function formatSpan(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return unit(total, 'second');
  const minutes = Math.round(total / 60);
  if (minutes < 60) return unit(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  const parts =
    hours < 24
      ? [hours > 0 ? unit(hours, 'hour') : '', minutes % 60 > 0 ? unit(minutes % 60, 'minute') : '']
      : [unit(Math.floor(hours / 24), 'day'), hours % 24 > 0 ? unit(hours % 24, 'hour') : ''];
  return parts.filter((part) => part !== '').join(' ');
}
