/** Learning curves as a picture: one line a loss, training thin, held out thick. */

export interface EpochFigures {
  readonly epoch: number;
  readonly train: Readonly<Record<string, number>>;
  readonly validation: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly mixes: number;
}

const panel = { width: 260, height: 150, margin: 34 };

/** An SVG with a panel a loss. */
export function drawCurves(curves: readonly EpochFigures[]): string {
  const names = Object.keys(curves[0]?.train ?? {});
  const columns = 3;
  const panels = names.map((name, index) => {
    const x = (index % columns) * panel.width;
    const y = Math.floor(index / columns) * panel.height;
    return `<g transform="translate(${x} ${y})">${drawPanel(name, curves)}</g>`;
  });
  const height = Math.ceil(names.length / columns) * panel.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * panel.width} ${height}" font-family="sans-serif" font-size="10"><rect width="100%" height="100%" fill="#fff"/>${panels.join('')}</svg>\n`;
}

function drawPanel(name: string, curves: readonly EpochFigures[]): string {
  const { width, height, margin } = panel;
  const lines = [
    curves.map(({ train }) => train[name] ?? 0),
    curves.map(({ validation }) => validation[name] ?? 0),
  ];
  const all = lines.flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const across = (index: number) => margin + (index / Math.max(curves.length - 1, 1)) * (width - margin - 10);
  const up = (value: number) => height - 22 - ((value - low) / Math.max(high - low, 1e-9)) * (height - 50);
  const paths = lines.map((values, which) => {
    const points = values
      .map((value, index) => `${across(index).toFixed(1)},${up(value).toFixed(1)}`)
      .join(' ');
    return `<polyline fill="none" stroke="${which === 0 ? '#999' : '#0a58ca'}" stroke-width="${which === 0 ? 1 : 2}" points="${points}"/>`;
  });
  return `<text x="${margin}" y="16" font-weight="bold">${name}</text><text x="2" y="${up(high) + 4}">${high.toFixed(2)}</text><text x="2" y="${up(low) + 4}">${low.toFixed(2)}</text><text x="${width - 40}" y="${height - 6}">${curves.length} epochs</text>${paths.join('')}`;
}
