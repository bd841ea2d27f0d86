/** The style of every page: light and dark, from 360 pixels on, and for paper, which is light. Contrast: at least 4.5 to 1 (WCAG 2.2, 1.4.3). */
export const STYLE = `:root {
  --ground: #ffffff; --raised: #f4f6f8; --line: #c9d1d9; --text: #1b1f24; --quiet: #57606a; --link: #0550ae;
  --good: #116329; --warning: #7d4e00; --bad: #a40e26; --added: #dafbe1; --removed: #ffebe9;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --raised: #161b22; --line: #3d444d; --text: #e6edf3; --quiet: #9da7b3; --link: #79b8ff;
    --good: #56d364; --warning: #e3b341; --bad: #ff8f88; --added: #12351f; --removed: #4a1c1f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 90rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0.5rem 0 1rem; }
h2 { font-size: 1.25rem; margin: 0 0 0.5rem; }
a { color: var(--link); }
section { margin: 2rem 0; }
.lead, .quiet, .empty, figcaption, caption { color: var(--quiet); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.75rem; margin: 0; }
.facts div { background: var(--raised); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.5rem 0.75rem; }
.facts dt { color: var(--quiet); font-size: 0.85rem; }
.facts dd { margin: 0; font-size: 1.15rem; font-weight: 600; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 0.5rem; margin: 0.5rem 0; }
.scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; overflow-wrap: normal; }
caption { text-align: left; padding: 0.5rem 0.75rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem; border-top: 1px solid var(--line); }
th[scope='row'] { font-weight: 600; }
thead th { background: var(--raised); white-space: nowrap; }
td { min-width: 6rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { margin: 0; padding: 0.75rem; font: 0.85rem/1.45 ui-monospace, monospace; }
.diff > * { display: block; text-decoration: none; min-width: max-content; }
.diff ins { background: var(--added); }
.diff del { background: var(--removed); }
figure { margin: 1rem 0; }
summary { cursor: pointer; padding: 0.25rem 0; }
.good { color: var(--good); }
.warning { color: var(--warning); }
.bad { color: var(--bad); }
svg { display: block; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
svg text.quiet { fill: var(--quiet); }
svg text.head { font-weight: 600; }
svg rect { fill: var(--raised); stroke: var(--line); }
svg rect.good { stroke: var(--good); }
svg rect.warning { stroke: var(--warning); }
svg rect.bad { stroke: var(--bad); }
svg path { fill: none; stroke: var(--quiet); stroke-width: 1.2; opacity: 0.7; }
svg path.good { stroke: var(--good); }
svg path.warning { stroke: var(--warning); }
svg path.bad { stroke: var(--bad); }
@media print {
  body { max-width: none; font-size: 10pt; }
  nav { display: none; }
  .scroll { overflow: visible; }
  svg { max-width: 100%; height: auto; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  table { page-break-inside: auto; }
  tr, figure { page-break-inside: avoid; }
}
`;
