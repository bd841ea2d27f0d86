import { PALETTE, STYLE } from '../../src/report/pageStyle';

/** The relative luminance of a colour. Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

const TEXTS = ['text', 'quiet', 'link', 'good', 'warning', 'bad'] as const;
const LEVELS = ['level0', 'level1', 'level2', 'level3', 'level4'] as const;

describe.each(['light', 'dark'] as const)('the %s colours', (scheme) => {
  const palette = PALETTE[scheme];

  it.each([
    ...TEXTS.flatMap((text) => [[text, 'ground'] as const, [text, 'raised'] as const]),
    ['text', 'added'] as const,
    ['text', 'removed'] as const,
    ...LEVELS.map((ground) => ['levelText', ground] as const),
  ])('make %s readable on %s', (text, ground) => {
    expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5);
  });

  it('tell the levels beside each other apart, and all of them from the page', () => {
    const all = LEVELS.map((level) => palette[level]);
    expect(new Set([...all, palette.ground, palette.raised]).size).toBe(LEVELS.length + 2);
  });

  it('are the colours of the page', () => {
    for (const colour of Object.values(palette)) expect(STYLE).toContain(colour);
  });
});

it('has no other colour in the style than those of the palettes', () => {
  const known = new Set<string>([...Object.values(PALETTE.light), ...Object.values(PALETTE.dark)]);
  expect([...STYLE.matchAll(/#[0-9a-f]{3,8}\b/gi)].map(([colour]) => colour).filter((one) => !known.has(one))).toEqual(
    [],
  );
});

it('keeps paper light: the dark colours are for screens', () => {
  expect([...STYLE.matchAll(/@media[^{]*prefers-color-scheme[^{]*/g)].map(([query]) => query.trim())).toEqual([
    '@media screen and (prefers-color-scheme: dark)',
  ]);
});
