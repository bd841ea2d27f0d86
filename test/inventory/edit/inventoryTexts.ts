import fc from 'fast-check';

/** Waves and environments of the texts. */
export const WAVES = ['pilot', 'web', 'core'] as const;
export const ENVIRONMENTS = ['dev', 'prod', '7'] as const;

const stage = fc.constantFrom('irsa', 'prepared', 'dual', 'cutover', 'pod-identity');
const comment = fc.constantFrom('', '', '', ' # moved by Jo', '   # “ünïcödé” 🚀 { not: a map }, [x', ' #');
const blank = fc.constantFrom(' ', '  ', '\t ');
const quotes = fc.constantFrom('', '', '"', "'");
const since = fc.constantFrom('2026-01-01T00:00:00Z', '2025-12-31T23:59+01:00', '2026-02-03T04:05:06.789Z');
const reason = fc.constantFrom('late', '"late, and: #dark {"', "'it''s late'", '"näch\\nste"');

/** `stage`, `since` and `because` in some order, as text of pairs. */
const fields = fc
  .record({ stage, quotes, since: fc.option(since), reason: fc.option(reason), shift: fc.nat(2) })
  .map(({ stage: word, quotes: quote, since: time, reason: why, shift }) => {
    const pairs = [
      `stage: ${quote}${word}${quote}`,
      ...(time === null ? [] : [`since: ${quote}${time}${quote}`]),
      ...(why === null ? [] : [`because: ${why}`]),
    ];
    return [...pairs.slice(shift % pairs.length), ...pairs.slice(0, shift % pairs.length)];
  });

/** A value between braces on one line. */
const flowStage = fc.oneof(
  fc.tuple(stage, quotes).map(([word, quote]) => `${quote}${word}${quote}`),
  fc
    .tuple(fields, blank, fc.boolean())
    .map(([pairs, space, comma]) => `{${space}${pairs.join(`,${space}`)}${comma ? ' ,' : ''}${space}}`),
  fc.constantFrom('*now', '{ stage: *now }'),
);

/** Lines of a value below its key, which is indented by so many blanks. */
function blockStage(indent: number): fc.Arbitrary<string> {
  const pad = ' '.repeat(indent + 3);
  return fc
    .tuple(fields, fc.array(comment, { minLength: 4, maxLength: 4 }), fc.boolean())
    .map(([pairs, comments, folded]) =>
      [
        comments[3],
        ...pairs.map((pair, index) =>
          folded && pair.startsWith('because')
            ? `${pad}because: >-\n${pad}  it was late\n${pad}  # no comment`
            : `${pad}${pair}${comments[index] ?? ''}`,
        ),
      ].join('\n'),
    );
}

const key = (name: string): string => (/^\d/.test(name) ? `"${name}"` : name);
const named = fc.subarray([...ENVIRONMENTS]);

const blockStages = named.chain((names) =>
  fc
    .tuple(
      ...names.map((name) =>
        fc.oneof(
          fc.tuple(flowStage, comment).map(([value, note]) => `      ${key(name)}: ${value}${note}`),
          blockStage(6).map((value) => `      ${key(name)}:${value}`),
        ),
      ),
    )
    .map((lines) => (lines.length === 0 ? '    stages: {}' : `    stages:\n${lines.join('\n')}`)),
);

const flowStages = fc
  .tuple(named, fc.array(flowStage, { minLength: 3, maxLength: 3 }), blank)
  .map(([names, values, space]) => {
    const pairs = names.map((name, index) => `${key(name)}: ${values[index]}`);
    return `    stages: {${space}${pairs.join(`,${space}`)}${pairs.length === 0 ? '' : space}}`;
  });

const spreadStages = fc
  .tuple(
    named,
    fc.array(flowStage, { minLength: 3, maxLength: 3 }),
    fc.array(comment, { minLength: 3, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([names, values, notes, comma]) => {
    const pairs = names.map(
      (name, index) =>
        `      ${key(name)}: ${values[index]}${comma || index < names.length - 1 ? ',' : ''}${notes[index]}`,
    );
    return `    stages: {\n${pairs.join('\n')}\n      # no more\n    }`;
  });

const wave = fc.oneof(
  fc.constant(' {}'),
  fc
    .tuple(
      fc.oneof(blockStages, flowStages, spreadStages, fc.constant('    description: "ohne Stufen"')),
      comment,
      comment,
      fc.boolean(),
    )
    .map(([stages, note, last, first]) =>
      first ? `${note}\n${stages}\n    soak: 7d${last}` : `${note}\n    soak: 7d${last}\n\n${stages}`,
    ),
);

/** Texts of inventories, sound as far as waves go, in all the styles that people mix. The anchor `now` stands before all its aliases. */
export const inventoryTexts: fc.Arbitrary<string> = fc
  .record({
    waves: fc.tuple(wave, wave, wave),
    top: comment,
    mark: fc.boolean(),
    windows: fc.boolean(),
    end: fc.constantFrom('', '\n', '\n\n# Ende …\n', '\nworkloads:\n  api: { wave: pilot } # 🚀\n'),
  })
  .map(({ waves, top, mark, windows, end }) => {
    const entries = WAVES.map((name, index) => `  ${name}:${waves[index] ?? ''}`).join('\n\n  # ---\n');
    const text = `version: 1${top}\nenvironments: { x: { values: { now: &now dual, "a: b": '#' } } }\n\nwaves:\n${entries}${end}`;
    return (mark ? '\uFEFF' : '') + (windows ? text.replaceAll('\n', '\r\n') : text);
  });
