/** Confusion matrices as a picture: one panel a matrix, rows are what a clip is, columns what it was called. */

export interface ConfusionPanel {
  readonly title: string;
  readonly confusion: readonly (readonly number[])[];
}

const cell = 22;
const label = 62;
const head = 26;
const gap = 18;
/** Dark enough for white figures. */
const whiteFrom = 0.55;

/** An SVG with the panels in rows of `columns`. Colour is the share of the row, figures are clips. */
export function drawConfusions(
  panels: readonly ConfusionPanel[],
  genres: readonly string[],
  columns = 2,
): string {
  const width = label + genres.length * cell + gap;
  const height = head + genres.length * cell + label + gap;
  const drawn = panels.map((panel, index) => {
    const [x, y] = [(index % columns) * width, Math.floor(index / columns) * height];
    return `<g transform="translate(${x} ${y})">${drawPanel(panel, genres)}</g>`;
  });
  const total = [width * Math.min(columns, panels.length), height * Math.ceil(panels.length / columns)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total[0]} ${total[1]}" width="${total[0]}" height="${total[1]}" font-family="sans-serif" font-size="10" role="img">`,
    '<title>Confusion matrices: rows are the true genres, columns the predicted ones</title>',
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ title, confusion }: ConfusionPanel, genres: readonly string[]): string {
  const parts = [
    `<text x="${label}" y="16" font-size="12" font-weight="bold" fill="#1a1a1a">${escaped(title)}</text>`,
  ];
  genres.forEach((genre, row) => {
    const y = head + row * cell;
    const clips = (confusion[row] ?? []).reduce((sum, value) => sum + value, 0);
    parts.push(
      `<text x="${label - 5}" y="${y + 15}" text-anchor="end" fill="#1a1a1a">${escaped(genre)}</text>`,
      `<text transform="translate(${label + row * cell + 14} ${head + genres.length * cell + 5}) rotate(-90)" text-anchor="end" fill="#1a1a1a">${escaped(genre)}</text>`,
    );
    genres.forEach((_, column) => {
      const count = confusion[row]?.[column] ?? 0;
      const share = clips > 0 ? count / clips : 0;
      const x = label + column * cell;
      parts.push(
        `<rect x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}" fill="${colourOf(share)}"/>`,
      );
      if (count > 0)
        parts.push(
          `<text x="${x + (cell - 1) / 2}" y="${y + 15}" text-anchor="middle" fill="${share >= whiteFrom ? '#ffffff' : '#1a1a1a'}">${count}</text>`,
        );
    });
  });
  return parts.join('');
}

/** From nearly white to deep blue. */
function colourOf(share: number): string {
  const mix = (from: number, to: number) => Math.round(from + (to - from) * share);
  return `rgb(${mix(240, 20)} ${mix(242, 60)} ${mix(245, 130)})`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
