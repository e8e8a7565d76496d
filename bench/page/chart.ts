// How a chart of growth is drawn: both axes by powers of ten, a line for each series with its name at its end. Plain SVG, legible on a
// light and on a dark page, because it brings its own ground and follows what the reader's system prefers.

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly size: number; readonly value: number }[];
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
}

const width = 720;
const height = 340;
const frame = { left: 74, right: 190, top: 44, bottom: 44 } as const;
const colours = ['ours', 'first', 'second', 'third'] as const;

const style = `
    svg { --ground: #ffffff; --ink: #1f2328; --faint: #d1d9e0; --ours: #0b5fff; --first: #b35900; --second: #7b2fa8; --third: #00705a; }
    @media (prefers-color-scheme: dark) {
      svg { --ground: #16181d; --ink: #e6e9ee; --faint: #3a4048; --ours: #6ea8ff; --first: #ffb066; --second: #d2a0ff; --third: #5fd6b4; }
    }
    text { font: 13px system-ui, sans-serif; fill: var(--ink); }
    .title { font-weight: 600; font-size: 14px; }
    .grid { stroke: var(--faint); stroke-width: 1; }
    .line { fill: none; stroke-width: 2.5; }`;

/** A figure of no more than some kilobytes; the numbers in it stand in a table beside it. */
export function chartSvg({ title, unit, series }: Chart): string {
  const values = series
    .flatMap(({ points }) => points.map(({ value }) => value))
    .filter((value) => value > 0);
  const x = scale(3, 6, frame.left, width - frame.right);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const y = scale(low, high, height - frame.bottom, frame.top);
  const parts = [
    `<rect width="${width}" height="${height}" fill="var(--ground)"/>`,
    `<text class="title" x="${frame.left}" y="24">${escaped(`${title} (${unit})`)}</text>`,
    ...powers(3, 6).flatMap((size) => upright(x(size), size)),
    ...powers(low, high).flatMap((value) => level(y(value), value)),
    ...spread(series, y).map(({ one, index, labelY }) =>
      drawn(one, { x, y, colour: colours[index] ?? 'ours', labelY }),
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
  <style>${style}
  </style>
  ${parts.join('\n  ')}
</svg>
`;
}

type Scale = (value: number) => number;

function scale(fromPower: number, toPower: number, from: number, to: number): Scale {
  return (value) => from + ((Math.log10(value) - fromPower) / (toPower - fromPower)) * (to - from);
}

function powers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index));
}

function upright(at: number, size: number): readonly string[] {
  const bottom = height - frame.bottom;
  return [
    `<line class="grid" x1="${short(at)}" y1="${frame.top}" x2="${short(at)}" y2="${bottom}"/>`,
    `<text x="${short(at)}" y="${bottom + 20}" text-anchor="middle">${size.toLocaleString('en-US')}</text>`,
  ];
}

function level(at: number, value: number): readonly string[] {
  return [
    `<line class="grid" x1="${frame.left}" y1="${short(at)}" x2="${width - frame.right}" y2="${short(at)}"/>`,
    `<text x="${frame.left - 8}" y="${short(at + 4)}" text-anchor="end">${value.toLocaleString('en-US')}</text>`,
  ];
}

interface Labelled {
  readonly one: Series;
  readonly index: number;
  readonly labelY: number;
}

/** Names stand to the right, as high as their lines end, and are moved apart where these meet. */
function spread(series: readonly Series[], y: Scale): readonly Labelled[] {
  const gap = 17;
  const placed: Labelled[] = [];
  const wanted = series
    .map((one, index) => ({ one, index, labelY: y(one.points.at(-1)?.value ?? 1) + 4 }))
    .sort((left, right) => left.labelY - right.labelY);
  for (const each of wanted) {
    const above = placed.at(-1);
    placed.push(above === undefined ? each : { ...each, labelY: Math.max(each.labelY, above.labelY + gap) });
  }
  return placed;
}

function drawn(
  { name, points }: Series,
  {
    x,
    y,
    colour,
    labelY,
  }: { readonly x: Scale; readonly y: Scale; readonly colour: string; readonly labelY: number },
): string {
  const last = points.at(-1);
  if (last === undefined) return '';
  const places = points.map(({ size, value }) => `${short(x(size))},${short(y(value))}`);
  const dots = places.map((place) => {
    const [cx = '', cy = ''] = place.split(',');
    return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="var(--${colour})"/>`;
  });
  const labelX = width - frame.right + 12;
  const label = `<text x="${labelX}" y="${short(labelY)}" style="fill: var(--${colour})">${escaped(name)}</text>`;
  return `<polyline class="line" stroke="var(--${colour})" points="${places.join(' ')}"/>${dots.join('')}${label}`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
