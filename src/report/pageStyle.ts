/**
 * The colours of every page. `level0` to `level4`: the ground of a mark for the five levels, with `levelText` on it. The test of the palette computes that each text has
 * a contrast of at least 4.5 to 1 on each ground it stands on (WCAG 2.2, 1.4.3).
 */
export const PALETTE = {
  light: {
    ground: '#ffffff',
    raised: '#f5f7f9',
    line: '#d5dbe1',
    text: '#1b2127',
    quiet: '#56616c',
    link: '#0a57b5',
    good: '#116329',
    warning: '#7a4a00',
    bad: '#a40e26',
    added: '#dcf8e2',
    removed: '#ffe9e7',
    levelText: '#16202a',
    level0: '#e4e8ec',
    level1: '#d9e8fb',
    level2: '#b4d3f8',
    level3: '#a5dcd3',
    level4: '#8fdca4',
  },
  dark: {
    ground: '#0f141a',
    raised: '#171e26',
    line: '#39434e',
    text: '#e7edf3',
    quiet: '#a3aeb9',
    link: '#82bbff',
    good: '#5bd36f',
    warning: '#e6b450',
    bad: '#ff928a',
    added: '#123420',
    removed: '#48191c',
    levelText: '#f2f6fa',
    level0: '#39434e',
    level1: '#23405f',
    level2: '#1c5691',
    level3: '#13625a',
    level4: '#1c6b35',
  },
} as const;

/** The style of every page: light and dark, from 360 pixels on, and for paper, which is light. It names no file: a page is whole by itself. */
export const STYLE = `:root {
  ${variables(PALETTE.light)}
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    ${variables(PALETTE.dark)}
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body {
  margin: 0 auto; padding: 1.25rem 1rem 4rem; max-width: 82rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; letter-spacing: -0.01em; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 0.25rem; }
p { margin: 0.5rem 0; }
a { color: var(--link); }
section { margin: 2.75rem 0 0; scroll-margin-top: 1rem; }
.lead, .quiet, .empty, figcaption, caption { color: var(--quiet); }
.lead { max-width: 60rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; margin: 0; }
.facts div { background: var(--raised); border: 1px solid var(--line); border-radius: 0.6rem; padding: 0.6rem 0.9rem; }
.facts dt { color: var(--quiet); font-size: 0.85rem; }
.facts dd { margin: 0; font-size: 1.15rem; font-weight: 600; }
nav { margin: 1rem 0 0; border-bottom: 1px solid var(--line); padding-bottom: 0.5rem; font-size: 0.95rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
.scroll { overflow: auto; border: 1px solid var(--line); border-radius: 0.6rem; margin: 0.75rem 0; }
.tall { max-height: 40rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; border-radius: 0.2rem; }
table { border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.9rem; overflow-wrap: normal; }
caption, .scroll figcaption { text-align: left; padding: 0.6rem 0.9rem; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 0.9rem; border-top: 1px solid var(--line); }
th[scope='row'] { font-weight: 600; }
thead th { background: var(--raised); white-space: nowrap; font-weight: 600; color: var(--quiet); }
.tall thead th { position: sticky; top: 0; border-bottom: 1px solid var(--line); }
tbody tr:hover > * { background: var(--raised); }
.sentences { min-width: 16rem; }
.times { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { margin: 0; padding: 0.75rem 0.9rem; font: 0.85rem/1.5 ui-monospace, monospace; background: var(--raised); min-width: max-content; }
.diff { padding: 0.5rem 0; }
.diff > * { display: block; text-decoration: none; padding: 0 0.9rem; }
.diff ins { background: var(--added); }
.diff del { background: var(--removed); }
figure { margin: 1rem 0; }
figcaption { font-size: 0.9rem; }
details { margin: 0.5rem 0; border: 1px solid var(--line); border-radius: 0.6rem; padding: 0 0.9rem; }
details > :last-child:not(summary) { margin-bottom: 0.9rem; }
summary { cursor: pointer; padding: 0.5rem 0; }
details[open] > summary { border-bottom: 1px solid var(--line); margin-bottom: 0.5rem; }
ul { padding-left: 1.25rem; margin: 0.5rem 0; }
.good { color: var(--good); }
.warning { color: var(--warning); }
.bad { color: var(--bad); }
.level {
  display: inline-block; border-radius: 1rem; padding: 0.05rem 0.6rem; font-size: 0.85rem; line-height: 1.4;
  white-space: nowrap; font-weight: 500;
}
${levels((level) => `.level-${level} { background: var(--level${level}); color: var(--levelText); }`)}
.legend { display: flex; flex-wrap: wrap; gap: 0.35rem; padding: 0; margin: 0.5rem 0; list-style: none; }
.bars { padding: 0; margin: 0 0 1.25rem; list-style: none; }
.bars li { margin: 0.75rem 0; }
.bars p { margin: 0 0 0.25rem; }
.bar { display: flex; gap: 2px; height: 1.75rem; border-radius: 0.4rem; overflow: hidden; }
.bar span { flex: 1 1 0; min-width: 4px; text-align: center; font-size: 0.85rem; line-height: 1.75rem; overflow: hidden; }
.level, .bar span, .diff ins, .diff del { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
svg { display: block; margin: 0.9rem; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
svg text.quiet { fill: var(--quiet); }
svg text.head { font-weight: 600; font-size: 13px; }
svg rect { fill: var(--raised); stroke: var(--line); }
svg path { fill: none; stroke: var(--quiet); stroke-width: 1.25; }
svg path.dashed { stroke-dasharray: 5 4; }
${levels((level) => `svg rect.level-${level} { fill: var(--level${level}); stroke: none; }\nsvg text.level-${level} { fill: var(--levelText); }`)}
@media (max-width: 40rem) {
  h1 { font-size: 1.25rem; }
  .facts { grid-template-columns: 1fr 1fr; gap: 0.5rem; }
  .facts div { padding: 0.5rem 0.65rem; }
  .facts dd { font-size: 1rem; }
  th, td { padding: 0.4rem 0.6rem; min-width: 6.5rem; }
  .number { min-width: 4rem; }
  .sentences { min-width: 14rem; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  section { margin-top: 1.5rem; }
  .scroll { overflow: visible; border: 0; }
  .tall { max-height: none; }
  .sentences { min-width: 0; }
  .times { white-space: normal; }
  table { font-size: 8pt; overflow-wrap: anywhere; }
  thead { display: table-header-group; }
  .tall thead th { position: static; }
  th, td { padding: 0.2rem 0.4rem; }
  pre { font-size: 8pt; white-space: pre-wrap; min-width: 0; }
  svg { max-width: 100%; height: auto; margin: 0; }
  details { border: 0; padding: 0; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  tr, figure { break-inside: avoid; }
  h2, summary, caption, figcaption { break-after: avoid; }
}
`;

function variables(palette: Readonly<Record<string, string>>): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');
}

function levels(rule: (level: number) => string): string {
  return [0, 1, 2, 3, 4].map(rule).join('\n');
}
